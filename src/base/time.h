// Instants, civil dates and durations, and their text. All functions are pure.
//
// An Instant counts microseconds since 1970 in UTC, years 1 to 9999 (RFC 3339 profile of ISO 8601).
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace daybook {

using Duration = std::chrono::microseconds;
using Instant = std::chrono::sys_time<std::chrono::microseconds>;
using Date = std::chrono::sys_days;  // a civil day, without a zone

// The first and the last instant of the supported range, both inclusive.
Instant min_instant();
Instant max_instant();

constexpr std::int64_t micros(Instant t) { return t.time_since_epoch().count(); }
constexpr Instant from_micros(std::int64_t us) { return Instant(Duration(us)); }

// RFC 3339; digits finer than microseconds are cut off; without an offset only
// YYYY-MM-DDTHH:MM:SS[.f] (or a blank for the T) is read, as UTC. A leap second reads as the next
// second.
Result<Instant> parse_instant(std::string_view text);
// "2025-12-05T14:00:00Z", with as many fraction digits as are needed (0, 3 or 6).
std::string format_instant(Instant t);

// YYYY-MM-DD.
Result<Date> parse_date(std::string_view text);
std::string format_date(Date date);

// "90d", "8w", "1y" (365 days), "24h", "5m", "30s", "500ms", "250us", "0s", or ISO 8601 "P90D",
// "PT5M". Never negative.
Result<Duration> parse_duration(std::string_view text);
// The shortest of the first form, such as "90d" or "36h".
std::string format_duration(Duration duration);

}  // namespace daybook
