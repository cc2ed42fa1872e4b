#include "query/rollup_cells.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "base/hash.h"
#include "query/sample_collection.h"
#include "query/slot_sums.h"

namespace daybook {
namespace {

const Collection& journal() {
  static const Collection kJournal = sample_journal();
  return kJournal;
}

Rollup sample_rollup() {
  const auto field = [](std::string_view name) { return *journal().find_field(name); };
  Rollup rollup;
  rollup.name = "by_endpoint_status_code";
  rollup.by = {field("endpoint"), field("status_code")};
  rollup.measures = {field("took_ms"), field("bytes"), field("metrics")};
  rollup.distinct = {field("trace")};
  rollup.rates = {*parse_expression("took_ms > 500")};
  rollup.tiers = {{StepUnit::kMinute, 1}, {StepUnit::kHour, 1}};
  return rollup;
}

Duration minutes(int n) { return std::chrono::minutes(n); }

// Rows over three hours with everything that a measure may be: absent, negative, zero, an entry of
// a map that few rows have.
class Visits {
 public:
  explicit Visits(std::uint64_t seed) : random_(seed) {}

  Row row() {
    const Instant noon = *parse_instant("2025-12-05T12:00:00Z");
    Row row = sample_row(journal(), "v" + std::to_string(++made_),
                         noon + std::chrono::seconds(below(3 * 3600)));
    if (below(10) > 0) set(journal(), row, "endpoint", "/e" + std::to_string(below(4)));
    set(journal(), row, "status_code", 200 + 100 * below(3));
    if (below(5) > 0) set(journal(), row, "took_ms", below(2000) * 0.37 - 20);
    if (below(4) > 0) set(journal(), row, "bytes", std::int64_t{below(1000)} * (below(5) - 1));
    Map metrics;
    if (below(3) == 0) metrics.push_back({"cpu", Value(below(100) * 1.0)});
    if (below(9) == 0) metrics.push_back({"heat", Value(below(100) * -1.5)});
    if (!metrics.empty()) set(journal(), row, "metrics", Value(std::move(metrics)));
    if (below(2) == 0) {
      set(journal(), row, "trace",
          "00000000-0000-4000-8000-0000000000" + std::to_string(10 + below(80)));
    }
    return row;
  }

  std::vector<Row> rows(int n) {
    std::vector<Row> made;
    for (int i = 0; i < n; ++i) made.push_back(row());
    return made;
  }

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }

