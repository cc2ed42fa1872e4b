// I5: no row is missing from the sums of rollups or in them twice; I6: nor in what cannot be taken
// back, least, greatest, first, last and distinct. A question that rollups answer is answered as if
// they were not there, whatever happened to the rows; and they outlive rows that are past their
// keep.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <random>
#include <set>

#include "query/sample_zones.h"
#include "store/memory/memory_store.h"
#include "tests/contract/random_shop.h"
#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

const std::vector<MeasureWords> kMeasures = {{"n", "count()"},
                                             {"sum", "sum(value)"},
                                             {"least", "min(value)"},
                                             {"most", "max(value)"},
                                             {"p95", "p95(value)"},
                                             {"first", "first(value)"},
                                             {"last", "last(value)"},
                                             {"different", "distinct(value)"},
                                             {"high", "rate(value > 50)"}};

// The shop without its rollups: what rows alone answer.
const Catalog& plain_shop() {
  static const Catalog catalog = [] {
    auto files = shop_files();
    for (CatalogFile& file : files) {
      for (auto at = file.text.find("[[rollups]]"); at != std::string::npos;
           at = file.text.find("[[rollups]]")) {
        const auto end = file.text.find("\n\n", at);
        file.text.erase(at, end == std::string::npos ? end : end - at);
      }
    }
    return load_catalog(std::move(files));
  }();
  return catalog;
}

bool is_near(const Value& a, const Value& b, double error) {
  if (!a.is_number() || !b.is_number()) return a == b;
  return std::abs(a.number() - b.number()) <= error * std::max(1.0, std::abs(a.number()));
}

class RollupTest : public StoreTest {
 protected:
  RollupTest() : rows_(make_memory_store()) { EXPECT_TRUE(rows_->prepare(plain_shop()).ok()); }

  // To both, each by its own declarations.
  void keep_both(Batch batch) {
    keep(batch);
    for (Operation& operation : batch.operations) {
      operation.collection = plain(*operation.collection);
      operation.presence = Presence::kWhole;
    }
    batch.application = plain_shop().find(batch.application->name);
    EXPECT_TRUE(rows_->apply(batch).ok());
  }

  static const Collection* plain(const Collection& collection) {
    return *plain_shop().collection(collection.full_name());
  }

  // The same question to the store and to the rows alone.
  void compare(const Summary& summary) {
    Summary of_rows = summary;
    of_rows.collection = plain(*summary.collection);
    const auto expected = rows_->summarize(of_rows);
    const auto actual = store().summarize(summary);
    ASSERT_TRUE(expected.ok() && actual.ok()) << say(actual);
    cells_ += actual->rollups;
    ASSERT_EQ(actual->groups.size(), expected->groups.size());
    for (std::size_t g = 0; g < expected->groups.size(); ++g) {
      const Group& a = expected->groups[g];
      const Group& b = actual->groups[g];
      ASSERT_TRUE(a.bucket == b.bucket && a.key == b.key) << say(expected) << say(actual);
      for (std::size_t m = 0; m < summary.measures.size(); ++m) {
        const bool is_quantile = summary.measures[m].aggregate == Aggregate::kP95;
        const double error = is_quantile ? actual->quantile_error + 1e-12 : 1e-9;
        ASSERT_TRUE(is_near(a.measures[m], b.measures[m], error))
            << summary.measures[m].name << " is " << debug_text(b.measures[m]) << ", of the rows "
            << debug_text(a.measures[m]);
      }
    }
  }

  std::string count(std::string_view name, const Window& window, Instant now) {
    Words words;
    words.window = window;
    words.now = now;
    return say(store().summarize(summary_of(name, {.of = {{"n", "count()"}}}, words)));
  }

  void sweep(std::string_view name, Instant now) {
    const auto swept = store().expire({&collection(name), now, Expiry::Mode::kRemove, {}});
    ASSERT_TRUE(swept.ok()) << say(swept.error());
  }

  void rebuild(std::string_view name) {
    RollupCheck step{&collection(name), RollupCheck::Mode::kRebuild, std::nullopt};
    while (true) {
      const auto rolled = store().check_rollups(step);
      ASSERT_TRUE(rolled.ok()) << say(rolled.error());
      if (!rolled->period) return;
      step.after = rolled->period;
    }
  }

  void expect_right() {
    for (const auto& [name, application] : shop().applications()) {
      for (const auto& [of, journal] : application.collections) {
        EXPECT_EQ(rollup_difference(store(), journal), "");
      }
    }
  }

