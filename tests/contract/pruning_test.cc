// What a store leaves out without looking at it has none of the rows that are asked for: the same
// rows in a store that looks at every one give the same answers, whatever cuts through them.
#include "store/memory/memory_store.h"
#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

constexpr int kRows = 400;

// 2026-03-09T00:00:00Z and so many minutes.
std::string minute(int n) {
  const auto two = [](int v) { return (v < 10 ? "0" : "") + std::to_string(v); };
  return "2026-03-09T" + two(n / 60) + ":" + two(n % 60) + ":00Z";
}

std::string id_of(int n) { return "o" + std::to_string(1000 + n); }

// Customers change as the day goes on, so that not every block has each of them.
Operation order(int n) {
  std::string json = R"({"id":")" + id_of(n) + R"(","placed_at":")" + minute(n) +
                     R"(","customer":"c)" + std::to_string(n / 100 * 3 + n % 3) + "\"";
  if (n % 5 != 0) json += R"(,"quantity":)" + std::to_string(n / 50);
  if (n % 4 == 0) json += R"(,"amount":)" + std::to_string(n) + ".25";
  return insert("shop/orders", json + "}");
}

class PruningTest : public StoreTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(plain_->prepare(shop()).ok());
    for (int first = 0; first < kRows; first += 40) {
      std::vector<Operation> orders;
      for (int i = first; i < first + 40; ++i) orders.push_back(order(i));
      keep_in_both(each(std::move(orders)));
    }
    std::vector<Operation> changes;
    for (int i = 7; i < kRows; i += 9) changes.push_back(remove("shop/orders", id_of(i)));
    for (int i = 3; i < kRows; i += 9) {
      changes.push_back(update("shop/orders", id_of(i), R"({"status":"packed"})"));
    }
    keep_in_both(each(std::move(changes)));
  }

  void keep_in_both(Batch batch) {
    ASSERT_TRUE(plain_->apply(batch).ok());
    ASSERT_TRUE(store().apply(batch).ok());
  }

  void compare(const Words& words) {
    SCOPED_TRACE(words.where + " order " + words.order);
    const Scan scan = scan_of("shop/orders", words);
    EXPECT_EQ(ids_of(store(), scan), ids_of(*plain_, scan));
    const auto summary = summary_of(
        "shop/orders", {.by = {"status"}, .of = {{"n", "count()"}, {"s", "sum(quantity)"}}}, words);
    EXPECT_EQ(say(store().summarize(summary)), say(plain_->summarize(summary)));
  }

  std::unique_ptr<Store> plain_ = make_memory_store();
};
DAYBOOK_FOR_ALL_STORES(PruningTest);

TEST_P(PruningTest, LeavesOutNothingThatIsAskedFor) {
  for (const char* where : {"customer = 'c0'",
                            "customer = 'c10'",
                            "customer = 'nobody'",
                            "customer != 'nobody'",
                            "customer != 'c4'",
                            "customer in ['c1', 'c11', 'nobody']",
                            "customer = null",
                            "customer != null",
                            "quantity = 7",
                            "quantity = 700",
                            "quantity != 7",
                            "quantity >= 6",
                            "quantity < 0",
                            "quantity = null",
                            "quantity != null",
                            "quantity in [0, 3, 99]",
                            "amount > 300",
                            "amount = null",
                            "status = 'packed'",
                            "status != 'open'",
                            "status = 'lost'",
                            "customer = 'c10' AND status = 'packed'",
                            "customer = 'nobody' OR quantity = 2",
                            "NOT (customer = 'c0' OR quantity > 1)"}) {
    for (const char* by : {"-placed_at", "placed_at", "quantity"}) {
      compare({.where = where, .order = by});
    }
  }
}

TEST_P(PruningTest, WindowsCutThroughBlocks) {
  for (const int start : {0, 1, 63, 64, 65, 200, 399}) {
    for (const int end : {1, 64, 128, 130, 399, 400}) {
      if (start >= end) continue;
      const std::string where =
          "placed_at >= '" + minute(start) + "' AND placed_at < '" + minute(end) + "'";
      compare({.where = where, .order = "-placed_at"});
      compare({.where = where + " AND customer = 'c4'", .order = "placed_at"});
    }
  }
}

// Pages begin where the one before ended, and need not look at what came before.
TEST_P(PruningTest, PagesOfEachOrderAreThoseOfAStoreThatLooksAtAll) {
  for (const char* by : {"-placed_at", "placed_at", "-quantity"}) {
    Scan scan = scan_of("shop/orders", {.where = "customer != 'c4'", .order = by});
    scan.limit = 37;
    for (int page = 0; page < 12; ++page) {
      const auto expected = rows_of(*plain_, scan);
      const auto actual = rows_of(store(), scan);
      ASSERT_TRUE(expected.ok() && actual.ok());
      ASSERT_EQ(*actual, *expected) << by << " page " << page;
      if (expected->empty()) break;
      scan.after = place_of(*scan.collection, scan.order, expected->back());
    }
  }
}

}  // namespace

}  // namespace daybook::contract
