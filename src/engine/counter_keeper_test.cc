#include "engine/counter_keeper.h"

#include <gtest/gtest.h>

#include <memory>

#include "base/clock.h"
#include "catalog/test_catalog.h"
#include "store/memory/memory_store.h"
#include "tests/contract/failing_store.h"

namespace daybook {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr const char* kCounters = R"toml(
kind  = "register"
keep  = { at = "until" }
holds = "counters"
[fields]
until  = { type = "time", required = true }
counts = { type = "map", of = { type = "int" } }
)toml";

constexpr const char* kTenants = R"toml(
kind  = "register"
holds = "tenancies"
[fields]
application = { type = "text", min = 1 }
tenant      = { type = "text", min = 1 }
keeps       = { type = "map", of = { type = "text" } }
quotas      = { type = "map", of = { type = "int" } }
)toml";

constexpr const char* kOrders = R"toml(
kind   = "register"
tenant = "shop"
[fields]
shop = { type = "text", required = true }
)toml";

// One store, and processes over it that come and go.
class CounterKeeperTest : public testing::Test {
 protected:
  struct Process {
    explicit Process(CounterKeeperTest& test)
        : engine(test.catalog_, test.store_, test.clock_, &test.key_), keeper(engine) {
      EXPECT_TRUE(keeper.restore().ok());
    }
    // How many of so many tries to sign in were let through.
    int tries(int n, const std::string& account = "ann") {
      int through = 0;
      for (int i = 0; i < n; ++i) {
        through += engine.sign_in_throttle().take(account, "192.0.2.1", engine.now()) ? 0 : 1;
      }
      return through;
    }
    bool save() { return keeper.save().ok(); }

    Engine engine;
    CounterKeeper keeper;
  };

  CounterKeeperTest() {
    EXPECT_TRUE(store_.prepare(catalog_).ok());
    add_tenant(R"({"requests_per_minute":10,"rows_per_day":5})");
  }

  void add_tenant(const std::string& quotas) {
    Batch batch;
    batch.application = catalog_.find("app");
    batch.at = clock_.now();
    const Collection& tenants = **catalog_.collection("app/tenants");
    Stamp stamp;
    stamp.now = clock_.now();
    auto row = make_row(
        tenants, R"({"id":"t","application":"app","tenant":"a/b","quotas":)" + quotas + "}", stamp);
    ASSERT_TRUE(row.ok()) << row.error().message();
    batch.operations.push_back(insert_of(tenants, *std::move(row)));
    ASSERT_TRUE(store_.apply(batch).ok());
  }

  std::size_t stored() {
    const auto rows =
        find_rows(store_, **catalog_.collection("app/counters"), Filter(), clock_.now(), 1000);
    return rows.ok() ? rows->size() : 0;
  }

  Batch orders(int n) {
    const Collection& orders = **catalog_.collection("app/orders");
    Batch batch;
    batch.application = catalog_.find("app");
    batch.at = clock_.now();
    for (int i = 0; i < n; ++i) {
      Row row;
      row.id = std::to_string(i);
      row.values = {Value(std::string("a/b"))};
      batch.operations.push_back(insert_of(orders, row));
    }
    return batch;
  }

  static Catalog load() {
    auto catalog = load_catalog({{"app/counters.toml", kCounters},
                                 {"app/tenants.toml", kTenants},
                                 {"app/orders.toml", kOrders}});
    if (!catalog.ok()) ADD_FAILURE() << all_problems(catalog.error());
    return *std::move(catalog);
  }

  const Catalog catalog_ = load();
  const DataKey key_ = DataKey::make();
  ManualClock clock_{*parse_instant("2026-03-10T12:00:05Z")};
  contract::FailingStore store_{make_memory_store()};
};

TEST_F(CounterKeeperTest, TriesToSignInGoOnCounting) {
  Process first(*this);
  EXPECT_EQ(first.tries(9), 5);
  ASSERT_TRUE(first.save());
  Process second(*this);
  EXPECT_EQ(second.tries(9), 0);
  clock_.advance(minutes(6));
  EXPECT_EQ(second.tries(1), 1);
}

