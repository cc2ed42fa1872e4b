// Counter: one thing that is counted, as it is written down. A plain value.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/time.h"

namespace daybook {

struct Counter {
  Instant until;  // from then on it counts nothing any more
  std::map<std::string, std::int64_t> counts{};
  bool operator==(const Counter&) const = default;
};
using Counters = std::map<std::string, Counter>;  // by id

}  // namespace daybook
