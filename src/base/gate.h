// Gate: lets callers in while the sum of their weights is within a bound; who is heavier than the
// bound goes in alone. Others wait. Any thread.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <limits>
#include <mutex>
#include <optional>
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

  Pass enter(std::size_t weight) { return *enter(weight, std::numeric_limits<std::size_t>::max()); }
  // The same for who rather goes away than waits behind so many others: then nothing.
  std::optional<Pass> enter(std::size_t weight, std::size_t most_waiting) {
    const std::size_t bounded = std::min(weight, bound_);
    std::unique_lock lock(mutex_);
    const auto has_room = [&] { return inside_ + bounded <= bound_; };
    if (!has_room() && waiting_ >= most_waiting) return std::nullopt;
    ++waiting_;
    changed_.wait(lock, has_room);
    --waiting_;
    inside_ += bounded;
    return Pass(*this, bounded);
  }

  // How many wait just now.
  std::size_t waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_;
  }

 private:
  void leave(std::size_t weight) {
    const std::lock_guard lock(mutex_);
    inside_ -= weight;
    changed_.notify_all();
  }

  const std::size_t bound_;
  mutable std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::size_t inside_ = 0;
  std::size_t waiting_ = 0;
};

}  // namespace daybook