  std::unique_ptr<Store> rows_;
  std::uint64_t cells_ = 0;  // that answers were made of
};
DAYBOOK_FOR_ALL_STORES(RollupTest);

// Samples of a few days around a change of clocks, many to a minute, some late by hours.
class RandomSamples {
 public:
  // Of a hundred samples, so many only count.
  RandomSamples(std::uint64_t seed, Instant start, int counted = 0)
      : dice_(seed), now_(start), counted_(counted) {}

  std::size_t seen() const { return ids_.size(); }

  Dice& dice() { return dice_; }
  Instant now() const { return now_; }

  Batch batch() {
    now_ += std::chrono::minutes(dice_.below(dice_.chance(3) ? 600 : 15));
    std::vector<Operation> operations;
    for (int i = dice_.below(40); i >= 0; --i) operations.push_back(sample());
    if (!ids_.empty() && dice_.chance(25)) {
      std::swap(ids_[static_cast<std::size_t>(dice_.below(static_cast<int>(ids_.size())))],
                ids_.back());
      operations.push_back(remove("lab/samples", ids_.back()));
      ids_.pop_back();
    }
    return each(std::move(operations), now_);
  }

  Window window(const Zone& zone) {
    const Instant start = moment();
    const Instant end = moment();
    return {std::min(start, end), std::max(start, end) + Duration(1), zone};
  }

 private:
  Operation sample() {
    const auto late =
        std::chrono::seconds(dice_.chance(8) ? dice_.below(100'000) : dice_.below(60));
    const std::string id = "s" + std::to_string(++made_);
    Operation operation =
        insert("lab/samples",
               R"({"id":")" + id + R"(","at":")" + format_instant(now_ - late) + R"(","probe":"p)" +
                   std::to_string(dice_.below(3)) + R"(","value":)" +
                   std::to_string(dice_.below(200) - 60) + R"(.25})",
               now_);
    if (counted_ > 0 && dice_.chance(counted_)) return counted(std::move(operation));
    ids_.push_back(id);
    return operation;
  }

