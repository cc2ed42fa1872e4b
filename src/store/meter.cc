#include "store/meter.h"

namespace daybook {

namespace {

constexpr std::uint64_t kRowsBetweenLooks = 256;

}  // namespace

Result<void> Meter::row() {
  ++rows_;
  if (rows_ % kRowsBetweenLooks != 1 && rows_ <= budget_.rows) return {};
  return check();
}

Result<void> Meter::look_at(std::uint64_t rows) {
  rows_ += rows;
  return check();
}

Result<void> Meter::check() const {
  if (rows_ > budget_.rows) {
    return Error(Code::kTooLarge, "the question looks at more than " +
                                      std::to_string(budget_.rows) +
                                      " rows; ask for a shorter window or a narrower filter");
  }
  return check_time();
}

Result<void> Meter::hold(std::uint64_t bytes) {
  bytes_ += bytes;
  if (bytes_ <= budget_.bytes) return {};
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
