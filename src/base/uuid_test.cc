#include "base/uuid.h"

#include <gtest/gtest.h>

namespace daybook {
namespace {

TEST(Uuid, PacksTheCanonicalText) {
  for (const std::string_view text :
       {"00000000-0000-0000-0000-000000000000", "0193a4c6-2b00-7abc-8def-0123456789ab",
        "ffffffff-ffff-ffff-ffff-ffffffffffff"}) {
    const auto uuid = parse_uuid(text);
    ASSERT_TRUE(uuid.has_value()) << text;
    EXPECT_EQ(format_uuid(*uuid), text);
  }
}

TEST(Uuid, DoesNotPackOtherSpellings) {
  for (const std::string_view text :
       {"", "0193A4C6-2b00-7abc-8def-0123456789ab", "0193a4c62b007abc8def0123456789ab",
        "{0193a4c6-2b00-7abc-8def-0123456789a}", "0193a4c6-2b00-7abc-8def-0123456789ag",
        "0193a4c6-2b00-7abc-8def-0123456789abc", "0193a4c6x2b00-7abc-8def-0123456789ab"}) {
    EXPECT_FALSE(parse_uuid(text).has_value()) << text;
  }
}

TEST(IdMaker, TellsTheTimeOfItsIds) {
  IdMaker maker;
  const Instant time = parse_instant("2025-12-05T14:00:00.123456Z").value();
  const std::string id = maker.make(time);
  EXPECT_EQ(id[14], '7');
  EXPECT_NE(std::string_view("89ab").find(id[19]), std::string_view::npos);
  EXPECT_EQ(format_instant(*uuid_time(*parse_uuid(id))), "2025-12-05T14:00:00.123Z");
}

TEST(IdMaker, SortsTheIdsOfOneInstant) {
  IdMaker maker;
  const Instant time = parse_instant("2025-12-05T14:00:00Z").value();
  std::string last = maker.make(time);
  for (int i = 0; i < 1000; ++i) {
    const std::string id = maker.make(time);
    ASSERT_LT(last, id);
    last = id;
  }
}

TEST(IdMaker, MakersDiffer) {
  const Instant time = parse_instant("2025-12-05T14:00:00Z").value();
  EXPECT_NE(IdMaker().make(time), IdMaker().make(time));
}

TEST(IdMaker, PutsTimesBefore1970AtItsStart) {
  IdMaker maker;
  const auto uuid = parse_uuid(maker.make(parse_instant("1969-01-01T00:00:00Z").value()));
  EXPECT_EQ(format_instant(*uuid_time(*uuid)), "1970-01-01T00:00:00Z");
}

TEST(Uuid, HasATimeInVersionSevenOnly) {
  EXPECT_FALSE(uuid_time(*parse_uuid("0193a4c6-2b00-4abc-8def-0123456789ab")).has_value());
}

}  // namespace
}  // namespace daybook
