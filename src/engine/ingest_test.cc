#include "engine/ingest.h"

#include <gtest/gtest.h>

#include "store/memory/memory_store.h"
#include "tests/contract/shop.h"

namespace daybook {
namespace {

class IngestTest : public testing::Test {
 protected:
  IngestTest() { EXPECT_TRUE(store_->prepare(contract::shop()).ok()); }

  Ingest into(std::string_view collection) {
    return Ingest(engine_, operator_,
                  *Sight::of(engine_, operator_, contract::collection(collection)));
  }
  void take(Ingest& ingest, std::string_view text) {
    const auto value = parser_.parse(text);
    ASSERT_TRUE(value.ok()) << value.error().message();
    ingest.take(*value);
  }
  // "2 accepted 1 rejected @2 [a,-,c] 1#/status"
  static std::string shown(const Intake& intake) {
    std::string text = std::to_string(intake.accepted) + " accepted " +
                       std::to_string(intake.rejected) + " rejected @" +
                       std::to_string(intake.position) + " [";
    for (const std::string& id : intake.ids) text += (id.empty() ? "-" : id) + ",";
    text += "]";
    for (const Problem& problem : intake.problems) {
      text += " " + std::to_string(*problem.item) + problem.pointer;
    }
    return text;
  }

  ManualClock clock_{*parse_instant("2026-03-10T12:00:00Z")};
  std::unique_ptr<Store> store_ = make_memory_store();
  Engine engine_{contract::shop(), *store_, clock_};
  const Principal operator_;
  json::Parser parser_;
};

TEST_F(IngestTest, KeepsTheGoodAndNamesTheBad) {
  Ingest ingest = into("shop/orders");
  take(ingest, R"({"id":"a","customer":"c"})");
  take(ingest, R"({"id":"b","status":"flying"})");
  take(ingest, R"({"id":"c","customer":"c"})");
  EXPECT_EQ(ingest.staged(), 2U);
  ASSERT_TRUE(ingest.commit().ok());
  EXPECT_EQ(shown(ingest.intake()), "2 accepted 1 rejected @2 [a,-,c,] 1#/status 1#/customer");
}

TEST_F(IngestTest, ConflictsAndRepeatsHaveTheirVerdicts) {
  Ingest first = into("shop/orders");
  take(first, R"({"id":"a","placed_at":"2026-03-10T10:00:00Z","customer":"c"})");
  ASSERT_TRUE(first.commit().ok());
  Ingest second = into("shop/orders");
  take(second, R"({"id":"a","placed_at":"2026-03-10T10:00:00Z","customer":"other"})");
  take(second, R"({"id":"a","placed_at":"2026-03-10T10:00:00Z","customer":"c"})");
  ASSERT_TRUE(second.commit().ok());
  EXPECT_EQ(shown(second.intake()), "1 accepted 1 rejected @1 [-,a,] 0#/id");
  EXPECT_EQ(second.intake().problems[0].code, Code::kConflict);
}

TEST_F(IngestTest, RowsThatWouldBeGoneAreRefused) {
  Ingest ingest = into("shop/orders");
  take(ingest, R"({"customer":"c","placed_at":"2026-02-08T11:59:59Z"})");
  take(ingest, R"({"customer":"c","placed_at":"2026-03-08T11:59:59Z","priority":"low"})");
  EXPECT_EQ(ingest.staged(), 0U);
  ASSERT_TRUE(ingest.commit().ok());
  ASSERT_EQ(ingest.intake().problems.size(), 2U);
  EXPECT_EQ(ingest.intake().problems[0].detail, "is older than shop/orders keeps its rows (30d)");
  EXPECT_EQ(ingest.intake().problems[1].detail, "is older than shop/orders keeps its rows (2d)");
}

TEST_F(IngestTest, ListsAHundredProblemsAndCountsTheRest) {
  Ingest ingest = into("shop/orders");
  for (int i = 0; i < 10'000; ++i) take(ingest, "{}");
  EXPECT_EQ(ingest.intake().rejected, 10'000U);
  EXPECT_EQ(ingest.intake().problems.size(), 100U);
  EXPECT_EQ(ingest.intake().more_problems, 9'900U);
}

TEST_F(IngestTest, OfManyItemsTheIdsAreNotTold) {
  Ingest ingest = into("shop/visits");
  for (int i = 0; i < 10'001; ++i) take(ingest, R"({"page":"/"})");
  ASSERT_TRUE(ingest.commit().ok());
  EXPECT_FALSE(ingest.intake().has_ids());
  EXPECT_TRUE(ingest.intake().ids.empty());
  EXPECT_EQ(ingest.intake().accepted, 10'001U);
}

TEST_F(IngestTest, ProblemsOfSeveralCommitsStandInTheOrderOfTheItems) {
  Ingest ingest = into("shop/customers");
  take(ingest, R"({"id":"a","email":"a@b.example"})");
  ASSERT_TRUE(ingest.commit().ok());
  take(ingest, R"({"id":"b","email":"a@b.example"})");
  take(ingest, R"({"id":"c"})");
  ASSERT_TRUE(ingest.commit().ok());
  EXPECT_EQ(shown(ingest.intake()), "1 accepted 2 rejected @1 [a,-,-,] 1#/email 2#/email");
}

TEST_F(IngestTest, ItemsThatAreNoObjectsAreRefused) {
  Ingest ingest = into("shop/orders");
  for (const std::string text : {"7", "\"a\"", "null", "[]"}) take(ingest, text);
  EXPECT_EQ(ingest.intake().rejected, 4U);
  EXPECT_EQ(ingest.intake().problems[0].detail, "must be an object");
}

}  // namespace
}  // namespace daybook
