// B-39, D-22: nothing early, nothing late: random keeps, rows and clocks, one step back included,
// against a model that knows nothing but instants. The seed is printed.
#include <map>
#include <set>

#include "catalog/test_catalog.h"
#include "tests/contract/random_shop.h"
#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

using std::chrono::hours;

// A collection's keep, as it is declared and as it is meant.
struct Policy {
  Duration period{};
  std::map<std::string, Duration> by_kind;    // classes
  std::map<std::string, Duration> by_tenant;  // shorter ones
  std::string partition;

  std::string declared() const {
    std::string classes;
    for (const auto& [kind, keep] : by_kind) {
      classes += (classes.empty() ? "" : ", ") + std::string("{ keep = \"") +
                 format_duration(keep) + "\", where = \"kind = '" + kind + "'\" }";
    }
    return "kind = \"journal\"\ntime = \"at\"\ntenant = \"tenant\"\nperiod = \"" + partition +
           "\"\nkeep = { default = \"" + format_duration(period) +
           "\", tenant = true, classes = [" + classes +
           "] }\n[fields]\nat = { type = \"time\", required = true }\n"
           "kind = { type = \"text\", required = true }\n"
           "tenant = { type = \"text\", required = true }\n";
  }

  // Of what is seen; `own`: of what a sweep takes, for which the tenants' keeps hold as well.
  Instant until(Instant at, const std::string& kind, const std::string& tenant, bool own) const {
    if (const auto found = by_kind.find(kind); found != by_kind.end()) return at + found->second;
    if (const auto found = by_tenant.find(tenant); own && found != by_tenant.end()) {
      return at + found->second;
    }
    return at + period;
  }
};

struct Event {
  Instant at;
  std::string kind, tenant;
  bool is_swept = false;
};

class RetentionTest : public StoreTest {
 protected:
  void play(std::uint64_t seed);
  void TearDown() override { store_.reset(); }  // it refers to the catalog

 private:
  static Policy make_policy(Dice& dice) {
    const auto some_hours = [&](int most) { return Duration(hours(1 + dice.below(most))); };
    Policy policy;
    policy.period = some_hours(24 * 20) + hours(24);
    for (const char* kind : {"info", "debug"}) {
      if (dice.chance(50)) policy.by_kind[kind] = some_hours(24 * 30);
    }
    for (const char* tenant : {"north", "south"}) {
      if (dice.chance(50)) {
        policy.by_tenant[tenant] =
            std::min(some_hours(24 * 20), policy.period - Duration(hours(1)));
      }
    }
    policy.partition = dice.pick<std::string>({"1h", "1d", "1w"});
    return policy;
  }

  void insert_some(Dice& dice);
  void sweep();
  void compare();

  const Collection& events() const { return **catalog_->collection("log/events"); }

  Policy policy_;
  std::unique_ptr<Catalog> catalog_;
  Instant now_;
  std::map<std::string, Event> model_;
};
DAYBOOK_FOR_ALL_STORES(RetentionTest);

void RetentionTest::insert_some(Dice& dice) {
  Batch batch;
  batch.application = catalog_->find("log");
  batch.at = now_;
  for (int i = dice.below(6); i > 0; --i) {
    Event event{now_ - std::chrono::minutes(dice.below(24 * 60 * 25)),
                dice.pick<std::string>({"info", "debug", "error"}),
                dice.pick<std::string>({"north", "south", "east"})};
    if (policy_.until(event.at, event.kind, event.tenant, true) <= now_) continue;
    Operation operation;
    operation.collection = &events();
    operation.row.id = "e" + std::to_string(model_.size());
    operation.row.values = {Value(event.at), Value(event.kind), Value(event.tenant)};
    model_.emplace(operation.row.id, event);
    batch.operations.push_back(std::move(operation));
  }
  if (!batch.operations.empty()) keep(batch);
}

void RetentionTest::sweep() {
  Expiry expiry;
  expiry.collection = &events();
  expiry.now = now_;
  expiry.tenants = {policy_.by_tenant.begin(), policy_.by_tenant.end()};
  expiry.mode = Expiry::Mode::kPreview;
  std::uint64_t expected = 0;
  const auto preview = store().expire(expiry);
  for (auto& [id, event] : model_) {
    if (event.is_swept || policy_.until(event.at, event.kind, event.tenant, true) > now_) continue;
    event.is_swept = true;
    ++expected;
  }
  ASSERT_TRUE(preview.ok());
  EXPECT_EQ(preview->rows, expected);
  expiry.mode = Expiry::Mode::kRemove;
  const auto removed = store().expire(expiry);
  ASSERT_TRUE(removed.ok());
  EXPECT_EQ(removed->rows, expected);
}

void RetentionTest::compare() {
  Scan scan;
  scan.collection = &events();
  scan.order = default_order(events());
  scan.limit = 1'000'000;
  scan.now = now_;
  const auto rows = rows_of(store(), scan);
  ASSERT_TRUE(rows.ok());
  std::set<std::string> seen, expected;
  for (const Row& row : *rows) seen.insert(row.id);
  for (const auto& [id, event] : model_) {
    const bool is_over = policy_.until(event.at, event.kind, event.tenant, false) <= now_;
    if (!event.is_swept && !is_over) expected.insert(id);
  }
  EXPECT_EQ(seen, expected) << "at " << format_instant(now_);
}

void RetentionTest::play(std::uint64_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  Dice dice(seed);
  policy_ = make_policy(dice);
  SCOPED_TRACE(policy_.declared());
  model_.clear();
  store_.reset();
  catalog_ = std::make_unique<Catalog>(load_catalog({{"log/events.toml", "", policy_.declared()}}));
  place_ += "-" + std::to_string(seed % 1'000'000);
  reopen(*catalog_);
  now_ = noon();
  const int step_back = dice.below(40);
  for (int step = 0; step < 40 && !HasFailure(); ++step) {
    now_ += std::chrono::minutes(dice.below(24 * 60));
    if (step == step_back) now_ -= hours(dice.below(72));
    insert_some(dice);
    if (dice.chance(40)) sweep();
    compare();
    if (GetParam().is_durable && dice.chance(5)) reopen(*catalog_);
  }
}

TEST_P(RetentionTest, NothingEarlyNothingLate) {
  for (std::uint64_t seed = 1; seed <= 12 && !HasFailure(); ++seed) play(seed);
}

}  // namespace

}  // namespace daybook::contract
