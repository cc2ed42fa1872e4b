#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "base/hash.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/sqlite_store.h"

namespace daybook::sqlite {
namespace {

constexpr const char* kVisits = R"(
kind = "journal"
about = "Somebody looked at a page."
time = "at"
keep = "2d"
[fields]
at     = { type = "time", default = "now" }
page   = { type = "text", facet = true }
millis = { type = "int", measure = true }
[[rollups]]
by       = ["page"]
measures = ["millis"]
)";

class RollupCheckTest : public testing::Test {
 protected:
  RollupCheckTest()
      : catalog_(
            *Catalog::load({{"shop/application.toml", "application.toml", "about = \"A shop.\""},
                            {"shop/visits.toml", "visits.toml", kVisits}},
                           [](const std::string&) { return std::nullopt; })),
        visits_(**catalog_.collection("shop/visits")),
        directory_(testing::TempDir() + "daybook-" + std::to_string(random64())) {}
  ~RollupCheckTest() override { std::filesystem::remove_all(directory_); }

  std::unique_ptr<Store> open() {
    Options options;
    options.block_rows = 32;
    options.background = false;
    auto store = open_store(directory_, options);
    EXPECT_TRUE(store.ok()) << store.error().message();
    EXPECT_TRUE((*store)->prepare(catalog_).ok());
    return std::move(*store);
  }

  // Three days of 64 visits each, within an hour.
  void fill() {
    const auto store = open();
    for (int i = 0; i < 192; ++i) {
      Operation operation;
      operation.collection = &visits_;
      const Instant at = Instant() + std::chrono::hours(24 * (i / 64)) + std::chrono::seconds(i);
      operation.row.values = {Value(at), Value(i % 2 == 0 ? "/a" : "/b"), Value(std::int64_t{i})};
      operation.row.id = "visit-" + std::to_string(i);
      Batch batch;
      batch.application = catalog_.find("shop");
      batch.operations = {operation};
      ASSERT_TRUE(store->apply(batch)->applied);
    }
  }

  // The periods that were checked and the first difference.
  std::string check(Store& store) {
    RollupCheck check{&visits_, RollupCheck::Mode::kVerify, std::nullopt};
    while (true) {
      const auto rolled = store.check_rollups(check);
      if (!rolled.ok()) return rolled.error().message();
      if (!rolled->difference.empty()) return rolled->difference;
      if (!rolled->period) return std::to_string(rolled->done) + " good";
      check.after = rolled->period;
    }
  }

  void run(const std::string& sql) {
    auto db = Connection::open(database_path(directory_), "", Connection::Access::kReadWrite);
    ASSERT_TRUE(db.ok());
    const auto done = db->run(sql);
    EXPECT_TRUE(done.ok()) << done.error().message();
    EXPECT_GT(db->changed(), 0U);
  }

  const Catalog catalog_;
  const Collection& visits_;
  const std::string directory_;
};

TEST_F(RollupCheckTest, SumsThatAgreeAreGood) {
  fill();
  EXPECT_EQ(check(*open()), "3 good");
}

TEST_F(RollupCheckTest, SumsOfOtherRowsAreNamed) {
  fill();
  // The first block gets the sums of the second.
  run("UPDATE block_part SET data = (SELECT data FROM block_part AS other WHERE other.id = "
      "block_part.id + (1 << 14)) WHERE id >> 14 = 1 AND id >> 12 & 3 = 3");
  const std::string difference = check(*open());
  EXPECT_TRUE(
      difference.starts_with("block 1, rollup by_page, 1m: 1970-01-01T00:00:00Z page=\"/a\": "))
      << difference;
}

TEST_F(RollupCheckTest, SumsOfRowsThatAreGoneAreComparedWithEachOther) {
  fill();
  {
    const auto store = open();
    const Instant later = Instant() + std::chrono::hours(24 * 3 + 1);
    ASSERT_TRUE(store->expire({&visits_, later, Expiry::Mode::kRemove, {}}).ok());
    EXPECT_EQ(check(*store), "3 good");
  }
  run("UPDATE rollup_past SET data = (SELECT data FROM rollup_past AS other WHERE other.tier = "
      "rollup_past.tier AND other.period = rollup_past.period + 86400000000) WHERE tier = "
      "3600000000 AND period = 0");
  const std::string difference = check(*open());
  EXPECT_NE(difference.find("sums of rows that are gone, rollup by_page, 1h: "), std::string::npos)
      << difference;
}

}  // namespace
}  // namespace daybook::sqlite
