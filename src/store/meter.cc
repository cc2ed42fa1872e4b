#include "store/meter.h"

namespace daybook {

namespace {

constexpr std::uint64_t kRowsBetweenLooks = 256;

}  // namespace

Result<void> Meter::row() {
  const std::uint64_t rows = rows_.fetch_add(1, std::memory_order_relaxed) + 1;
  if (rows % kRowsBetweenLooks != 1 && rows <= budget_.rows) return {};
  return check(rows);
}

Result<void> Meter::look_at(std::uint64_t rows) {
  return check(rows_.fetch_add(rows, std::memory_order_relaxed) + rows);
}

Result<void> Meter::check(std::uint64_t rows) const {
  if (rows > budget_.rows) {
    return Error(Code::kTooLarge, "the question looks at more than " +
                                      std::to_string(budget_.rows) +
                                      " rows; ask for a shorter window or a narrower filter");
  }
  return check_time();
}

Result<void> Meter::hold(std::uint64_t bytes) {
  const std::uint64_t held = bytes_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  if (held <= budget_.bytes) return {};
  return Error(Code::kTooLarge, "the answer needs more than " +
                                    std::to_string(budget_.bytes >> 20) +
                                    " MiB of memory; ask for fewer rows or groups");
}

Result<void> Meter::check_time() const {
  if (budget_.is_cancelled && budget_.is_cancelled()) {
    return Error(Code::kTooSlow, "the question was cancelled");
  }
  if (std::chrono::steady_clock::now() - start_ > budget_.time) {
    return Error(Code::kTooSlow,
                 "the question took longer than its limit of " + format_duration(budget_.time));
  }
  return {};
}

}  // namespace daybook