  std::mt19937_64 random_;
  int made_ = 0;
};

RollupCells cells_of(const std::vector<Row>& rows, const Rollup& rollup, Duration width) {
  RowCells cells(journal(), rollup, minutes(1));
  for (const Row& row : rows) cells.add(row);
  return merge_cells({&cells.cells()}, width);
}

std::string difference(const RollupCells& a, const RollupCells& b) {
  return first_difference(a, b, journal(), sample_rollup());
}

// D-34
TEST(RollupCellsTest, SumsOfRowsAreTheirSums) {
  const Rollup rollup = sample_rollup();
  std::vector<Row> rows;
  const Instant noon = *parse_instant("2025-12-05T12:00:00Z");
  for (int i = 0; i < 4; ++i) {
    rows.push_back(sample_row(journal(), "v" + std::to_string(i), noon + minutes(20 * i)));
    set(journal(), rows.back(), "endpoint", "/x");
    set(journal(), rows.back(), "took_ms", 1.5 * i);
    if (i != 2) set(journal(), rows.back(), "bytes", std::int64_t{1} << (62 + i % 2));
  }
  const RollupCells cells = cells_of(rows, rollup, minutes(60));
  ASSERT_EQ(cells.size(), 2U);
  EXPECT_EQ(cells.rows, (std::vector<std::int64_t>{3, 1}));
  const MeasureCells& took = cells.measures[0];
  EXPECT_EQ(took.counts[0], 3);
  EXPECT_EQ(took.sums[0], (FloatSum{4.5, 0}));
  EXPECT_EQ(took.squares[0], 1.5 * 1.5 + 9);
  EXPECT_EQ(took.number(took.least[0]), 0);
  EXPECT_EQ(took.number(took.most[0]), 3);
  EXPECT_EQ(cells.ids[took.last[0].id], "v2");
  const MeasureCells& bytes = cells.measures[1];
  EXPECT_EQ(bytes.counts[0], 2);
  EXPECT_EQ(bytes.wholes[0], (IntegerSum{1} << 62) + (std::int64_t{1} << 63));
}

TEST(RollupCellsTest, MergingInAnyOrderAndGrainGivesTheSame) {
  const Rollup rollup = sample_rollup();
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const std::vector<Row> rows = Visits(seed).rows(400);
    const RollupCells whole = cells_of(rows, rollup, minutes(60));
    std::vector<RollupCells> parts;
    for (std::size_t i = 0; i < rows.size(); i += 90) {
      const std::size_t end = std::min(rows.size(), i + 90);
      const std::vector<Row> some(rows.begin() + static_cast<std::ptrdiff_t>(i),
                                  rows.begin() + static_cast<std::ptrdiff_t>(end));
      parts.push_back(cells_of(some, rollup, minutes(i % 20 == 0 ? 15 : 1)));
    }
    std::vector<const RollupCells*> pointers;
    for (const RollupCells& part : parts) pointers.push_back(&part);
    EXPECT_EQ(difference(whole, merge_cells(pointers, minutes(60))), "");
    std::shuffle(pointers.begin(), pointers.end(), std::mt19937_64(seed));
    EXPECT_EQ(difference(whole, merge_cells(pointers, minutes(60))), "");
    EXPECT_EQ(count_merged({&whole}, minutes(180)), merge_cells({&whole}, minutes(180)).size());
  }
}

TEST(RollupCellsTest, WhatIsWrittenReadsBack) {
  const Rollup rollup = sample_rollup();
  for (const int rows : {0, 1, 7, 500}) {
    const RollupCells cells = cells_of(Visits(7).rows(rows), rollup, minutes(15));
    const std::string bytes = write_cells(cells, journal(), rollup);
    const auto read = read_cells(bytes, journal(), rollup, all_cells());
    ASSERT_TRUE(read.ok()) << read.error().message();
    EXPECT_EQ(difference(cells, *read), "");
    EXPECT_EQ(read->width, minutes(15));
  }
}

TEST(RollupCellsTest, OnlyWhatIsWantedIsUnpacked) {
  const Rollup rollup = sample_rollup();
  const RollupCells cells = cells_of(Visits(7).rows(100), rollup, minutes(15));
  const std::string bytes = write_cells(cells, journal(), rollup);
  const FieldRef took{*journal().find_field("took_ms"), ""};
  const auto read = read_cells(bytes, journal(), rollup,
                               {WantedCells::kNothing, {{took, WantedCells::kSums}}, false});
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read->measures.size(), 1U);
  EXPECT_EQ(read->measures[0].field, took);
  EXPECT_TRUE(read->measures[0].slots.bytes().empty());
  EXPECT_TRUE(read->distinct[0].empty());
  EXPECT_EQ(read->rows, cells.rows);
}

