// How much memory the bodies of all requests of a server may take: what was received and is not
// used yet, and what handlers hold of it. Any thread; a BodyHold is for one at a time.
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace daybook::http {

class BodyBudget {
 public:
  explicit BodyBudget(std::size_t limit) : limit_(limit) {}

  bool is_spent() const { return used_.load(std::memory_order_relaxed) >= limit_; }
  void take(std::size_t bytes) { used_ += bytes; }
  void give_back(std::size_t bytes) { used_ -= bytes; }
  // False, and nothing is taken, when that would be more than the limit.
  bool take_if_free(std::size_t bytes) {
    if (used_.fetch_add(bytes) + bytes <= limit_) return true;
    used_ -= bytes;
    return false;
  }

 private:
  const std::size_t limit_;
  std::atomic<std::size_t> used_ = 0;
};

// What one body holds of a budget, given back when it ends.
class BodyHold {
 public:
  BodyHold() = default;  // of no budget: there is always room
  explicit BodyHold(BodyBudget& budget) : budget_(&budget) {}
  BodyHold(BodyHold&& other) noexcept
      : budget_(std::exchange(other.budget_, nullptr)), held_(std::exchange(other.held_, 0)) {}
  BodyHold& operator=(BodyHold&& other) noexcept {
    std::swap(budget_, other.budget_);
    std::swap(held_, other.held_);
    return *this;
  }
  ~BodyHold() {
    if (budget_ != nullptr) budget_->give_back(held_);
  }

  // Holds so many bytes from now on. False, and all stays as it was, when there is no room.
  bool resize(std::size_t bytes) {
    if (budget_ == nullptr) return true;
    if (bytes > held_ && !budget_->take_if_free(bytes - held_)) return false;
    if (bytes < held_) budget_->give_back(held_ - bytes);
    held_ = bytes;
    return true;
  }

 private:
  BodyBudget* budget_ = nullptr;
  std::size_t held_ = 0;
};

}  // namespace daybook::http
