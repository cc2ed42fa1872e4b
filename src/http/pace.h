// Pace: how long a transfer may keep the server waiting for its peer. Pure; one thread.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/time.h"

namespace daybook::http {

// Each wait may last as long as `patience`, all waits together as long and a second more for every
// `least_rate` bytes moved: a byte now and then does not keep a transfer alive for ever. What the
// peer waits for the server does not count.
class Pace {
 public:
  Pace(Duration patience, std::uint64_t least_rate)
      : patience_(patience), least_rate_(std::max<std::uint64_t>(least_rate, 1)) {}

  // How long the next wait may be; not negative.
  Duration left() const {
    const Duration earned = std::chrono::microseconds(bytes_ * 1'000'000 / least_rate_);
    return std::clamp(patience_ + earned - waited_, Duration(0), patience_);
  }
  void note(Duration waited, std::uint64_t bytes) {
    waited_ += waited;
    bytes_ += bytes;
  }

 private:
  Duration patience_;
  std::uint64_t least_rate_;
  Duration waited_{};
  std::uint64_t bytes_ = 0;
};

}  // namespace daybook::http
