#include "base/time.h"

#include <gtest/gtest.h>

namespace daybook {
namespace {

struct Case {
  std::string_view text;
  std::string_view expected;
};

TEST(Time, ReadsInstants) {
  const Case cases[] = {
      {"2025-12-05T14:00:00Z", "2025-12-05T14:00:00Z"},
      {"2025-12-05t14:00:00z", "2025-12-05T14:00:00Z"},
      {"2025-12-05 14:00:00Z", "2025-12-05T14:00:00Z"},
      {"2025-12-05T14:00:00", "2025-12-05T14:00:00Z"},
      {"2025-12-05T14:00:00.123456", "2025-12-05T14:00:00.123456Z"},
      {"2025-12-05T14:00:00.5Z", "2025-12-05T14:00:00.500Z"},
      {"2025-12-05T14:00:00.1234567899Z", "2025-12-05T14:00:00.123456Z"},
      {"2025-12-05T14:00:00.000000Z", "2025-12-05T14:00:00Z"},
      {"2025-12-05T14:00:00+05:45", "2025-12-05T08:15:00Z"},
      {"2025-12-31T23:00:00-02:30", "2026-01-01T01:30:00Z"},
      {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
      {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
      {"2016-12-31T23:59:60.9Z", "2017-01-01T00:00:00Z"},
      {"2017-01-01T05:44:60+05:45", "2017-01-01T00:00:00Z"},
      {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
      {"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"},
      {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
  };
  for (const Case& c : cases) {
    const auto instant = parse_instant(c.text);
    ASSERT_TRUE(instant.ok()) << c.text;
    EXPECT_EQ(format_instant(*instant), c.expected);
  }
}

TEST(Time, RefusesWhatIsNoInstant) {
  for (const std::string_view text :
       {"", "now", "2025-12-05", "2025-12-05T14:00Z", "2025-12-05T14:00:00.Z",
        "2025-02-29T00:00:00Z", "2025-13-01T00:00:00Z", "2025-12-05T24:00:00Z",
        "2025-12-05T14:60:00Z", "2025-12-05T14:00:60Z", "2025-12-05T14:00:00+5",
        "2025-12-05T14:00:00+24:00", "2025-12-05T14:00:00Zx", "0000-01-01T00:00:00Z",
        "25-12-05T14:00:00Z", "+2025-12-05T14:00:00Z", "2025-12-05T14:00:00,5Z", "1733407200"}) {
    const auto instant = parse_instant(text);
    ASSERT_FALSE(instant.ok()) << text;
    EXPECT_EQ(instant.error().message(),
              '"' + std::string(text) + "\" is not an RFC 3339 time such as 2025-12-05T14:00:00Z");
  }
}

TEST(Time, RefusesInstantsOutsideOfTheRange) {
  for (const std::string_view text : {"0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-00:01"}) {
    const auto instant = parse_instant(text);
    ASSERT_FALSE(instant.ok()) << text;
    EXPECT_EQ(instant.error().message(),
              '"' + std::string(text) + "\" is outside of the years 1 to 9999 in UTC");
  }
}

TEST(Time, KnowsItsRange) {
  EXPECT_EQ(format_instant(min_instant()), "0001-01-01T00:00:00Z");
  EXPECT_EQ(format_instant(max_instant()), "9999-12-31T23:59:59.999999Z");
}

TEST(Time, ReadsDates) {
  for (const std::string_view text : {"2025-12-05", "2024-02-29", "0001-01-01", "9999-12-31"}) {
    const auto date = parse_date(text);
    ASSERT_TRUE(date.ok()) << text;
    EXPECT_EQ(format_date(*date), text);
  }
}

TEST(Time, RefusesWhatIsNoDate) {
  for (const std::string_view text :
       {"", "2025-2-1", "2025-02-30", "2025-12-05T00:00:00Z", "20251205"}) {
    EXPECT_FALSE(parse_date(text).ok()) << text;
  }
}

TEST(Time, ReadsDurationsAndWritesTheShortest) {
  const Case cases[] = {
      {"90d", "90d"},  {"8w", "8w"},     {"1y", "365d"},     {"24h", "1d"},      {"36h", "36h"},
      {"5m", "5m"},    {"30s", "30s"},   {"500ms", "500ms"}, {"250us", "250us"}, {"0s", "0s"},
      {"P90D", "90d"}, {"PT5M", "5m"},   {"P1DT12H", "36h"}, {"P2W", "2w"},      {"P1Y", "365d"},
      {"7d", "1w"},    {"1000ms", "1s"}, {"PT0S", "0s"},     {"PT1H30M", "90m"},
  };
  for (const Case& c : cases) {
    const auto duration = parse_duration(c.text);
    ASSERT_TRUE(duration.ok()) << c.text;
    EXPECT_EQ(format_duration(*duration), c.expected) << c.text;
  }
}

TEST(Time, RefusesWhatIsNoDuration) {
  for (const std::string_view text :
       {"", "5", "d", "-5m", "5 m", "5min", "1.5h", "P", "PT", "P1M", "P5", "PT5D", "P1D1Y", "P1DT",
        "5mo", "9223372036854775807d", "99999999999999999999s", "P300000YT1S9"}) {
    const auto duration = parse_duration(text);
    ASSERT_FALSE(duration.ok()) << text;
    EXPECT_EQ(duration.error().code(), Code::kInvalid);
  }
}

}  // namespace
}  // namespace daybook
