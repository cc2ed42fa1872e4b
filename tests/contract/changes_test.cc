// Changes of stored rows: state machines, pairs and fields derived from the moment of change.
#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

class ChangesTest : public StoreTest {
 protected:
  void SetUp() override { keep(each({insert("shop/orders", R"({"id":"o1","customer":"x"})")})); }

  std::string set(std::string_view json, Instant now = noon()) {
    return apply(each({update("shop/orders", "o1", json)}, now));
  }
  std::string text_of(std::string_view field) {
    const Collection& orders = collection("shop/orders");
    return debug_text(find_one(store(), "shop/orders", "o1")->values[*orders.find_field(field)]);
  }
};
DAYBOOK_FOR_ALL_STORES(ChangesTest);

TEST_P(ChangesTest, AStateGoesForwardAndNeverBack) {
  EXPECT_EQ(set(R"({"status":"packed"})"), "[2..2] stored");
  EXPECT_EQ(set(R"({"status":"sent"})"), "[3..3] stored");
  EXPECT_EQ(set(R"({"status":"packed"})"), "[0..3] unchanged");
  EXPECT_EQ(set(R"({"status":"open"})"), "[0..3] unchanged");
  EXPECT_EQ(text_of("status"), "\"sent\"");
}

TEST_P(ChangesTest, AForbiddenMoveIsAConflict) {
  keep(each({update("shop/orders", "o1", R"({"status":"lost"})")}));
  const auto committed =
      store().apply(each({update("shop/orders", "o1", R"({"status":"sent","note":"n"})")}));
  EXPECT_EQ(committed->verdicts.front().kind, Verdict::Kind::kConflict);
  EXPECT_EQ(committed->verdicts.front().detail, "status cannot go from 'lost' to 'sent'");
  EXPECT_EQ(text_of("note"), "null");
}

TEST_P(ChangesTest, AStepCannotBeLeftOut) {
  EXPECT_EQ(set(R"({"status":"sent"})"), "[0..1] conflict: status cannot go from 'open' to 'sent'");
}

TEST_P(ChangesTest, AnEarlierStateDoesNotStopTheRest) {
  keep(each({update("shop/orders", "o1", R"({"status":"packed"})")}));
  EXPECT_EQ(set(R"({"status":"open","note":"kept"})"), "[3..3] stored");
  EXPECT_EQ(text_of("note"), "\"kept\"");
  EXPECT_EQ(text_of("status"), "\"packed\"");
}

TEST_P(ChangesTest, PairsAndTheTimeOfChange) {
  EXPECT_EQ(text_of("updated_at"), "null");
  const Instant later = noon() + std::chrono::minutes(5);
  set(R"({"checked":true})", later);
  EXPECT_EQ(text_of("checked_at"), "2026-03-10T12:05:00Z");
  EXPECT_EQ(text_of("updated_at"), "2026-03-10T12:05:00Z");
  set(R"({"checked":false})", later + std::chrono::minutes(5));
  EXPECT_EQ(text_of("checked_at"), "null");
  EXPECT_EQ(text_of("updated_at"), "2026-03-10T12:10:00Z");
}

TEST_P(ChangesTest, ChangedRowsAreFoundByWhatTheyAreNow) {
  set(R"({"note":"needle in hay"})");
  EXPECT_EQ(ids_of(store().search(search_of("shop/orders", "needle"))), "o1");
  EXPECT_EQ(ids_of(store(), scan_of("shop/orders", {.where = "note : 'hay'"})), "o1");
  set(R"({"note":"empty"})");
  EXPECT_EQ(ids_of(store().search(search_of("shop/orders", "needle"))), "");
  EXPECT_EQ(ids_of(store(), scan_of("shop/orders", {.where = "note : 'hay'"})), "");
}

TEST_P(ChangesTest, ALongHistoryOfOneRow) {
  for (int i = 0; i < 300; ++i) set(R"({"details":{"step":)" + std::to_string(i) + "}}");
  EXPECT_EQ(find_one(store(), "shop/orders", "o1")
                ->values[*collection("shop/orders").find_field("details")],
            Value(Json{R"({"step":299})"}));
  EXPECT_EQ(rows_of(store(), scan_of("shop/orders"))->size(), 1u);
}

TEST_P(ChangesTest, ManyRowsChangedInOneBatch) {
  std::vector<Operation> inserts, updates;
  for (int i = 0; i < 400; ++i) {
    const std::string id = "many" + std::to_string(i);
    inserts.push_back(insert("shop/orders", R"({"id":")" + id + R"(","customer":"m"})"));
    updates.push_back(update("shop/orders", id, R"({"status":"packed"})"));
  }
  keep(atomic(std::move(inserts)));
  keep(atomic(std::move(updates)));
  EXPECT_EQ(
      rows_of(store(), scan_of("shop/orders", {.where = "customer = 'm' AND status = 'packed'"}))
          ->size(),
      400u);
}

}  // namespace

}  // namespace daybook::contract
