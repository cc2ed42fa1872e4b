// Rows sent again: the same is taken again and changes nothing, other content is a conflict, what
// was deleted stays deleted.
#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

class RepeatsTest : public StoreTest {};
DAYBOOK_FOR_ALL_STORES(RepeatsTest);

constexpr auto kOrder = R"({"id":"o1","placed_at":"2026-03-10T11:00:00Z","customer":"x"})";

TEST_P(RepeatsTest, TheSameRowAgainIsSame) {
  keep(each({insert("shop/orders", kOrder)}));
  const auto committed = store().apply(each({insert("shop/orders", kOrder)}));
  EXPECT_EQ(say(committed), "[0..1] same");
  EXPECT_EQ(committed->verdicts.front().there, find_one(store(), "shop/orders", "o1"));
  EXPECT_EQ(apply(each({insert("shop/customers", R"({"id":"c1","email":"a@b.example"})"),
                        insert("shop/customers", R"({"id":"c1","email":"A@B.example"})")})),
            "[2..2] stored, same");
}

TEST_P(RepeatsTest, OtherContentIsAConflict) {
  keep(each({insert("shop/orders", kOrder)}));
  EXPECT_EQ(
      apply(each({insert("shop/orders",
                         R"({"id":"o1","placed_at":"2026-03-10T11:00:00Z","customer":"y"})")})),
      "[0..1] conflict #/id: a row with this id is there already, with other content");
}

TEST_P(RepeatsTest, TheSameIdAtAnotherTimeIsAnotherRow) {
  keep(each(
      {insert("shop/orders", kOrder),
       insert("shop/orders", R"({"id":"o1","placed_at":"2026-03-09T11:00:00Z","customer":"y"})"),
       insert("shop/orders", R"({"id":"o1","placed_at":"2026-03-10T11:00:00.000001Z",
                                       "customer":"newest"})")}));
  EXPECT_EQ(find_one(store(), "shop/orders", "o1")->values[2], Value("newest"));
  EXPECT_EQ(rows_of(store(), scan_of("shop/orders"))->size(), 3u);
}

TEST_P(RepeatsTest, ByIdAndTimeAnOlderRowIsMeant) {
  keep(each(
      {insert("shop/orders", kOrder),
       insert("shop/orders", R"({"id":"o1","placed_at":"2026-03-09T11:00:00Z","customer":"y"})")}));
  Operation older = update("shop/orders", "o1", R"({"note":"older"})");
  older.time = at("2026-03-09T11:00:00Z");
  keep(each({older}));
  EXPECT_EQ(ids_of(store(), scan_of("shop/orders", {.where = "note = 'older' AND customer = 'y'"})),
            "o1");
  keep(each({remove("shop/orders", "o1")}));
  EXPECT_EQ(find_one(store(), "shop/orders", "o1")->values[2], Value("y"));
}

TEST_P(RepeatsTest, WhatChangedSinceDoesNotCount) {
  keep(
      each({insert("shop/orders", kOrder), update("shop/orders", "o1", R"({"status":"packed"})")}));
  EXPECT_EQ(apply(each({insert("shop/orders", kOrder)})), "[0..2] same");
  EXPECT_EQ(ids_of(store(), scan_of("shop/orders", {.where = "status = 'packed'"})), "o1");
}

TEST_P(RepeatsTest, DefaultsDoNotCount) {
  keep(each({insert("shop/customers", R"({"id":"c1","email":"a@b.example","version":1})")}));
  EXPECT_EQ(apply(each({insert("shop/customers", R"({"id":"c1","email":"a@b.example"})")})),
            "[0..1] same");
}

TEST_P(RepeatsTest, ADeletedRowOfAJournalStaysDeleted) {
  keep(each({insert("shop/orders", kOrder), remove("shop/orders", "o1")}));
  EXPECT_EQ(apply(each({insert("shop/orders", kOrder)})), "[0..2] same");
  EXPECT_FALSE(find_one(store(), "shop/orders", "o1"));
  EXPECT_EQ(
      apply(each({insert("shop/orders",
                         R"({"id":"o1","placed_at":"2026-03-10T11:00:00.5Z","customer":"x"})")})),
      "[3..3] stored");
}

TEST_P(RepeatsTest, ADeletedRowOfARegisterComesBack) {
  const auto customer = insert("shop/customers", R"({"id":"c1","email":"a@b.example"})");
  EXPECT_EQ(apply(each({customer, remove("shop/customers", "c1"), customer})),
            "[1..3] stored, stored, stored");
}

TEST_P(RepeatsTest, RepeatsWithinOneBatch) {
  EXPECT_EQ(apply(atomic({insert("shop/orders", kOrder), insert("shop/orders", kOrder)})),
            "[1..1] stored, same");
}

TEST_P(RepeatsTest, RowsWithIdsOfOursNeverMeet) {
  std::vector<Operation> operations;
  for (int i = 0; i < 500; ++i) operations.push_back(insert("shop/visits", R"({"page":"/"})"));
  keep(each(std::move(operations)));
  EXPECT_EQ(rows_of(store(), scan_of("shop/visits"))->size(), 500u);
}

}  // namespace

}  // namespace daybook::contract
