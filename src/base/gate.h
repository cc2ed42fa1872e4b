// Gate: lets callers in while the sum of their weights is within a bound; who is heavier than the
// bound goes in alone. Others wait. Any thread.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <utility>

namespace daybook {

class Gate {
 public:
  explicit Gate(std::size_t bound) : bound_(bound) {}

  // Inside until it ends. Who has one must not wait for another one of the same gate.
  class Pass {
   public:
    Pass() = default;
    Pass(Pass&& other) noexcept
        : gate_(std::exchange(other.gate_, nullptr)), weight_(other.weight_) {}
    Pass& operator=(Pass&& other) noexcept {
      std::swap(gate_, other.gate_);
      std::swap(weight_, other.weight_);
      return *this;
    }
    ~Pass() {
      if (gate_ != nullptr) gate_->leave(weight_);
    }

   private:
    friend class Gate;
    Pass(Gate& gate, std::size_t weight) : gate_(&gate), weight_(weight) {}
    Gate* gate_ = nullptr;
    std::size_t weight_ = 0;
  };

  Pass enter(std::size_t weight) {
    const std::size_t bounded = std::min(weight, bound_);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return inside_ + bounded <= bound_; });
    inside_ += bounded;
    return Pass(*this, bounded);
  }

 private:
  void leave(std::size_t weight) {
    const std::lock_guard lock(mutex_);
    inside_ -= weight;
    changed_.notify_all();
  }

  const std::size_t bound_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t inside_ = 0;  // guarded by mutex_
};

}  // namespace daybook
