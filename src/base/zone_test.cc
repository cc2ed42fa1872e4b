#include "base/zone.h"

#include <gtest/gtest.h>

namespace daybook {
namespace {

Instant at(std::string_view text) { return parse_instant(text).value(); }
Zone zone(std::string_view name) { return Zone::find(name).value(); }

// The bucket that holds an instant, "begin .. end".
std::string bucket(std::string_view name, std::string_view step, std::string_view instant) {
  const Zone z = zone(name);
  const Step s = parse_step(step).value();
  return format_instant(z.floor(at(instant), s)) + " .. " + format_instant(z.next(at(instant), s));
}

TEST(Step, ReadsAndWrites) {
  for (const std::string_view text : {"1s", "10s", "1m", "15m", "1h", "6h", "1d", "1w", "1mo"}) {
    const auto step = parse_step(text);
    ASSERT_TRUE(step.ok()) << text;
    EXPECT_EQ(format_step(*step), text);
  }
}

TEST(Step, RefusesWhatDoesNotDivideEvenly) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"7m", "\"7m\" does not divide an hour into equal parts"},
      {"60s", "\"60s\" does not divide a minute into equal parts"},
      {"5h", "\"5h\" does not divide a day into equal parts"},
      {"2d", "\"2d\" is too wide: days, weeks and months go by one"},
      {"0m", "\"0m\" is not a step such as 10s, 15m, 1h, 1d, 1w or 1mo"},
      {"hour", "\"hour\" is not a step such as 10s, 15m, 1h, 1d, 1w or 1mo"},
      {"", "\"\" is not a step such as 10s, 15m, 1h, 1d, 1w or 1mo"},
      {"-1h", "\"-1h\" is not a step such as 10s, 15m, 1h, 1d, 1w or 1mo"},
  };
  for (const auto& [text, message] : cases) {
    const auto step = parse_step(text);
    ASSERT_FALSE(step.ok()) << text;
    EXPECT_EQ(step.error().message(), message);
  }
}

TEST(Zone, IsFoundByName) {
  EXPECT_EQ(Zone().name(), "UTC");
  EXPECT_EQ(zone("UTC"), Zone());
  EXPECT_EQ(zone("Asia/Kathmandu").name(), "Asia/Kathmandu");
  for (const std::string_view name : {"", "Asia/Nowhere", "../../etc/passwd", "+05:45"}) {
    const auto none = Zone::find(name);
    ASSERT_FALSE(none.ok()) << name;
    EXPECT_EQ(none.error().code(), Code::kInvalid);
    EXPECT_EQ(none.error().message(), "there is no time zone \"" + std::string(name) +
                                          "\" in the IANA database; one is Asia/Kathmandu");
  }
}

struct Case {
  std::string_view zone, step, instant, expected;
};

