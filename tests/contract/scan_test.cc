// Lists: filters, windows, orders, pages that neither skip nor repeat, and budgets.
#include <algorithm>

#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

class ScanTest : public StoreTest {
 protected:
  void SetUp() override {
    keep(each({
        insert("shop/orders", R"({"id":"a","placed_at":"2026-03-08T10:00:00Z","customer":"ann",
          "quantity":1,"amount":2.5,"tags":["red","big"],"scores":{"x":0.5},
          "address":{"city":"Ulm"},"due":"2026-04-01"})"),
        insert("shop/orders", R"({"id":"b","placed_at":"2026-03-09T10:00:00Z","customer":"bob",
          "quantity":10,"priority":"high","is_gift":true,"note":"Leave at the DOOR"})"),
        insert("shop/orders", R"({"id":"c","placed_at":"2026-03-09T10:00:00Z","customer":"ann",
          "quantity":2,"amount":-1.0,"tags":["blue"],"scores":{"x":1.5,"y":2.0}})"),
        insert("shop/orders", R"({"id":"d","placed_at":"2026-03-10T11:59:59.999999Z",
          "customer":"cem","quantity":2,"amount":0.0,"tags":[],"is_gift":false})"),
    }));
    keep(each({
        insert("shop/customers", R"({"id":"k2","email":"b@b.example","name":"Bob","number":2,
                                     "branch":"n","labels":["vip","new"]})"),
        insert("shop/customers", R"({"id":"k1","email":"a@b.example","name":"Ann","number":1,
                                     "branch":"n","labels":["new"],"login":{"card":"x"}})"),
        insert("shop/customers", R"({"id":"k3","email":"c@b.example","number":3,"branch":"s"})"),
    }));
  }

  std::string orders(std::string where, std::string order = "placed_at") {
    return ids_of(store(), scan_of("shop/orders", {.where = where, .order = order}));
  }
  std::string customers(std::string where, std::string order = "id") {
    return ids_of(store(), scan_of("shop/customers", {.where = where, .order = order}));
  }
};
DAYBOOK_FOR_ALL_STORES(ScanTest);

TEST_P(ScanTest, ByDefaultNewestFirstOrById) {
  EXPECT_EQ(ids_of(store(), scan_of("shop/orders")), "d,c,b,a");
  EXPECT_EQ(ids_of(store(), scan_of("shop/customers")), "k1,k2,k3");
}

struct Case {
  std::string where;
  std::string ids;
};

TEST_P(ScanTest, FiltersOfAJournal) {
  const std::vector<Case> cases = {
      {"customer = 'ann'", "a,c"},
      {"customer != 'ann'", "b,d"},
      {"customer in ['bob', 'cem', 'zoe']", "b,d"},
      {"customer > 'ann' AND customer < 'cem'", "b"},
      {"quantity = 2", "c,d"},
      {"quantity >= 2 AND quantity <= 9", "c,d"},
      {"amount < 0", "c"},
      {"amount = 0", "d"},
      {"amount = null", "b"},
      {"amount != null", "a,c,d"},
      {"NOT amount > 0", "b,c,d"},
      {"is_gift = true", "b"},
      {"is_gift != true", "a,c,d"},
      {"due = '2026-04-01'", "a"},
      {"due < '2026-04-02'", "a"},
      {"tags : 'red'", "a"},
      {"NOT tags : 'red'", "b,c,d"},
      {"scores : 'y'", "c"},
      {"scores.x >= 1", "c"},
      {"scores.y = null", "a,b,d"},
      {"address.city = 'Ulm'", "a"},
      {"note : 'door'", "b"},
      {"priority = 'high' OR customer = 'cem'", "b,d"},
      {"(customer = 'ann' OR quantity = 10) AND placed_at >= 2026-03-09T00:00:00Z", "b,c"},
      {"placed_at = 2026-03-09T10:00:00Z", "b,c"},
      {"placed_at > 2026-03-09T10:00:00Z", "d"},
      {"id = 'c'", "c"},
      {"id in ['c', 'a', 'none']", "a,c"},
      {"status = 'lost'", ""},
  };
  for (const Case& c : cases) EXPECT_EQ(orders(c.where), c.ids) << c.where;
}

TEST_P(ScanTest, FiltersOfARegister) {
  const std::vector<Case> cases = {
      {"email = 'A@b.example'", "k1"},
      {"name = null", "k3"},
      {"name != 'Ann'", "k2,k3"},
      {"labels : 'new'", "k1,k2"},
      {"labels : 'vip'", "k2"},
      {"NOT labels : 'vip'", "k1,k3"},
      {"login.card = 'x'", "k1"},
      {"login.card = null", "k2,k3"},
      {"branch = 'n' AND number > 1", "k2"},
      {"branch = 's' OR number = 1", "k1,k3"},
      {"number in [1, 3]", "k1,k3"},
      {"name : 'AN'", "k1"},
      {"id >= 'k2'", "k2,k3"},
      {"version = 1", "k1,k2,k3"},
  };
  for (const Case& c : cases) EXPECT_EQ(customers(c.where), c.ids) << c.where;
}