  Instant moment() {
    const Instant moment = now_ - std::chrono::seconds(dice_.below(5 * 86'400));
    if (dice_.chance(50)) return moment;
    return Zone().floor(moment, {StepUnit::kMinute, 15});
  }

  Dice dice_;
  Instant now_;
  const int counted_;
  int made_ = 0;
  std::vector<std::string> ids_;  // that are there
};

TEST_P(RollupTest, AnswersAreThoseOfTheRowsInFortyZones) {
  const std::vector<std::string> starts = {"2026-03-26T00:00:00Z", "2025-10-23T00:00:00Z",
                                           "1890-06-01T00:00:00Z", "2011-12-28T00:00:00Z"};
  for (std::size_t round = 0; round < starts.size(); ++round) {
    SCOPED_TRACE(starts[round]);
    start_over();
    rows_ = make_memory_store();
    ASSERT_TRUE(rows_->prepare(plain_shop()).ok());
    RandomSamples random(round, at(starts[round]));
    for (std::size_t turn = 0; turn < 40; ++turn) {
      for (int i = 0; i < 4; ++i) keep_both(random.batch());
      if (GetParam().is_durable && turn % 9 == 8) reopen();
      const std::string& zone = forty_zones()[(turn * 7 + round) % forty_zones().size()];
      SCOPED_TRACE("turn " + std::to_string(turn) + " " + zone);
      const std::vector<std::string> steps = {"", "15m", "1h", "1d", "1w", "1mo"};
      SummaryWords words{.every = random.dice().pick(steps), .zone = zone, .of = kMeasures};
      if (random.dice().chance(50)) words.by = {"probe"};
      Words about;
      about.window = random.window(*Zone::find(zone));
      about.now = random.now();
      if (random.dice().chance(30)) about.where = "probe in ['p0', 'p2']";
      ASSERT_NO_FATAL_FAILURE(compare(summary_of("lab/samples", words, about)));
      if (turn % 4 == 3) expect_right();
    }
  }
  const bool is_large = !GetParam().is_durable || GetParam().name == "sqlite";
  EXPECT_TRUE(is_large || cells_ > 100U) << cells_;
}

TEST_P(RollupTest, WhatOnlyCountsIsInWholeBucketsLikeAllTheRest) {
  RandomSamples random(11, at("2026-03-26T00:00:00Z"), 70);
  const std::vector<std::string> zones = {"UTC", "Europe/Berlin", "Asia/Kathmandu"};
  for (std::size_t turn = 0; turn < 40; ++turn) {
    SCOPED_TRACE("turn " + std::to_string(turn));
    for (int i = 0; i < 4; ++i) keep_both(random.batch());
    if (GetParam().is_durable && turn % 5 == 4) reopen();
    if (turn % 7 == 6) sweep("lab/samples", random.now());
    if (turn % 11 == 10) rebuild("lab/samples");
    const std::string& zone = random.dice().pick(zones);
    const std::vector<std::string> steps = {"", "15m", "1h", "1d", "1w", "1mo"};
    SummaryWords words{.every = random.dice().pick(steps), .zone = zone, .of = kMeasures};
    if (random.dice().chance(50)) words.by = {"probe"};
    Words about;
    about.window = random.window(*Zone::find(zone));
    about.window->start = Zone().floor(about.window->start, {StepUnit::kMinute, 1});
    about.window->end = Zone().next(about.window->end, {StepUnit::kMinute, 1});
    about.now = random.now();
    if (random.dice().chance(30)) about.where = "probe in ['p0', 'p2']";
    ASSERT_NO_FATAL_FAILURE(compare(summary_of("lab/samples", words, about)));
    Words ever;
    ever.now = at("2100-01-01T00:00:00Z");
    ASSERT_EQ(rows_of(store(), scan_of("lab/samples", ever))->size(), random.seen());
    if (turn % 4 == 3) expect_right();
  }
}

TEST_P(RollupTest, WhatOnlyCountsIsNoRowAndTakesNoPosition) {
  const auto sample = [](std::string_view id, std::string_view value) {
    return insert("lab/samples", R"({"id":")" + std::string(id) +
                                     R"(","at":"2026-03-10T11:00:00Z","probe":"p","value":)" +
                                     std::string(value) + "}");
  };
  EXPECT_EQ(apply(each({sample("a", "1"), counted(sample("b", "2"))})), "[1..1] stored, counted");
  EXPECT_EQ(apply(each({counted(sample("c", "3"))})), "[0..1] counted");
  // What came before is known, whatever it was then.
  EXPECT_EQ(apply(each({sample("b", "2"), counted(sample("a", "1")), counted(sample("c", "4"))})),
            "[0..1] same, same, conflict #/id: a row with this id is there already, with "
            "other content");
  if (GetParam().is_durable) reopen();
  EXPECT_EQ(apply(each({sample("b", "2")})), "[0..1] same");
  EXPECT_EQ(apply(each({update("lab/samples", "b", "{}"), remove("lab/samples", "b")})),
            "[0..1] missing: there is no row with this id, missing: there is no row with "
            "this id");
  EXPECT_EQ(ids_of(store(), scan_of("lab/samples")), "a");
  EXPECT_FALSE(find_one(store(), "lab/samples", "b"));
  const Window hour = between("2026-03-10T11:00:00Z", "2026-03-10T12:00:00Z");
  const std::string all = count("lab/samples", hour, noon());
  EXPECT_NE(all.find('3'), std::string::npos) << all;
  Summary seen = summary_of("lab/samples", {.of = {{"n", "count()"}}}, {.window = hour});
  seen.is_of_rows_seen = true;
  EXPECT_EQ(store().summarize(seen)->groups[0].measures[0], Value(std::int64_t{1}));
  // Its day over, it is summed and gone.
  const auto swept = store().expire(
      {&collection("lab/samples"), at("2026-03-11T00:00:00Z"), Expiry::Mode::kRemove, {}});
  ASSERT_TRUE(swept.ok());
  EXPECT_EQ(swept->rows, 2U);
  EXPECT_EQ(count("lab/samples", hour, noon()), all);
  EXPECT_EQ(ids_of(store(), scan_of("lab/samples")), "a");
}

TEST_P(RollupTest, ErasedRowsAreTakenOut) {
  RandomSamples random(5, noon(), 50);
  for (int i = 0; i < 40; ++i) keep_both(random.batch());
  const Erasure erasure{&collection("lab/samples"), where("lab/samples", "probe = 'p1'"),
                        Erasure::Mode::kRemove};
  ASSERT_TRUE(store().erase(erasure).ok());
  Erasure of_rows = erasure;
  of_rows.collection = plain(*erasure.collection);
  ASSERT_TRUE(rows_->erase(of_rows).ok());
  Words about;
  about.now = random.now();
  const SummaryWords words{.by = {"probe"}, .every = "1h", .of = kMeasures};
  ASSERT_NO_FATAL_FAILURE(compare(summary_of("lab/samples", words, about)));
  expect_right();
}

