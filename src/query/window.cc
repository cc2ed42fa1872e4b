#include "query/window.h"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "base/bug.h"
#include "base/text.h"

namespace daybook {
namespace {

using RuleKind = WindowRule::Kind;

// Where no rule bounds them: far enough back for any record, near enough for the calendar.
constexpr std::int64_t kMostHours = 1'000'000;
constexpr std::int64_t kMostDays = 40'000;
// A civil day that the clock makes longer.
constexpr Duration kClockChange = std::chrono::hours(1);

Error invalid(std::string message) { return {Code::kInvalid, std::move(message)}; }

// The ways to ask for a window, each with the first of its words that was said.
std::vector<std::string> ways_of(const WindowWords& words) {
  std::vector<std::string> ways;
  if (words.start || words.end) ways.emplace_back(words.start ? "start" : "end");
  if (words.start_date || words.end_date) {
    ways.emplace_back(words.start_date ? "start_date" : "end_date");
  }
  if (words.hours) ways.emplace_back("hours");
  if (words.days) ways.emplace_back("days");
  return ways;
}

Result<std::int64_t> parse_count(const std::string& name, const std::string& text,
                                 std::int64_t least, std::int64_t most) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const bool is_whole = end == text.data() + text.size() && !text.empty();
  if (error == std::errc::invalid_argument || !is_whole) {
    return invalid(name + " must be a whole number, not '" + std::string(utf8_prefix(text, 40)) +
                   "'");
  }
  if (error != std::errc() || count < least || count > most) {
    return invalid(name + " must be between " + std::to_string(least) + " and " +
                   std::to_string(most) + ", not " + std::string(utf8_prefix(text, 40)));
  }
  return count;
}

template <typename T>
Result<T> named(const std::string& name, Result<T> result) {
  if (result.ok()) return result;
  return std::move(result).error().with_context(name);
}

Window last_hours(std::int64_t count, const Zone& zone, Instant now) {
  return {now - std::chrono::hours(count), now, zone};
}

// The last civil days, today whole and included.
Window last_days(std::int64_t count, const Zone& zone, Instant now) {
  const Date today = zone.date_of(now);
  return {zone.start_of(today - std::chrono::days(count - 1)),
          zone.start_of(today + std::chrono::days(1)), zone};
}

Result<Window> from_instants(const WindowWords& words, const Zone& zone) {
  Window window{min_instant(), max_instant(), zone};
  if (words.start) {
    DAYBOOK_ASSIGN(window.start, named("start", parse_instant(*words.start)));
  }
  if (words.end) {
    DAYBOOK_ASSIGN(window.end, named("end", parse_instant(*words.end)));
  }
  if (window.end < window.start) {
    return invalid("the window ends before it starts: end " + format_instant(window.end) +
                   " is before start " + format_instant(window.start));
  }
  return window;
}

Result<Window> from_dates(const WindowWords& words, const Zone& zone) {
  Window window{min_instant(), max_instant(), zone};
  if (words.start_date) {
    DAYBOOK_ASSIGN(const Date date, named("start_date", parse_date(*words.start_date)));
    window.start = std::max(min_instant(), zone.start_of(date));
  }
  if (words.end_date) {
    DAYBOOK_ASSIGN(const Date date, named("end_date", parse_date(*words.end_date)));
    window.end = std::min(max_instant(), zone.start_of(date + std::chrono::days(1)));
  }
  const bool has_both = words.start_date && words.end_date;
  if (has_both && window.end <= window.start) {
    return invalid("the window ends before it starts: end_date " + *words.end_date +
                   " is before start_date " + *words.start_date);
  }
  return window;
}

Result<Window> from_hours(const std::string& text, const WindowRule& rule, const Zone& zone,
                          Instant now) {
  const bool is_ruled = rule.kind == RuleKind::kHours;
  DAYBOOK_ASSIGN(const std::int64_t count, parse_count("hours", text, is_ruled ? rule.min : 1,
                                                       is_ruled ? rule.max : kMostHours));
  return last_hours(count, zone, now);
}

Result<Window> from_days(const std::string& text, const WindowRule& rule, const Zone& zone,
                         Instant now) {
  const bool is_ruled = rule.kind == RuleKind::kDays;
  DAYBOOK_ASSIGN(const std::int64_t count, parse_count("days", text, is_ruled ? rule.min : 1,
                                                       is_ruled ? rule.max : kMostDays));
  return last_days(count, zone, now);
}

Result<Window> from_words(const WindowWords& words, const WindowRule& rule, const Zone& zone,
                          Instant now) {
  if (words.hours) return from_hours(*words.hours, rule, zone, now);
  if (words.days) return from_days(*words.days, rule, zone, now);
  if (words.start || words.end) return from_instants(words, zone);
  return from_dates(words, zone);
}

// A rule's greatest window holds for every way to say one.
Result<void> check_length(const Window& window, const WindowRule& rule) {
  const Duration length = window.end - window.start;
  if (rule.kind == RuleKind::kHours && length > std::chrono::hours(rule.max)) {
    return invalid("the window must be at most " + std::to_string(rule.max) + " hours long");
  }
  if (rule.kind == RuleKind::kDays && length > std::chrono::days(rule.max) + kClockChange) {
    return invalid("the window must be at most " + std::to_string(rule.max) + " days long");
  }
  return {};
}

std::optional<Window> default_window(const WindowRule& rule, const Zone& zone, Instant now) {
  switch (rule.kind) {
    case RuleKind::kNone:
    case RuleKind::kDates:
      return std::nullopt;
    case RuleKind::kHours:
      return last_hours(rule.default_value, zone, now);
    case RuleKind::kDays:
      return last_days(rule.default_value, zone, now);
    case RuleKind::kFixed:
      return Window{now - rule.fixed, now, zone};
  }
  bug("a window rule of no kind");
}

}  // namespace

Result<std::optional<Window>> resolve_window(const WindowWords& words, const WindowRule& rule,
                                             const Zone& default_zone, Instant now) {
  Zone zone = default_zone;
  if (words.tz) {
    DAYBOOK_ASSIGN(zone, named("tz", Zone::find(*words.tz)));
  }
  const std::vector<std::string> ways = ways_of(words);
  if (ways.empty()) return default_window(rule, zone, now);
  if (ways.size() > 1) {
    return invalid(ways[0] + " and " + ways[1] + " exclude each other; give one of them");
  }
  if (rule.kind == RuleKind::kFixed) {
    return invalid(ways[0] + " is not taken here: the window is always the last " +
                   format_duration(rule.fixed));
  }
  DAYBOOK_ASSIGN(Window window, from_words(words, rule, zone, now));
  DAYBOOK_TRY(check_length(window, rule));
  return std::optional(std::move(window));
}

}  // namespace daybook
