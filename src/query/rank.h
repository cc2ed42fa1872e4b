// The rank that a quantile stands at. Internal of query/.
#pragma once

#include <cstdint>

namespace daybook {

// The nearest rank: the least of 1..count that at least q * count values stand at or before.
std::int64_t nearest_rank(double q, std::int64_t count);

}  // namespace daybook
