#include "base/zone.h"

#include <algorithm>
#include <charconv>
#include <exception>
#include <limits>
#include <optional>

#include <date/tz.h>

#include "base/text.h"

namespace daybook {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::months;
using std::chrono::seconds;
using std::chrono::year_month_day;

// The clock on the wall, counted as if it were UTC.
using Wall = Instant;

// A stretch of time in which a zone keeps one distance from UTC.
struct Stretch {
  Instant begin;
  Instant end;
  Duration offset{0};

  bool holds(Instant t) const { return begin <= t && t < end; }
};

// The library's first and last stretches reach beyond what microseconds can count.
Instant clamped(date::sys_seconds t) {
  constexpr auto kMost = std::chrono::duration_cast<seconds>(Duration::max()) - days(400);
  return Instant(std::clamp<seconds>(t.time_since_epoch(), -kMost, kMost));
}

Stretch stretch_of(const date::time_zone* zone, Instant t) {
  struct Last {
    const date::time_zone* zone = nullptr;
    Stretch stretch;
  };
  // Rows are looked at by the thousand and nearly all lie in the stretch of the one before.
  static thread_local Last last;
  if (last.zone == zone && last.stretch.holds(t)) return last.stretch;
  const date::sys_info info = zone->get_info(t);
  last = {zone, {clamped(info.begin), clamped(info.end), info.offset}};
  return last.stretch;
}

// The instant when the wall shows `wall`: the first of two, or the end of the gap it falls into.
Instant first_showing(const date::time_zone* zone, Wall wall) {
  const date::local_time<Duration> local(wall.time_since_epoch());
  return Instant(zone->to_sys(local, date::choose::earliest).time_since_epoch());
}

bool is_calendar(StepUnit unit) { return unit >= StepUnit::kDay; }

// The width of a step that is not a calendar one.
Duration width_of(const Step& step) {
  switch (step.unit) {
    case StepUnit::kSecond:
      return seconds(step.count);
    case StepUnit::kMinute:
      return minutes(step.count);
    case StepUnit::kHour:
      return hours(step.count);
    case StepUnit::kDay:
    case StepUnit::kWeek:
    case StepUnit::kMonth:
      break;
  }
  return Duration(0);
}

Wall floor_to(Wall t, Duration width) {
  const Duration since = t.time_since_epoch() % width;
  return t - (since < Duration(0) ? since + width : since);
}

// The bucket on the wall, as if there were no changes of the clock. Weeks begin on Monday, and
// 1970-01-05 was one.
Wall wall_floor(Wall t, const Step& step) {
  if (step.unit == StepUnit::kMonth) {
    const year_month_day civil(floor<days>(t));
    return Date(civil.year() / civil.month() / 1);
  }
  if (step.unit == StepUnit::kWeek) return floor_to(t - days(4), days(7)) + days(4);
  return floor_to(t, step.unit == StepUnit::kDay ? days(1) : width_of(step));
}

Wall wall_next(Wall bucket, const Step& step) {
  if (step.unit == StepUnit::kMonth) {
    const year_month_day civil(floor<days>(bucket));
    return Date((civil.year() / civil.month() / 1) + months(1));
  }
  if (step.unit == StepUnit::kWeek) return bucket + days(7);
  return bucket + (step.unit == StepUnit::kDay ? days(1) : width_of(step));
}

struct Bucket {
  Instant begin;
  Instant end;
};

// Buckets up to an hour are cut where the clock changes: an hour that comes twice is two buckets,
// and none is made of pieces.
Bucket short_bucket(const date::time_zone* zone, Instant t, const Step& step) {
  const Stretch stretch = stretch_of(zone, t);
  const Wall wall = wall_floor(t + stretch.offset, step);
  return {std::max(wall - stretch.offset, stretch.begin),
          std::min(wall_next(wall, step) - stretch.offset, stretch.end)};
}

// Longer buckets reach from the first showing of one mark on the wall to that of the next, however
// long that takes.
Bucket long_bucket(const date::time_zone* zone, Instant t, const Step& step) {
  const Stretch stretch = stretch_of(zone, t);
  Wall wall = wall_floor(t + stretch.offset, step);
  Wall next = wall_next(wall, step);
  // Two days behind a change of the clock no mark can have shown before it.
  if (stretch.begin + days(2) <= wall - stretch.offset && next - stretch.offset < stretch.end) {
    return {wall - stretch.offset, next - stretch.offset};
  }
  Instant begin = first_showing(zone, wall);
  Instant end = first_showing(zone, next);
  // A clock set back over the mark shows the old bucket again; it is the new one all the same.
  while (end <= t) {
    begin = end;
    next = wall_next(next, step);
    end = first_showing(zone, next);
  }
  return {begin, end};
}

Bucket bucket_of(const date::time_zone* zone, Instant t, const Step& step) {
  if (zone == nullptr) {
    const Wall begin = wall_floor(t, step);
    return {begin, wall_next(begin, step)};
  }
  const bool is_short = !is_calendar(step.unit) && width_of(step) <= hours(1);
  return is_short ? short_bucket(zone, t, step) : long_bucket(zone, t, step);
}

struct UnitName {
  std::string_view name;
  StepUnit unit;
  int per_next;  // how many make the next larger unit; 1: only single steps
  std::string_view next_larger;
};

constexpr UnitName kUnitNames[] = {{"s", StepUnit::kSecond, 60, "a minute"},
                                   {"m", StepUnit::kMinute, 60, "an hour"},
                                   {"h", StepUnit::kHour, 24, "a day"},
                                   {"d", StepUnit::kDay, 1, ""},
                                   {"w", StepUnit::kWeek, 1, ""},
                                   {"mo", StepUnit::kMonth, 1, ""}};

std::string quoted(std::string_view text) { return '"' + std::string(utf8_prefix(text, 40)) + '"'; }

bool is_utc(std::string_view name) {
  constexpr std::string_view kNames[] = {"UTC", "Etc/UTC", "Z",         "Zulu",         "Etc/Zulu",
                                         "UCT", "Etc/UCT", "Universal", "Etc/Universal"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

}  // namespace

Result<Step> parse_step(std::string_view text) {
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  const auto* known = std::find_if(std::begin(kUnitNames), std::end(kUnitNames),
                                   [&](const UnitName& name) { return name.name == unit; });
  if (error != std::errc() || count < 1 || known == std::end(kUnitNames)) {
    return Error(Code::kInvalid,
                 quoted(text) + " is not a step such as 10s, 15m, 1h, 1d, 1w or 1mo");
  }
  if (count == 1 || (count < known->per_next && known->per_next % count == 0)) {
    return Step{known->unit, count};
  }
  if (known->per_next == 1) {
    return Error(Code::kInvalid, quoted(text) + " is too wide: days, weeks and months go by one");
  }
  return Error(Code::kInvalid, quoted(text) + " does not divide " +
                                   std::string(known->next_larger) + " into equal parts");
}

std::string format_step(const Step& step) {
  const auto* known = std::find_if(std::begin(kUnitNames), std::end(kUnitNames),
                                   [&](const UnitName& name) { return name.unit == step.unit; });
  return std::to_string(step.count).append(known->name);
}

Zone::Zone() : name_("UTC"), zone_(nullptr) {}

Result<Zone> Zone::find(std::string_view name) {
  Zone zone;
  if (name != "Z") zone.name_ = name;
  if (is_utc(name)) return zone;
  try {
    zone.zone_ = date::locate_zone(name);
  } catch (const std::exception& e) {
    return Error(Code::kInvalid, "there is no time zone " + quoted(name) +
                                     " in the IANA database; one is Asia/Kathmandu")
        .with_cause(e.what());
  }
  return zone;
}

Instant Zone::start_of(Date date) const {
  return zone_ == nullptr ? Instant(date) : first_showing(zone_, date);
}

Date Zone::date_of(Instant t) const {
  if (zone_ == nullptr) return std::chrono::floor<days>(t);
  const Date shown = std::chrono::floor<days>(t + stretch_of(zone_, t).offset);
  // As in long_bucket: a clock set back over midnight does not bring the old day back.
  const Instant next = first_showing(zone_, shown + days(1));
  return next <= t ? shown + days(1) : shown;
}

Instant Zone::floor(Instant t, const Step& step) const { return bucket_of(zone_, t, step).begin; }
Instant Zone::next(Instant t, const Step& step) const { return bucket_of(zone_, t, step).end; }

}  // namespace daybook