TEST_P(ScanTest, OrdersAreTotalAndNullComesFirst) {
  EXPECT_EQ(orders("", "placed_at"), "a,b,c,d");
  EXPECT_EQ(orders("", "-placed_at"), "d,c,b,a");
  EXPECT_EQ(orders("", "quantity"), "a,c,d,b");
  EXPECT_EQ(orders("", "-quantity"), "b,d,c,a");
  EXPECT_EQ(orders("", "customer,-quantity"), "c,a,b,d");
  EXPECT_EQ(orders("", "amount"), "b,c,d,a");
  EXPECT_EQ(orders("", "-amount"), "a,d,c,b");
  EXPECT_EQ(orders("", "scores.x"), "b,d,a,c");
  EXPECT_EQ(orders("", "-id"), "d,c,b,a");
  EXPECT_EQ(customers("", "-branch"), "k3,k2,k1");
  EXPECT_EQ(customers("", "name"), "k3,k1,k2");
  EXPECT_EQ(customers("", "branch,-number"), "k2,k1,k3");
}

TEST_P(ScanTest, WindowsAreHalfOpen) {
  const auto in = [&](std::string_view start, std::string_view end) {
    return ids_of(store(),
                  scan_of("shop/orders", {.order = "placed_at", .window = between(start, end)}));
  };
  EXPECT_EQ(in("2026-03-08T10:00:00Z", "2026-03-09T10:00:00Z"), "a");
  EXPECT_EQ(in("2026-03-08T10:00:00.000001Z", "2026-03-09T10:00:00.000001Z"), "b,c");
  EXPECT_EQ(in("2026-03-10T11:59:59.999999Z", "2026-03-10T12:00:00Z"), "d");
  EXPECT_EQ(in("2026-03-11T00:00:00Z", "2026-03-12T00:00:00Z"), "");
  EXPECT_EQ(in("2026-03-09T10:00:00Z", "2026-03-09T10:00:00Z"), "");
}

TEST_P(ScanTest, TheSinkEndsTheScan) {
  int seen = 0;
  const auto cost = store().scan(scan_of("shop/orders"), [&](Row&&) { return ++seen < 2; });
  EXPECT_TRUE(cost.ok());
  EXPECT_EQ(seen, 2);
  EXPECT_EQ(ids_of(store(), scan_of("shop/orders", {.limit = 0})), "");
  EXPECT_EQ(ids_of(store(), scan_of("shop/orders", {.limit = 3})), "d,c,b");
}

TEST_P(ScanTest, TheSinkMayAskTheStore) {
  std::string ids;
  const auto cost = store().scan(scan_of("shop/orders"), [&](Row&& row) {
    ids += find_one(store(), "shop/orders", row.id)->id;
    return true;
  });
  EXPECT_TRUE(cost.ok());
  EXPECT_EQ(ids, "dcba");
}

TEST_P(ScanTest, FindGivesRowsInTheOrderAsked) {
  const auto rows = store().find(collection("shop/orders"), {"c", "none", "a", "c"}, noon());
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 4u);
  EXPECT_EQ((*rows)[0]->id, "c");
  EXPECT_FALSE((*rows)[1]);
  EXPECT_EQ((*rows)[2]->id, "a");
  EXPECT_EQ((*rows)[3]->id, "c");
}

TEST_P(ScanTest, FindLooksAmongTheRowsThatFit) {
  keep(each({
      insert("shop/orders", R"({"id":"a","placed_at":"2026-03-08T11:00:00Z","customer":"bob"})"),
      insert("shop/orders", R"({"id":"a","placed_at":"2026-03-09T10:00:00Z","customer":"cem"})"),
  }));
  const auto customer_of = [&](const std::string& id, const std::string& customer) {
    const auto rows = store().find(collection("shop/orders"), {id}, noon(),
                                   where("shop/orders", "customer = '" + customer + "'"));
    if (!rows.ok() || !(*rows)[0]) return std::string("none");
    return (*rows)[0]->values[*collection("shop/orders").find_field("customer")].get<std::string>();
  };
  EXPECT_EQ(find_one(store(), "shop/orders", "a", noon())->id, "a");
  EXPECT_EQ(customer_of("a", "ann"), "ann");
  EXPECT_EQ(customer_of("a", "bob"), "bob");
  EXPECT_EQ(customer_of("a", "cem"), "cem");
  EXPECT_EQ(customer_of("a", "zoe"), "none");
  EXPECT_EQ(customer_of("b", "ann"), "none");
  const auto registered = store().find(collection("shop/customers"), {"k1", "k2"}, noon(),
                                       where("shop/customers", "number = 2"));
  ASSERT_TRUE(registered.ok());
  EXPECT_FALSE((*registered)[0]);
  EXPECT_TRUE((*registered)[1]);
}