TEST(Zone, FindsTheBucketOfAnInstant) {
  const Case cases[] = {
      {"UTC", "10s", "2025-12-05T14:07:39.5Z", "2025-12-05T14:07:30Z .. 2025-12-05T14:07:40Z"},
      {"UTC", "15m", "2025-12-05T14:07:39Z", "2025-12-05T14:00:00Z .. 2025-12-05T14:15:00Z"},
      {"UTC", "1h", "2025-12-05T14:00:00Z", "2025-12-05T14:00:00Z .. 2025-12-05T15:00:00Z"},
      {"UTC", "1d", "2025-12-05T14:00:00Z", "2025-12-05T00:00:00Z .. 2025-12-06T00:00:00Z"},
      {"UTC", "1w", "2025-12-07T23:59:59Z", "2025-12-01T00:00:00Z .. 2025-12-08T00:00:00Z"},
      {"UTC", "1w", "1969-12-31T00:00:00Z", "1969-12-29T00:00:00Z .. 1970-01-05T00:00:00Z"},
      {"UTC", "1mo", "2025-12-05T14:00:00Z", "2025-12-01T00:00:00Z .. 2026-01-01T00:00:00Z"},
      {"UTC", "1h", "1969-12-31T23:59:59Z", "1969-12-31T23:00:00Z .. 1970-01-01T00:00:00Z"},
      // Hours of a zone are the hours on its clocks.
      {"Asia/Kathmandu", "1h", "2025-12-05T13:20:00Z",
       "2025-12-05T13:15:00Z .. 2025-12-05T14:15:00Z"},
      {"Asia/Kathmandu", "1d", "2025-12-05T18:14:59Z",
       "2025-12-04T18:15:00Z .. 2025-12-05T18:15:00Z"},
      {"Asia/Kathmandu", "15m", "2025-12-05T13:20:00Z",
       "2025-12-05T13:15:00Z .. 2025-12-05T13:30:00Z"},
      // Days of 23 and 25 hours.
      {"Europe/Berlin", "1d", "2025-03-30T12:00:00Z",
       "2025-03-29T23:00:00Z .. 2025-03-30T22:00:00Z"},
      {"Europe/Berlin", "1d", "2025-10-26T12:00:00Z",
       "2025-10-25T22:00:00Z .. 2025-10-26T23:00:00Z"},
      {"Europe/Berlin", "1w", "2025-10-26T12:00:00Z",
       "2025-10-19T22:00:00Z .. 2025-10-26T23:00:00Z"},
      {"Europe/Berlin", "1mo", "2025-03-10T12:00:00Z",
       "2025-02-28T23:00:00Z .. 2025-03-31T22:00:00Z"},
      {"Europe/Berlin", "6h", "2025-10-26T03:30:00Z",
       "2025-10-25T22:00:00Z .. 2025-10-26T05:00:00Z"},
      // The hour that comes twice is two buckets.
      {"Europe/Berlin", "1h", "2025-10-26T00:30:00Z",
       "2025-10-26T00:00:00Z .. 2025-10-26T01:00:00Z"},
      {"Europe/Berlin", "1h", "2025-10-26T01:30:00Z",
       "2025-10-26T01:00:00Z .. 2025-10-26T02:00:00Z"},
      // Half an hour forward: the hour is cut short.
      {"Australia/Lord_Howe", "1h", "2025-10-04T15:45:00Z",
       "2025-10-04T15:30:00Z .. 2025-10-04T16:00:00Z"},
      // Clocks go forward at midnight, so the day begins at one.
      {"Africa/Cairo", "1d", "2025-04-25T12:00:00Z",
       "2025-04-24T22:00:00Z .. 2025-04-25T21:00:00Z"},
      // A day that did not exist.
      {"Pacific/Apia", "1d", "2011-12-30T12:00:00Z",
       "2011-12-30T10:00:00Z .. 2011-12-31T10:00:00Z"},
      // Clocks went back over midnight, a minute into the day.
      {"America/St_Johns", "1d", "2006-10-29T02:45:00Z",
       "2006-10-29T02:30:00Z .. 2006-10-30T03:30:00Z"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(bucket(c.zone, c.step, c.instant), c.expected)
        << c.zone << ' ' << c.step << ' ' << c.instant;
  }
}

TEST(Zone, KnowsCivilDays) {
  const Zone kathmandu = zone("Asia/Kathmandu");
  EXPECT_EQ(format_date(kathmandu.date_of(at("2025-12-05T18:15:00Z"))), "2025-12-06");
  EXPECT_EQ(format_instant(kathmandu.start_of(parse_date("2025-12-06").value())),
            "2025-12-05T18:15:00Z");
  EXPECT_EQ(format_instant(zone("Africa/Cairo").start_of(parse_date("2025-04-25").value())),
            "2025-04-24T22:00:00Z");
  EXPECT_EQ(format_date(Zone().date_of(at("1969-12-31T23:00:00Z"))), "1969-12-31");
}

// Whatever the clocks do: the buckets follow each other without gap or overlap, and every instant
// lies in the day that date_of() names.
TEST(Zone, BucketsCoverAllOfTime) {
  for (const std::string_view name :
       {"UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia",
        "Africa/Cairo", "America/Havana", "America/Asuncion", "Asia/Kathmandu"}) {
    const Zone z = zone(name);
    for (const std::string_view text : {"30m", "1h", "2h", "6h", "1d", "1w", "1mo"}) {
      const Step step = parse_step(text).value();
      const Instant end = at("2012-02-01T00:00:00Z");
      Instant t = z.floor(at("2005-12-20T00:00:00Z"), step);
      while (t < end) {
        const Instant next = z.next(t, step);
        ASSERT_LT(t, next) << name << ' ' << text << ' ' << format_instant(t);
        ASSERT_EQ(z.floor(t, step), t) << name << ' ' << text;
        ASSERT_EQ(z.floor(next - Duration(1), step), t)
            << name << ' ' << text << ' ' << format_instant(next);
        ASSERT_EQ(z.next(next - Duration(1), step), next) << name << ' ' << text;
        if (step.unit == StepUnit::kDay) {
          ASSERT_EQ(z.date_of(t), z.date_of(next - Duration(1))) << name << format_instant(t);
          ASSERT_EQ(z.start_of(z.date_of(t)), t) << name;
        }
        t = next;
      }
    }
  }
}

TEST(Zone, WorksAtTheEndsOfTime) {
  const Step month = parse_step("1mo").value();
  for (const std::string_view name : {"UTC", "Europe/Berlin", "Pacific/Apia"}) {
    const Zone z = zone(name);
    EXPECT_LE(z.floor(min_instant(), month), min_instant());
    EXPECT_GT(z.next(max_instant(), month), max_instant());
  }
}

}  // namespace
}  // namespace daybook
