// Meter: what a question has spent of its Budget. Any thread; the budget outlives it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "base/result.h"
#include "query/scan.h"

namespace daybook {

class Meter {
 public:
  explicit Meter(const Budget& budget) : budget_(budget) {}

  // Another row was looked at. kTooLarge past the rows or, every so often, kTooSlow past the time
  // or when the question was cancelled.
  Result<void> row();
  // The same for many at once.
  Result<void> look_at(std::uint64_t rows);
  // Another so many bytes are held for the answer. kTooLarge past the memory.
  Result<void> hold(std::uint64_t bytes);

  // So many of them no more.
  void release(std::uint64_t bytes) { bytes_.fetch_sub(bytes, std::memory_order_relaxed); }

  std::uint64_t rows() const { return rows_.load(std::memory_order_relaxed); }
  std::uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  Result<void> check(std::uint64_t rows) const;
  Result<void> check_time() const;

  const Budget& budget_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::atomic<std::uint64_t> rows_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
};

}  // namespace daybook
