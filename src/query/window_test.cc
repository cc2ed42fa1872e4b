#include "query/window.h"

#include <gtest/gtest.h>

namespace daybook {
namespace {

using RuleKind = WindowRule::Kind;

const Instant kNow = *parse_instant("2025-12-05T14:30:00Z");

WindowRule rule(RuleKind kind, std::int64_t default_value = 24, std::int64_t max = 168) {
  WindowRule made;
  made.kind = kind;
  made.default_value = default_value;
  made.max = max;
  if (kind == RuleKind::kFixed) made.fixed = std::chrono::hours(24);
  return made;
}

WindowWords words(std::string_view text) {
  WindowWords made;
  const std::pair<std::string_view, std::optional<std::string>*> known[] = {
      {"start", &made.start},
      {"end", &made.end},
      {"start_date", &made.start_date},
      {"end_date", &made.end_date},
      {"hours", &made.hours},
      {"days", &made.days},
      {"tz", &made.tz}};
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    const std::size_t sign = word.find('=');
    for (const auto& [name, target] : known) {
      if (name == word.substr(0, sign)) *target = std::string(word.substr(sign + 1));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return made;
}

std::string resolved(std::string_view text, const WindowRule& by) {
  const auto window = resolve_window(words(text), by, Zone(), kNow);
  if (!window.ok()) return window.error().message();
  if (!*window) return "none";
  return format_instant((*window)->start) + " " + format_instant((*window)->end) + " " +
         (*window)->zone.name();
}

TEST(WindowTest, ResolvesWords) {
  struct Case {
    std::string_view text;
    WindowRule by;
    std::string_view expected;
  };
  const Case cases[] = {
      {"", rule(RuleKind::kNone), "none"},
      {"", rule(RuleKind::kDates), "none"},
      {"tz=Asia/Kathmandu", rule(RuleKind::kNone), "none"},
      {"", rule(RuleKind::kHours), "2025-12-04T14:30:00Z 2025-12-05T14:30:00Z UTC"},
      {"", rule(RuleKind::kFixed), "2025-12-04T14:30:00Z 2025-12-05T14:30:00Z UTC"},
      {"tz=Asia/Kathmandu", rule(RuleKind::kHours),
       "2025-12-04T14:30:00Z 2025-12-05T14:30:00Z Asia/Kathmandu"},
      {"hours=1", rule(RuleKind::kNone), "2025-12-05T13:30:00Z 2025-12-05T14:30:00Z UTC"},
      {"hours=168", rule(RuleKind::kHours), "2025-11-28T14:30:00Z 2025-12-05T14:30:00Z UTC"},
      {"days=1", rule(RuleKind::kNone), "2025-12-05T00:00:00Z 2025-12-06T00:00:00Z UTC"},
      {"", rule(RuleKind::kDays, 7), "2025-11-29T00:00:00Z 2025-12-06T00:00:00Z UTC"},
      {"days=2 tz=Asia/Kathmandu", rule(RuleKind::kNone),
       "2025-12-03T18:15:00Z 2025-12-05T18:15:00Z Asia/Kathmandu"},
      {"start=2025-12-01T00:00:00Z end=2025-12-02T00:00:00+02:00", rule(RuleKind::kNone),
       "2025-12-01T00:00:00Z 2025-12-01T22:00:00Z UTC"},
      {"start=2025-12-01T00:00:00Z", rule(RuleKind::kNone),
       "2025-12-01T00:00:00Z 9999-12-31T23:59:59.999999Z UTC"},
      {"end=2025-12-01T00:00:00Z", rule(RuleKind::kNone),
       "0001-01-01T00:00:00Z 2025-12-01T00:00:00Z UTC"},
      {"start_date=2025-12-01 end_date=2025-12-01", rule(RuleKind::kDates),
       "2025-12-01T00:00:00Z 2025-12-02T00:00:00Z UTC"},
      {"start_date=2025-12-01", rule(RuleKind::kDates),
       "2025-12-01T00:00:00Z 9999-12-31T23:59:59.999999Z UTC"},
      {"end_date=2025-12-01", rule(RuleKind::kDates),
       "0001-01-01T00:00:00Z 2025-12-02T00:00:00Z UTC"},
      {"end_date=9999-12-31", rule(RuleKind::kDates),
       "0001-01-01T00:00:00Z 9999-12-31T23:59:59.999999Z UTC"},
      // The clock goes forward, then back: 23 and 25 hours.
      {"start_date=2025-03-30 end_date=2025-03-30 tz=Europe/Berlin", rule(RuleKind::kDates),
       "2025-03-29T23:00:00Z 2025-03-30T22:00:00Z Europe/Berlin"},
      {"start_date=2025-10-26 end_date=2025-10-26 tz=Europe/Berlin", rule(RuleKind::kDays, 1, 1),
       "2025-10-25T22:00:00Z 2025-10-26T23:00:00Z Europe/Berlin"},
  };
  for (const Case& c : cases) EXPECT_EQ(resolved(c.text, c.by), c.expected) << c.text;
}

TEST(WindowTest, NamesTheWordThatIsWrong) {
  struct Case {
    std::string_view text;
    WindowRule by;
    std::string_view expected;
  };
  const Case cases[] = {
      {"hours=500", rule(RuleKind::kHours), "hours must be between 1 and 168, not 500"},
      {"hours=0", rule(RuleKind::kHours), "hours must be between 1 and 168, not 0"},
      {"hours=-1", rule(RuleKind::kNone), "hours must be between 1 and 1000000, not -1"},
      {"hours=99999999999999999999", rule(RuleKind::kHours),
       "hours must be between 1 and 168, not 99999999999999999999"},
      {"hours=", rule(RuleKind::kHours), "hours must be a whole number, not ''"},
      {"hours=1.5", rule(RuleKind::kHours), "hours must be a whole number, not '1.5'"},
      {"days=31", rule(RuleKind::kDays, 7, 30), "days must be between 1 and 30, not 31"},
      {"hours=1 days=1", rule(RuleKind::kNone),
       "hours and days exclude each other; give one of them"},
      {"start=2025-12-01T00:00:00Z end_date=2025-12-01", rule(RuleKind::kNone),
       "start and end_date exclude each other; give one of them"},
      {"start=soon", rule(RuleKind::kNone),
       "start: \"soon\" is not an RFC 3339 time such as 2025-12-05T14:00:00Z"},
      {"end_date=2025-02-30", rule(RuleKind::kNone),
       "end_date: \"2025-02-30\" is not a date such as 2025-12-05"},
      {"tz=Mars", rule(RuleKind::kNone),
       "tz: there is no time zone \"Mars\" in the IANA database; one is Asia/Kathmandu"},
      {"start=2025-12-02T00:00:00Z end=2025-12-01T00:00:00Z", rule(RuleKind::kNone),
       "the window ends before it starts: end 2025-12-01T00:00:00Z is before start "
       "2025-12-02T00:00:00Z"},
      {"start_date=2025-12-03 end_date=2025-12-01", rule(RuleKind::kNone),
       "the window ends before it starts: end_date 2025-12-01 is before start_date 2025-12-03"},
      {"hours=1", rule(RuleKind::kFixed),
       "hours is not taken here: the window is always the last 1d"},
      {"start=2025-01-01T00:00:00Z", rule(RuleKind::kHours),
       "the window must be at most 168 hours long"},
      {"days=31", rule(RuleKind::kHours), "the window must be at most 168 hours long"},
      {"start_date=2025-10-25 end_date=2025-10-26 tz=Europe/Berlin", rule(RuleKind::kDays, 1, 1),
       "the window must be at most 1 days long"},
  };
  for (const Case& c : cases) EXPECT_EQ(resolved(c.text, c.by), c.expected) << c.text;
}

TEST(WindowTest, ContainsItsStartAndNotItsEnd) {
  const Window window{from_micros(1), from_micros(3), Zone()};
  EXPECT_FALSE(window.contains(from_micros(0)));
  EXPECT_TRUE(window.contains(from_micros(1)));
  EXPECT_FALSE(window.contains(from_micros(3)));
}

}  // namespace
}  // namespace daybook