TEST_P(ScanTest, BudgetsEndAQuestion) {
  std::vector<Operation> operations;
  for (int i = 0; i < 1000; ++i) {
    operations.push_back(insert("shop/visits", R"({"page":"/"})"));
    operations.push_back(insert(
        "shop/customers", R"({"email":")" + std::to_string(i) + R"(@b.example","notes":"n"})"));
  }
  keep(each(std::move(operations)));
  for (const std::string name : {"shop/visits", "shop/customers"}) {
    Scan scan = scan_of(name);
    scan.budget.rows = 500;
    EXPECT_EQ(rows_of(store(), scan).error().code(), Code::kTooLarge) << name;
    scan = scan_of(name);
    scan.budget.is_cancelled = [] { return true; };
    EXPECT_EQ(rows_of(store(), scan).error().code(), Code::kTooSlow) << name;
    scan = scan_of(name);
    scan.budget.time = Duration(0);
    EXPECT_EQ(rows_of(store(), scan).error().code(), Code::kTooSlow) << name;
    scan = scan_of(name);
    scan.budget.bytes = 1000;
    EXPECT_EQ(rows_of(store(), scan).error().code(), Code::kTooLarge) << name;
  }
}

// Pages through all rows of a scan, changing the store between two pages.
std::vector<std::string> pages(Store& store, Scan scan, std::size_t size,
                               const std::function<void(int)>& between_pages) {
  std::vector<std::string> ids;
  scan.limit = size;
  for (int page = 0;; ++page) {
    const auto rows = rows_of(store, scan);
    EXPECT_TRUE(rows.ok());
    if (!rows.ok() || rows->empty()) return ids;
    for (const Row& row : *rows) ids.push_back(row.id);
    scan.after = place_of(*scan.collection, scan.order, rows->back());
    between_pages(page);
  }
}

TEST_P(ScanTest, I10_AQuestionThatFindsNothingEndsWithItsTime) {
  for (int part = 0; part < 5; ++part) {
    std::vector<Operation> customers;
    for (int i = 0; i < 1000; ++i) {
      const std::string n = std::to_string(part * 1000 + i);
      customers.push_back(
          insert("shop/customers", R"({"id":"c)" + n + R"(","email":"e)" + n + R"(@b.example"})"));
    }
    keep(each(std::move(customers)));
  }
  auto scan = scan_of("shop/customers", {.where = "number = 7"});
  EXPECT_EQ(rows_of(store(), scan)->size(), 0u);
  scan.budget.time = Duration(1);
  const auto rows = rows_of(store(), scan);
  ASSERT_FALSE(rows.ok()) << "it had all the time that it wanted";
  EXPECT_EQ(rows.error().code(), Code::kTooSlow);
}

TEST_P(ScanTest, PagesNeitherSkipNorRepeatUnderConcurrentInserts) {
  std::vector<Operation> operations;
  std::vector<std::string> first;
  for (int i = 0; i < 100; ++i) {
    const std::string id = "v" + std::to_string(100 + i);
    first.push_back(id);
    // Ten rows share each instant, so that pages end within equal times.
    operations.push_back(insert("shop/visits", R"({"id":")" + id +
                                                   R"(","seen_at":"2026-03-10T11:0)" +
                                                   std::to_string(i / 10) + R"(:00Z","page":"/)" +
                                                   std::to_string(i % 3) + "\"}"));
  }
  keep(each(std::move(operations)));
  for (const std::string order : {"seen_at", "-seen_at", "page", "-page,seen_at"}) {
    int count = 0;
    auto ids = pages(store(), scan_of("shop/visits", {.order = order}), 7, [&](int page) {
      keep(each({insert("shop/visits", R"({"id":"new)" + order + std::to_string(page) +
                                           R"(","seen_at":"2026-03-10T11:0)" +
                                           std::to_string(page % 10) + R"(:00Z","page":"/1"})")}));
      ++count;
    });
    std::vector<std::string> old;
    std::ranges::copy_if(ids, std::back_inserter(old),
                         [](const std::string& id) { return id.starts_with("v"); });
    std::ranges::sort(old);
    EXPECT_EQ(old, first) << order;
    std::ranges::sort(ids);
    EXPECT_EQ(std::ranges::adjacent_find(ids), ids.end()) << order << " repeats a row";
    EXPECT_GT(count, 14);
  }
}

TEST_P(ScanTest, PagesGoOnWhenTheirLastRowIsGone) {
  const auto ids = pages(store(), scan_of("shop/customers"), 1, [&](int page) {
    if (page == 0) keep(each({remove("shop/customers", "k1")}));
  });
  EXPECT_EQ(ids, (std::vector<std::string>{"k1", "k2", "k3"}));
}

}  // namespace

}  // namespace daybook::contract