TEST(RollupCellsTest, OnlyWantedBucketsAreRead) {
  const Rollup rollup = sample_rollup();
  const std::vector<Row> rows = Visits(9).rows(6'000);
  const RollupCells cells = cells_of(rows, rollup, minutes(1));
  ASSERT_GT(cells.size(), 2'048U) << "of more than one chunk";
  const std::string bytes = write_cells(cells, journal(), rollup);
  EXPECT_EQ(difference(cells, *read_cells(bytes, journal(), rollup, all_cells())), "");
  const std::int64_t noon = micros(*parse_instant("2025-12-05T12:00:00Z"));
  const auto after_noon = [&](int quarters) { return noon + quarters * minutes(15).count(); };
  using Ranges = std::vector<std::pair<std::int64_t, std::int64_t>>;
  const std::vector<Ranges> cases = {
      {},
      {{after_noon(0), after_noon(1)}},
      {{after_noon(-9), after_noon(2)}},
      {{after_noon(11), after_noon(40)}},
      {{after_noon(1), after_noon(3)}, {after_noon(3), after_noon(4)}},
      {{after_noon(2), after_noon(3)}, {after_noon(7), after_noon(9)}}};
  for (const Ranges& ranges : cases) {
    std::vector<Row> some;
    for (const Row& row : rows) {
      const std::int64_t bucket = bucket_start(micros(row_time(journal(), row)), minutes(1));
      const auto holds = [&](const auto& r) { return r.first <= bucket && bucket < r.second; };
      if (std::ranges::any_of(ranges, holds)) some.push_back(row);
    }
    for (const bool is_checked : {false, true}) {
      WantedCells wanted = all_cells();
      wanted.is_checked = is_checked;
      wanted.ranges = ranges;
      const auto read = read_cells(bytes, journal(), rollup, wanted);
      ASSERT_TRUE(read.ok()) << read.error().message();
      EXPECT_EQ(difference(cells_of(some, rollup, minutes(1)), *read), "");
    }
  }
}

TEST(RollupCellsTest, OnlyWantedKeysAreRead) {
  const Rollup rollup = sample_rollup();
  const std::vector<Row> rows = Visits(9).rows(6'000);
  const std::string bytes = write_cells(cells_of(rows, rollup, minutes(1)), journal(), rollup);
  const auto is_asked = [](const Value& endpoint) { return endpoint == Value("/e1"); };
  WantedCells wanted = all_cells();
  wanted.keys = [&](const RollupCells& keys) {
    std::vector<char> asked;
    for (std::size_t k = 0; k < keys.key_count; ++k) {
      asked.push_back(is_asked(keys.values[0][keys.key(k)[0]]) ? 1 : 0);
    }
    return asked;
  };
  std::vector<Row> some;
  for (const Row& row : rows) {
    if (is_asked(row.values[rollup.by[0]])) some.push_back(row);
  }
  const auto read = read_cells(bytes, journal(), rollup, wanted);
  ASSERT_TRUE(read.ok()) << read.error().message();
  EXPECT_EQ(difference(cells_of(some, rollup, minutes(1)), *read), "");
  wanted.keys = [](const RollupCells& keys) { return std::vector<char>(keys.key_count, 0); };
  EXPECT_EQ(read_cells(bytes, journal(), rollup, wanted)->size(), 0U);
}

TEST(RollupCellsTest, NarrowingSumsWhatIsNotToldApart) {
  const Rollup rollup = sample_rollup();
  const std::int64_t noon = micros(*parse_instant("2025-12-05T12:00:00Z"));
  const std::int64_t hour = minutes(60).count();
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const std::vector<Row> rows = Visits(seed).rows(400);
    const std::vector<Row> early(rows.begin(), rows.begin() + 150);
    const std::vector<Row> late(rows.begin() + 150, rows.end());
    const RollupCells a = cells_of(early, rollup, minutes(1));
    const RollupCells b = cells_of(late, rollup, minutes(15));
    std::vector<Row> alike = rows;
    for (Row& row : alike) set(journal(), row, "status_code", Value());
    const RollupCells expected = cells_of(alike, rollup, minutes(60));
    const auto hours = narrow_cells(
        {&a, &b},
        {{{noon, noon + hour}, {noon + hour, noon + 2 * hour}, {noon + 2 * hour, noon + 3 * hour}},
         {true, false}});
    ASSERT_TRUE(hours.ok());
    RollupCells sums = *hours;
    sums.width = expected.width;
    EXPECT_EQ(difference(expected, sums), "");
    std::uint64_t narrowed = 0;
    for (std::size_t c = 0; c < hours->size(); ++c) narrowed += hours->stands_for(c);
    EXPECT_EQ(narrowed, a.size() + b.size());
    const auto all = narrow_cells({&*hours}, {{{noon, noon + 3 * hour}}, {false, false}});
    ASSERT_TRUE(all.ok());
    EXPECT_EQ(all->rows, (std::vector<std::int64_t>{400}));
    EXPECT_EQ(all->stands_for(0), narrowed);
  }
}

TEST(RollupCellsTest, BrokenSlotsAreNotNarrowed) {
  RollupCells cells = cells_of(Visits(3).rows(60), sample_rollup(), minutes(15));
  const Narrowing narrowing{{{micros(min_instant()), micros(max_instant())}}, {false, false}};
  ASSERT_TRUE(narrow_cells({&cells}, narrowing).ok());
  SlotLists slots;
  const Histogram::Slot slot{64, 1000};
  for (std::size_t c = 0; c < cells.size(); ++c) slots.add({&slot, 1});
  cells.measures[0].slots = slots;
  const auto narrow = narrow_cells({&cells}, narrowing);
  ASSERT_FALSE(narrow.ok());
  EXPECT_EQ(narrow.error().code(), Code::kMalformed);
}

TEST(RollupCellsTest, AnotherDeclarationIsSaidOrLeftOut) {
  Rollup rollup = sample_rollup();
  const std::string bytes =
      write_cells(cells_of(Visits(7).rows(50), rollup, minutes(15)), journal(), rollup);
  Rollup wider = rollup;
  wider.measures.push_back(*journal().find_field("scores"));
  wider.rates.push_back(*parse_expression("took_ms > 9"));
  const auto read = read_cells(bytes, journal(), wider, all_cells());
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->measured, rollup.measures);
  EXPECT_FALSE(read->holding[0].empty());
  EXPECT_TRUE(read->holding[1].empty());
  Rollup other = rollup;
  std::swap(other.by[0], other.by[1]);
  const auto refused = read_cells(bytes, journal(), other, all_cells());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), Code::kInvalid);
}

