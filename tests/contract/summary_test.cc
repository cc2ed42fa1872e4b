// Summaries: groups, buckets in zones, every aggregate, orders and limits.
#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

class SummaryTest : public StoreTest {
 protected:
  void SetUp() override {
    std::vector<Operation> operations;
    // 24 orders, one an hour from 2026-03-09T12:00Z; the customer goes round ann, bob, cem.
    for (int i = 0; i < 24; ++i) {
      const int hour = (12 + i) % 24;
      const std::string time = std::string(i < 12 ? "2026-03-09T" : "2026-03-10T") +
                               (hour < 10 ? "0" : "") + std::to_string(hour) + ":00:00Z";
      const char* customer = i % 3 == 0 ? "ann" : i % 3 == 1 ? "bob" : "cem";
      std::string json = R"({"id":"o)" + std::to_string(100 + i) + R"(","placed_at":")" + time +
                         R"(","customer":")" + customer + R"(","quantity":)" + std::to_string(i);
      if (i % 2 == 0) json += R"(,"amount":)" + std::to_string(i) + ".5";
      if (i % 4 == 0) json += R"(,"scores":{"x":)" + std::to_string(i) + ".0}";
      operations.push_back(insert("shop/orders", json + "}"));
    }
    keep(each(std::move(operations)));
  }

  std::string ask(const SummaryWords& summary, const Words& words = {}) {
    return say(store().summarize(summary_of("shop/orders", summary, words)));
  }
};
DAYBOOK_FOR_ALL_STORES(SummaryTest);

TEST_P(SummaryTest, EveryAggregate) {
  EXPECT_EQ(ask({.of = {{"n", "count()"}}}), ": 24\n");
  EXPECT_EQ(ask({.of = {{"n", "count(amount)"}, {"c", "count(customer = 'ann')"}}}), ": 12 8\n");
  EXPECT_EQ(ask({.of = {{"s", "sum(quantity)"}, {"a", "avg(quantity)"}}}), ": 276 11.5\n");
  EXPECT_EQ(ask({.of = {{"s", "sum(amount)"}, {"a", "avg(amount)"}}}), ": 138 11.5\n");
  EXPECT_EQ(ask({.of = {{"a", "min(amount)"}, {"b", "max(amount)"}}}), ": 0.5 22.5\n");
  EXPECT_EQ(ask({.of = {{"a", "min(customer)"}, {"b", "max(customer)"}}}), ": \"ann\" \"cem\"\n");
  EXPECT_EQ(ask({.of = {{"d", "distinct(customer)"}, {"e", "distinct(quantity)"}}}), ": 3 24\n");
  EXPECT_EQ(ask({.of = {{"r", "rate(customer = 'ann')"}}}), ": 0.3333333333333333\n");
  EXPECT_EQ(ask({.of = {{"f", "first(quantity)"}, {"l", "last(quantity)"}}}), ": 0 23\n");
  EXPECT_EQ(ask({.of = {{"p", "p50(quantity)"}, {"q", "p99(quantity)"}}}), ": 11 23\n");
  EXPECT_EQ(ask({.of = {{"s", "sum(scores.x)"}}}), ": 60\n");
}

TEST_P(SummaryTest, GroupsComeInTheOrderOfTheirKeys) {
  EXPECT_EQ(ask({.by = {"customer"}, .of = {{"n", "count()"}, {"s", "sum(quantity)"}}}),
            "\"ann\": 8 84\n\"bob\": 8 92\n\"cem\": 8 100\n");
}

TEST_P(SummaryTest, OrdersAndLimits) {
  const GroupOrder by_sum{GroupOrder::What::kMeasure, 0, true};
  EXPECT_EQ(
      ask({.by = {"customer"}, .of = {{"s", "sum(quantity)"}}, .order = {by_sum}, .limit = 2}),
      "\"cem\": 100\n\"bob\": 92\nmore\n");
  const GroupOrder by_key{GroupOrder::What::kKey, 0, true};
  EXPECT_EQ(ask({.by = {"customer"}, .of = {{"n", "count()"}}, .order = {by_key}}),
            "\"cem\": 8\n\"bob\": 8\n\"ann\": 8\n");
}

