// Time zones of the IANA database and calendar steps in them. Values; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"

namespace date {
class time_zone;
}

namespace daybook {

enum class StepUnit { kSecond, kMinute, kHour, kDay, kWeek, kMonth };

// The width of a time bucket: a calendar step, so a day may last 23 or 25 hours. Weeks begin on
// Monday (ISO 8601).
struct Step {
  StepUnit unit = StepUnit::kHour;
  int count = 1;  // 1 for days, weeks and months; a divisor of the next larger unit otherwise

  bool operator==(const Step&) const = default;
};

// "1m", "15m", "1h", "1d", "1w", "1mo"; seconds as "10s".
Result<Step> parse_step(std::string_view text);
std::string format_step(const Step& step);

class Zone {
 public:
  // UTC.
  Zone();
  // "Asia/Kathmandu"; kInvalid with a sentence when there is no such zone.
  static Result<Zone> find(std::string_view name);

  const std::string& name() const { return name_; }
  // The first instant of a civil day (not always midnight) and the civil day of an instant.
  Instant start_of(Date date) const;
  Date date_of(Instant t) const;
  // The start of the bucket that holds t, and of the bucket after it.
  Instant floor(Instant t, const Step& step) const;
  Instant next(Instant t, const Step& step) const;

  bool operator==(const Zone& other) const { return name_ == other.name_; }

 private:
  std::string name_;
  const date::time_zone* zone_;  // null for UTC; owned by the time-zone library for ever
};

}  // namespace daybook
