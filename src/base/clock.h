// The time of day, given to whoever needs it, so that tests can set it.
#pragma once

#include <atomic>

#include "base/time.h"

namespace daybook {

class Clock {
 public:
  virtual ~Clock() = default;
  // May be called from any thread.
  virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant now() const override {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  }
};

// A clock that stands still until it is set.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start) : micros_(micros(start)) {}
  Instant now() const override { return from_micros(micros_.load()); }
  void set(Instant t) { micros_ = micros(t); }
  void advance(Duration d) { micros_ += d.count(); }

 private:
  std::atomic<std::int64_t> micros_;
};

}  // namespace daybook
