// I2: every row is in a frame that no block covers or in a block, never in both or neither; I5: and
// in the sums of its rollups, once. The power goes at each write of seals, merges, rewritten
// blocks, sums, expiries and erasures, one after the other; what is there afterwards is what the
// memory store had before or after the interrupted step.
#include <algorithm>
#include <atomic>
#include <functional>

#include "store/memory/memory_store.h"
#include "store/sqlite/sqlite_store.h"
#include "tests/contract/fault_vfs.h"
#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

// So many tests share the writes among them, since one after the other takes minutes.
constexpr std::uint64_t kShares = 5;

using Step = std::function<bool(Store&)>;  // whether it was acknowledged

Step applies(Batch batch) {
  return [batch = std::move(batch)](Store& store) { return store.apply(batch).ok(); };
}

Step inserts(int first, int count) {
  std::vector<Operation> operations;
  for (int i = first; i < first + count; ++i) {
    const std::string n = std::to_string(i);
    operations.push_back(insert("shop/orders", R"({"id":"o)" + n + R"(","placed_at":"2026-03-0)" +
                                                   std::to_string(1 + i % 2) +
                                                   R"(T08:00:00Z","customer":"c)" +
                                                   std::to_string(i % 5) + R"(","quantity":)" + n +
                                                   R"(,"note":"number )" + n + R"("})"));
    operations.push_back(insert("shop/visits", R"({"id":"v)" + n + R"(","seen_at":"2026-03-09T1)" +
                                                   std::to_string(i % 3) +
                                                   R"(:30:00Z","page":"/"})"));
  }
  return applies(atomic(std::move(operations)));
}

Step changes(int first, int count) {
  std::vector<Operation> operations;
  for (int i = first; i < first + count; ++i) {
    operations.push_back(
        update("shop/orders", "o" + std::to_string(i), R"({"status":"packed","checked":true})"));
  }
  operations.push_back(remove("shop/orders", "o" + std::to_string(first + count)));
  return applies(atomic(std::move(operations)));
}

Step expires(std::string_view name, std::string_view now) {
  Expiry expiry;
  expiry.collection = &collection(name);
  expiry.now = at(now);
  return [expiry](Store& store) { return store.expire(expiry).ok(); };
}

Step erases(std::string_view name, std::string_view filter) {
  Erasure erasure;
  erasure.collection = &collection(name);
  erasure.filter = where(name, filter);
  return [erasure](Store& store) { return store.erase(erasure).ok(); };
}

// Blocks of 16 rows, so that each step seals and merges a few.
const std::vector<Step>& steps() {
  static const std::vector<Step> all = {
      inserts(0, 20),
      inserts(20, 20),
      changes(0, 12),
      inserts(40, 7),
      changes(14, 20),
      expires("shop/visits", "2026-03-10T10:45:00Z"),
      inserts(50, 3),
      erases("shop/orders", "customer = 'c3'"),
      inserts(60, 20),
      expires("shop/visits", "2026-03-11T00:00:00Z"),
      erases("shop/orders", "customer = 'c1'"),
      inserts(80, 1),
  };
  return all;
}

// All rows, and what rollups answer.
std::string state_of(Store& store) {
  const SummaryWords of_orders{
      .by = {"status"}, .every = "1d", .of = {{"n", "count()"}, {"sum", "sum(quantity)"}}};
  const SummaryWords of_visits{.by = {"page"}, .every = "1h", .of = {{"n", "count()"}}};
  return everything(store) + say(store.summarize(summary_of("shop/orders", of_orders))) +
         say(store.summarize(summary_of("shop/visits", of_visits)));
}

// What the memory store holds before the first step and after each.
std::vector<std::string> expected_states() {
  const auto oracle = make_memory_store();
  EXPECT_TRUE(oracle->prepare(shop()).ok());
  std::vector<std::string> states = {state_of(*oracle)};
  for (const Step& step : steps()) {
    EXPECT_TRUE(step(*oracle));
    states.push_back(state_of(*oracle));
  }
  return states;
}

