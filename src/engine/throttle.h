// Throttle: how often something may be tried, by a name: a bucket of tries that fills up again with
// time. Names that have not tried for long are forgotten. Any thread.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/time.h"

namespace daybook {

class Throttle {
 public:
  struct Rate {
    int burst = 1;   // tries at once
    Duration every;  // after which one more is there
  };
  explicit Throttle(Rate rate) : rate_(rate) {}

  // How long to wait before the next try; nothing when one is there.
  std::optional<Duration> wait(const std::string& name, Instant now) const;
  // Takes a try, also one that is not there: then the next comes later.
  void take(const std::string& name, Instant now);
  // Gives one back.
  void give_back(const std::string& name);
  // Gives all of them back.
  void clear(const std::string& name);

  // The buckets that are not full, and when each will be; and back.
  std::unordered_map<std::string, Instant> missing(Instant now) const;
  void restore(const std::string& name, Instant full_at);

 private:
  Duration full() const { return rate_.every * rate_.burst; }
  void drop_idle(Instant now);

  const Rate rate_;
  mutable std::mutex mutex_;  // guards all below
  // When the bucket will be full again; absent: it is.
  std::unordered_map<std::string, Instant> full_at_;
  std::size_t drop_beyond_ = 4096;
};

}  // namespace daybook
