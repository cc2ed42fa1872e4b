#include "cli/import_source.h"

#include <gtest/gtest.h>

#include "base/uuid.h"

namespace daybook::cli {
namespace {

Record record(std::uint64_t line, std::string json) {
  Record record;
  record.line = line;
  record.json = std::move(json);
  return record;
}

TEST(ImportSourceTest, ALineOfAFileIsAlwaysTheSameRow) {
  const auto id = ImportSource::named("access.log").id_of(record(7, "{}"));
  EXPECT_TRUE(parse_uuid(id));
  EXPECT_EQ(id, ImportSource::named("access.log").id_of(record(7, "{}")));
  EXPECT_NE(id, ImportSource::named("access.log").id_of(record(8, "{}")));
  EXPECT_NE(id, ImportSource::named("access.log").id_of(record(7, "{ }")));
  EXPECT_NE(id, ImportSource::named("error.log").id_of(record(7, "{}")));
}

TEST(ImportSourceTest, PartsAreToldApart) {
  Record one, other;
  one.parts = {{"a", "b"}, {"c", ""}};
  other.parts = {{"a", ""}, {"bc", ""}};
  const auto source = ImportSource::named("x");
  EXPECT_NE(source.id_of(one), source.id_of(other));
}

TEST(ImportSourceTest, AUniqueOneIsRecognisedNowhere) {
  const auto source = ImportSource::unique();
  EXPECT_EQ(source.id_of(record(1, "{}")), source.id_of(record(1, "{}")));
  EXPECT_NE(source.id_of(record(1, "{}")), ImportSource::unique().id_of(record(1, "{}")));
}

TEST(ImportSourceTest, IsNamedLikeItsFile) {
  EXPECT_EQ(source_name("/data/access.log.gz"), "access.log");
  EXPECT_EQ(source_name("rows.ndjson.zst"), "rows.ndjson");
  EXPECT_EQ(source_name("a/b"), "b");
}

}  // namespace
}  // namespace daybook::cli