TEST_P(RollupTest, OutliveTheRowsInWholeBucketsForTheirOwnKeep) {
  std::vector<Operation> visits;
  for (int i = 0; i < 200; ++i) {
    const Instant seen = at("2026-03-10T10:00:00Z") + std::chrono::seconds(36 * i);
    visits.push_back(insert("shop/visits", R"({"id":"v)" + std::to_string(i) + R"(","seen_at":")" +
                                               format_instant(seen) +
                                               R"(","page":"/a","millis":1})"));
  }
  keep(each(std::move(visits)));
  const Window all = between("2026-03-10T09:00:00Z", "2026-03-10T13:00:00Z");
  const Window part = between("2026-03-10T10:00:30Z", "2026-03-10T11:00:00Z");
  const Instant later = at("2026-03-12T00:00:00Z");
  const std::string everything = count("shop/visits", all, noon());
  const std::string whole_minutes =
      count("shop/visits", between("2026-03-10T10:01:00Z", "2026-03-10T11:00:00Z"), noon());
  for (const bool is_swept : {false, true}) {
    if (is_swept) sweep("shop/visits", later);
    EXPECT_EQ(count("shop/visits", all, later), everything);
    EXPECT_EQ(count("shop/visits", part, later), whole_minutes);
    EXPECT_EQ(all_rows(store(), "shop/visits", later), "");
  }
  if (GetParam().is_durable) reopen();
  const Erasure erasure{&collection("shop/visits"), where("shop/visits", "page = '/a'"),
                        Erasure::Mode::kRemove};
  ASSERT_TRUE(store().erase(erasure).ok());
  EXPECT_EQ(count("shop/visits", all, later), everything);
  const Instant last = at("2026-03-13T10:00:30Z");
  EXPECT_EQ(count("shop/visits", all, last), everything);
  const Instant gone = at("2026-03-13T12:00:00Z");
  const std::string nothing =
      count("shop/visits", between("2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z"), gone);
  EXPECT_EQ(count("shop/visits", all, gone), nothing);
  sweep("shop/visits", gone);
  EXPECT_EQ(count("shop/visits", all, gone), nothing);
}

TEST_P(RollupTest, RowsThatComeAfterTheirPeriodExpiredCountOnce) {
  const Window all = between("2026-03-10T09:00:00Z", "2026-03-10T13:00:00Z");
  const Instant later = at("2026-03-12T00:00:00Z");
  std::set<std::string> counts;
  for (const std::string id : {"v1", "v2", "v3"}) {
    keep(each({insert("shop/visits",
                      R"({"id":")" + id + R"(","seen_at":"2026-03-10T10:30:00Z","page":"/a"})")}));
    const std::string counted = count("shop/visits", all, later);
    EXPECT_TRUE(counts.insert(counted).second) << id << " does not count: " << counted;
    sweep("shop/visits", later);
    EXPECT_EQ(count("shop/visits", all, later), counted) << id;
    EXPECT_EQ(all_rows(store(), "shop/visits", later), "");
    expect_right();
  }
}

TEST_P(RollupTest, RowsOfOneTenantThatExpireStayInTheSums) {
  std::vector<Operation> orders;
  for (int i = 0; i < 80; ++i) {
    orders.push_back(insert("shop/orders", R"({"id":"o)" + std::to_string(i) +
                                               R"(","placed_at":"2026-03-01T08:00:00Z",)" +
                                               R"("customer":"x","branch":")" +
                                               (i % 4 == 0 ? "south" : "north") + "\"}"));
  }
  keep(each(std::move(orders)));
  const Window all = between("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z");
  const std::string everything = count("shop/orders", all, noon());
  Expiry expiry;
  expiry.collection = &collection("shop/orders");
  expiry.now = noon();
  expiry.tenants = {{"south", std::chrono::hours(24 * 3)}};
  EXPECT_EQ(store().expire(expiry)->rows, 20u);
  EXPECT_EQ(rows_of(store(), scan_of("shop/orders"))->size(), 60u);
  EXPECT_EQ(count("shop/orders", all, noon()), everything);
}

}  // namespace

}  // namespace daybook::contract
