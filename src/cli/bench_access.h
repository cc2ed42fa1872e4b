// What it costs to know who asks, for `daybook bench`.
#pragma once

#include "base/result.h"
#include "cli/settings.h"

namespace daybook::cli {

struct AccessCosts {
  double key_microseconds = 0;      // of a request with a key over one of the operator
  double sign_in_milliseconds = 0;  // of the processor
};

// On an instance in memory with the shipped declarations, so that sockets and disks have no share.
Result<AccessCosts> measure_access(const Settings& settings);

}  // namespace daybook::cli