TEST_F(CounterKeeperTest, WhoWasKnownStaysKnown) {
  Process first(*this);
  EXPECT_EQ(first.tries(1), 1);
  first.engine.sign_in_throttle().succeeded("ann", "192.0.2.1", clock_.now());
  ASSERT_TRUE(first.save());
  Process second(*this);
  for (int i = 0; i < 200; ++i) {
    const std::string stranger = "203.0.113." + std::to_string(i);
    second.engine.sign_in_throttle().take("ann", stranger, clock_.now());
  }
  EXPECT_EQ(second.tries(1), 1) << "strangers keep nobody waiting who signed in from here";
}

TEST_F(CounterKeeperTest, WhatWasGivenBackIsNotThereAgain) {
  Process first(*this);
  first.tries(5);
  ASSERT_TRUE(first.save());
  first.engine.sign_in_throttle().succeeded("ann", "192.0.2.1", clock_.now());
  ASSERT_TRUE(first.save());
  Process second(*this);
  EXPECT_EQ(second.tries(5), 5);
}

TEST_F(CounterKeeperTest, NamesNobody) {
  Process first(*this);
  first.tries(1, "ann@example.com");
  ASSERT_TRUE(first.save());
  const auto rows =
      find_rows(store_, **catalog_.collection("app/counters"), Filter(), clock_.now(), 100);
  ASSERT_TRUE(rows.ok());
  EXPECT_EQ(rows->size(), 3u);
  for (const Row& row : *rows) {
    EXPECT_EQ(row.id.find("ann@example.com"), std::string::npos);
    EXPECT_EQ(row.id.find("192.0.2.1"), std::string::npos);
  }
}

TEST_F(CounterKeeperTest, QuotasGoOnCounting) {
  Process first(*this);
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(first.engine.quotas().count_request("app", "a/b", clock_.now()).ok());
  }
  ASSERT_TRUE(first.engine.quotas().count_rows(orders(3), clock_.now()).ok());
  ASSERT_TRUE(first.save());

  clock_.advance(seconds(5));
  Process second(*this);
  ASSERT_TRUE(second.save());  // nobody has asked for the tenant yet, and nothing is forgotten
  Process third(*this);
  EXPECT_TRUE(*third.engine.quotas().count_request("app", "a/b", clock_.now()));
  const auto left = third.engine.quotas().left("app", "a/b", clock_.now());
  ASSERT_TRUE(left.ok() && left->size() == 2);
  EXPECT_EQ((*left)[0].left, 5);
  EXPECT_EQ((*left)[1].left, 2) << "of the day";
  EXPECT_FALSE(third.engine.quotas().count_rows(orders(3), clock_.now()).ok());
  EXPECT_TRUE(third.engine.quotas().count_rows(orders(2), clock_.now()).ok());

  clock_.advance(hours(12));
  Process next_day(*this);
  EXPECT_TRUE(next_day.engine.quotas().count_rows(orders(5), clock_.now()).ok());
}

TEST_F(CounterKeeperTest, WritesOnlyWhatHasChanged) {
  Process first(*this);
  first.tries(3);
  ASSERT_TRUE(first.save());
  EXPECT_EQ(stored(), 3u);
  const auto calls = store_.calls();
  ASSERT_TRUE(first.save());
  EXPECT_EQ(store_.calls(), calls);
  clock_.advance(hours(24));
  EXPECT_EQ(stored(), 0u) << "they go by themselves";
  ASSERT_TRUE(first.save());
}

TEST_F(CounterKeeperTest, ASaveThatFailedIsMadeUpFor) {
  Process first(*this);
  first.tries(5);
  store_.fail(1);
  EXPECT_FALSE(first.save());
  ASSERT_TRUE(first.save());
  Process second(*this);
  EXPECT_EQ(second.tries(5), 0);
}

}  // namespace
}  // namespace daybook
