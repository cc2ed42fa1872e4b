#include "engine/recurrence.h"

#include <gtest/gtest.h>

#include "engine/ingest.h"
#include "store/memory/memory_store.h"
#include "tests/contract/shop.h"

namespace daybook {
namespace {

constexpr std::string_view kFaults = R"toml(
kind   = "journal"
about  = "What went wrong in a house."
time   = "seen_at"
tenant = "house"

[fields]
house   = { type = "text", max = 128, required = true, from = "principal.tenant", facet = true }
seen_at = { type = "time", default = "now" }
message = { type = "text", required = true }
settled = { type = "bool", default = false, facet = true }
group   = { type = "text", derive = "group", facet = true }

[changes]
settled = "any"

[group]
of     = ["message"]
reopen = "settled = false"
)toml";

class RecurrenceTest : public testing::Test {
 protected:
  RecurrenceTest() { EXPECT_TRUE(store_->prepare(catalog_).ok()); }

  const Collection& faults() { return **catalog_.collection("houses/faults"); }

  void take(const std::string& json) {
    Ingest ingest(engine_, operator_, *Sight::of(engine_, operator_, faults()));
    json::Parser parser;
    ingest.take(*parser.parse(json));
    ASSERT_TRUE(ingest.commit().ok());
    ASSERT_EQ(ingest.intake().rejected, 0U);
  }

  bool is_settled(const std::string& id) {
    const auto rows = store_->find(faults(), {id}, clock_.now());
    return (*rows)[0]->values[*faults().find_field("settled")] == Value(true);
  }

  const Catalog catalog_ =
      contract::load_catalog({{"houses/application.toml", "", "about = \"Houses.\"\n"},
                              {"houses/faults.toml", "", std::string(kFaults)}});
  ManualClock clock_{*parse_instant("2026-03-10T12:00:00Z")};
  std::unique_ptr<Store> store_ = make_memory_store();
  Engine engine_{catalog_, *store_, clock_};
  const Principal operator_;
};

TEST_F(RecurrenceTest, OpensTheGroupOfTheSameTenantOnly) {
  take(
      R"({"id":"a","house":"one","message":"lift","settled":true,"seen_at":"2026-03-10T10:00:00Z"})");
  take(
      R"({"id":"b","house":"two","message":"lift","settled":true,"seen_at":"2026-03-10T10:01:00Z"})");
  take(R"({"id":"c","house":"one","message":"lift","seen_at":"2026-03-10T11:00:00Z"})");
  EXPECT_FALSE(is_settled("a"));
  EXPECT_TRUE(is_settled("b"));
}

TEST_F(RecurrenceTest, OpensOfEachTenantInABatchItsOwn) {
  for (const std::string house : {"one", "two", "three"}) {
    take(R"({"id":")" + house + R"(","house":")" + house +
         R"(","message":"lift","settled":true,"seen_at":"2026-03-10T10:00:00Z"})");
  }
  Ingest ingest(engine_, operator_, *Sight::of(engine_, operator_, faults()));
  json::Parser parser;
  ingest.take(*parser.parse(R"({"house":"one","message":"lift"})"));
  ingest.take(*parser.parse(R"({"house":"three","message":"lift"})"));
  ASSERT_TRUE(ingest.commit().ok());
  EXPECT_FALSE(is_settled("one"));
  EXPECT_TRUE(is_settled("two"));
  EXPECT_FALSE(is_settled("three"));
}

}  // namespace
}  // namespace daybook