// How often the background did what the power goes at.
struct Counted final : sqlite::Observer {
  void at(sqlite::Moment moment) override {
    encoded += moment == sqlite::Moment::kEncoded ? 1 : 0;
    summed += moment == sqlite::Moment::kSummed ? 1 : 0;
  }
  std::atomic<int> encoded = 0, summed = 0;
};

// A store on a disk of its own.
class Machine {
 public:
  const Counted& counted() const { return counted_; }

  Result<std::unique_ptr<Store>> open() {
    sqlite::Options options;
    options.vfs = vfs_.name();
    options.block_rows = 16;
    options.quiet = Duration(0);
    options.background = false;  // seals and merges happen at the same write each time
    options.readers = 2;
    options.observer = &counted_;
    DAYBOOK_ASSIGN(auto store, sqlite::open_store(directory_.path() + "/store", options));
    DAYBOOK_TRY(store->prepare(shop()));
    return store;
  }

  // The power goes at write n of all steps; false: there are not so many.
  bool play(std::uint64_t n, const std::vector<std::string>& states) {
    std::size_t done = 0;
    {
      auto store = open();
      EXPECT_TRUE(store.ok());
      vfs_.disk().cut_power(n);
      while (done < steps().size() && steps()[done](**store)) ++done;
    }
    const bool was_cut = !vfs_.disk().has_power();
    vfs_.disk().restart(n % 2 == 0 ? 0 : n);
    const auto store = open();
    EXPECT_TRUE(store.ok()) << say(store.error());
    if (!store.ok()) return was_cut;
    const std::string found = state_of(**store);
    const bool is_known =
        found == states[done] || (done + 1 < states.size() && found == states[done + 1]);
    EXPECT_TRUE(is_known) << "after step " << done << " there is\n"
                          << found << "\nexpected\n"
                          << states[done];
    const auto findings = (*store)->verify();
    EXPECT_TRUE(findings.ok());
    if (!findings.ok()) return was_cut;
    for (const Finding& finding : *findings) {
      ADD_FAILURE() << finding.where << ": " << finding.what;
    }
    for (const char* name : {"shop/orders", "shop/visits"}) {
      EXPECT_EQ(rollup_difference(**store, collection(name)), "");
    }
    // It goes on from there.
    EXPECT_TRUE(inserts(90, 2)(**store));
    return was_cut;
  }

 private:
  Directory directory_;
  FaultVfs vfs_;
  Counted counted_;
};

class Crash : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Crash, I2_I5_EveryRowIsInOnePlaceAndInItsSumsWhereverTheStepsStop) {
  const auto states = expected_states();
  for (std::uint64_t n = GetParam(); n < 100'000; n += kShares) {
    SCOPED_TRACE("write " + std::to_string(n));
    if (!Machine().play(n, states) || testing::Test::HasFailure()) return;
  }
  FAIL() << "the steps never end";
}

INSTANTIATE_TEST_SUITE_P(FromWrite, Crash, testing::Range<std::uint64_t>(1, kShares + 1));

TEST(CrashSteps, SealMergeSumAndFree) {
  Machine machine;
  const auto store = machine.open();
  ASSERT_TRUE(store.ok());
  const std::vector<std::string> states = expected_states();
  std::uint64_t blocks = 0, freed = 0;
  for (std::size_t i = 0; i < steps().size(); ++i) {
    ASSERT_TRUE(steps()[i](**store));
    ASSERT_EQ(state_of(**store), states[i + 1]) << "step " << i;
    const std::uint64_t now = (*store)->space()->collections.at("shop/orders").blocks;
    freed += now < blocks ? blocks - now : 0;
    blocks = now;
  }
  // Or the crashes would show nothing.
  EXPECT_GE(machine.counted().encoded, 8) << "frozen rows, and blocks made anew";
  EXPECT_GE(machine.counted().summed, 2) << "sums for rollups";
  EXPECT_GE(freed, 1u) << "blocks that others took the place of";
}

}  // namespace

}  // namespace daybook::contract