TEST_P(SummaryTest, NullIsAGroupOfItsOwn) {
  EXPECT_EQ(ask({.by = {"amount"}, .of = {{"n", "count()"}}, .limit = 2}),
            "null: 12\n0.5: 1\nmore\n");
}

TEST_P(SummaryTest, BucketsFollowTheZone) {
  EXPECT_EQ(ask({.every = "1d", .of = {{"n", "count()"}}}),
            "2026-03-09T00:00:00Z: 12\n2026-03-10T00:00:00Z: 12\n");
  EXPECT_EQ(ask({.every = "1d", .zone = "Asia/Kathmandu", .of = {{"n", "count()"}}}),
            "2026-03-08T18:15:00Z: 7\n2026-03-09T18:15:00Z: 17\n");
  EXPECT_EQ(ask({.by = {"customer"}, .every = "12h", .of = {{"n", "count()"}}, .limit = 3}),
            "2026-03-09T12:00:00Z \"ann\": 4\n2026-03-09T12:00:00Z \"bob\": 4\n"
            "2026-03-09T12:00:00Z \"cem\": 4\nmore\n");
}

TEST_P(SummaryTest, FiltersAndWindows) {
  EXPECT_EQ(ask({.of = {{"n", "count()"}}}, {.where = "customer = 'bob' AND quantity > 10"}),
            ": 4\n");
  EXPECT_EQ(ask({.of = {{"n", "count()"}, {"s", "sum(quantity)"}}},
                {.window = between("2026-03-09T12:00:00Z", "2026-03-09T15:00:00Z")}),
            ": 3 3\n");
}

TEST_P(SummaryTest, NothingSummedUp) {
  const SummaryWords all = {
      .of = {{"n", "count()"}, {"a", "avg(amount)"}, {"r", "rate(checked = true)"}}};
  EXPECT_EQ(ask(all, {.where = "customer = 'none'"}), ask(all, {.where = "customer = 'nobody'"}));
  EXPECT_EQ(ask({.by = {"customer"}, .of = {{"n", "count()"}}}, {.where = "customer = 'none'"}),
            "");
}

TEST_P(SummaryTest, ChangedAndDeletedRowsCountAsTheyAreNow) {
  keep(
      each({update("shop/orders", "o100", R"({"status":"lost"})"), remove("shop/orders", "o101")}));
  EXPECT_EQ(ask({.by = {"status"}, .of = {{"n", "count()"}}}), "\"lost\": 1\n\"open\": 22\n");
}

TEST_P(SummaryTest, RegistersAreSummedUpToo) {
  keep(
      each({insert("shop/customers", R"({"id":"1","email":"1@b.example","branch":"n","number":1})"),
            insert("shop/customers", R"({"id":"2","email":"2@b.example","branch":"n","number":2})"),
            insert("shop/customers", R"({"id":"3","email":"3@b.example"})")}));
  EXPECT_EQ(
      say(store().summarize(summary_of(
          "shop/customers", {.by = {"branch"}, .of = {{"n", "count()"}, {"m", "max(number)"}}}))),
      "null: 1 null\n\"n\": 2 2\n");
}

TEST_P(SummaryTest, BudgetsEndAQuestion) {
  Summary summary = summary_of("shop/orders", {.by = {"quantity"}, .of = {{"n", "count()"}}});
  summary.budget.rows = 10;
  EXPECT_EQ(store().summarize(summary).error().code(), Code::kTooLarge);
  summary.budget = {};
  summary.budget.bytes = 100;
  EXPECT_EQ(store().summarize(summary).error().code(), Code::kTooLarge);
  summary.budget = {};
  summary.budget.is_cancelled = [] { return true; };
  EXPECT_EQ(store().summarize(summary).error().code(), Code::kTooSlow);
}

}  // namespace

}  // namespace daybook::contract