TEST(RollupCellsTest, BrokenBytesAreRefused) {
  const Rollup rollup = sample_rollup();
  const std::string bytes =
      write_cells(cells_of(Visits(3).rows(60), rollup, minutes(15)), journal(), rollup);
  for (std::size_t size = 0; size < bytes.size(); size += 7) {
    EXPECT_FALSE(read_cells(bytes.substr(0, size), journal(), rollup, all_cells()).ok());
  }
  std::mt19937_64 random(1);
  for (int i = 0; i < 3000; ++i) {
    std::string damaged = bytes;
    damaged[random() % damaged.size()] ^= static_cast<char>(1 + random() % 255);
    EXPECT_FALSE(read_cells(damaged, journal(), rollup, all_cells()).ok());
    // A right checksum does not make it right: whatever is read must not be out of bounds.
    damaged.resize(damaged.size() - 4);
    const std::uint32_t sum = checksum(damaged);
    damaged.append(reinterpret_cast<const char*>(&sum), sizeof(sum));
    const auto read = read_cells(damaged, journal(), rollup, all_cells());
    if (read.ok()) (void)merge_cells({&read.value()}, minutes(60));
    WantedCells unchecked = all_cells();
    unchecked.is_checked = false;
    const auto raw = read_cells(damaged, journal(), rollup, unchecked);
    for (std::size_t m = 0; raw.ok() && m < raw->measures.size(); ++m) {
      SlotSums sums;
      for (std::size_t c = 0; c < raw->size(); ++c) (void)raw->measures[m].slots.read(c, sums);
      (void)sums.take();
    }
  }
}

TEST(RollupCellsTest, ADifferenceIsNamed) {
  const Rollup rollup = sample_rollup();
  const RollupCells cells = cells_of(Visits(3).rows(60), rollup, minutes(15));
  RollupCells other = cells;
  ++other.rows[0];
  EXPECT_NE(difference(cells, other).find("count is"), std::string::npos);
  other = cells;
  const auto counted = std::ranges::find_if(cells.measures[0].counts, [](auto n) { return n > 0; });
  const auto cell = static_cast<std::size_t>(counted - cells.measures[0].counts.begin());
  other.measures[0].most[cell] ^= 1;
  EXPECT_NE(difference(cells, other).find("max of took_ms"), std::string::npos);
}

}  // namespace
}  // namespace daybook
