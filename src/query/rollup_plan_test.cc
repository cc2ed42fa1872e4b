#include "query/rollup_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "query/sample_collection.h"
#include "query/sample_zones.h"
#include "query/summary_words.h"

namespace daybook {
namespace {

Collection rolled_journal() {
  Collection made = sample_journal();
  const auto field = [&](std::string_view name) { return *made.find_field(name); };
  Rollup rollup;
  rollup.by = {field("endpoint"), field("status_code"), field("day")};
  rollup.measures = {field("took_ms"), field("bytes"), field("metrics")};
  rollup.distinct = {field("trace")};
  rollup.rates = {*parse_expression("took_ms > 500")};
  rollup.tiers = {
      {StepUnit::kMinute, 1}, {StepUnit::kMinute, 15}, {StepUnit::kHour, 1}, {StepUnit::kDay, 1}};
  made.rollups.push_back(rollup);
  return made;
}

const Collection& journal() {
  static const Collection kJournal = rolled_journal();
  return kJournal;
}

Instant at(std::string_view text) { return *parse_instant(text); }

Filter filter_of(const std::string& text) {
  return *bind_filter(journal(), *parse_expression(text), {});
}

Measure measure_of(const std::string& text) {
  return *bind_measure(journal(), text, *parse_expression(text), {});
}

Summary summary_of(const std::vector<std::string>& by, const std::vector<std::string>& measures) {
  Summary summary;
  summary.collection = &journal();
  for (const std::string& name : by) summary.by.push_back(*find_field(journal(), name));
  for (const std::string& text : measures) summary.measures.push_back(measure_of(text));
  summary.now = at("2025-12-20T00:00:00Z");
  return summary;
}

TEST(RollupPlanTest, ChoosesTheRollupThatHasWhatIsAsked) {
  const auto is_answered = [](const Summary& summary) {
    return RollupPlan::make(summary).has_value();
  };
  const auto filtered = [](const std::string& filter) {
    Summary summary = summary_of({"endpoint"}, {"count()"});
    summary.filter = filter_of(filter);
    return summary;
  };
  const std::vector<std::string> good = {"count()",
                                         "count(took_ms)",
                                         "rate(status_code >= 500)",
                                         "count(took_ms > 500)",
                                         "rate(took_ms > 500)",
                                         "avg(bytes)",
                                         "p95(took_ms)",
                                         "distinct(trace)",
                                         "first(took_ms)",
                                         "sum(metrics.cpu)",
                                         "distinct(endpoint)",
                                         "max(status_code)",
                                         "count(endpoint)"};
  for (const std::string& measure : good) {
    EXPECT_TRUE(is_answered(summary_of({"endpoint"}, {measure}))) << measure;
  }
  for (const std::string measure : {"distinct(title)", "rate(took_ms > 400)", "sum(scores.loud)",
                                    "last(title)", "count(trace)"}) {
    EXPECT_FALSE(is_answered(summary_of({"endpoint"}, {measure}))) << measure;
  }
  EXPECT_FALSE(is_answered(summary_of({"method"}, {"count()"})));
  EXPECT_TRUE(is_answered(filtered("endpoint = '/x' AND NOT status_code in [200, 404]")));
  EXPECT_FALSE(is_answered(filtered("endpoint = '/x' AND took_ms > 3")));
  EXPECT_FALSE(is_answered(filtered("id = 'v1'")));
  Summary fine = summary_of({}, {"count()"});
  fine.every = Step{StepUnit::kSecond, 10};
  EXPECT_FALSE(is_answered(fine));
}

std::string text_of(const std::vector<RollupPlan::Span>& spans) {
  std::string text;
  for (const RollupPlan::Span& span : spans) {
    text += format_instant(from_micros(span.start)).substr(5, 14) + ".." +
            format_instant(from_micros(span.end)).substr(5, 14) + (span.is_whole ? " " : "! ");
  }
  return text;
}

TEST(RollupPlanTest, CutsAWindowIntoCoarseBucketsFinerOnesAndEdges) {
  Summary summary = summary_of({}, {"count()"});
  summary.window = Window{at("2025-12-05T22:44:30Z"), at("2025-12-07T01:20:10Z"), Zone()};
  const auto plan = RollupPlan::make(summary);
  ASSERT_TRUE(plan);
  auto spans = plan->spans(micros(min_instant()), micros(max_instant()));
  EXPECT_EQ(text_of(spans),
            "12-05T22:44:30..12-05T22:45:00! 12-05T22:45:00..12-07T01:20:00 "
            "12-07T01:20:00..12-07T01:20:10! ");
  using std::chrono::minutes;
  EXPECT_EQ(text_of(RollupPlan::take_buckets(spans, minutes(1440))),
            "12-06T00:00:00..12-07T00:00:00 ");
  EXPECT_EQ(text_of(RollupPlan::take_buckets(spans, minutes(60))),
            "12-05T23:00:00..12-06T00:00:00 12-07T00:00:00..12-07T01:00:00 ");
  EXPECT_EQ(text_of(RollupPlan::take_buckets(spans, minutes(15))),
            "12-05T22:45:00..12-05T23:00:00 12-07T01:00:00..12-07T01:15:00 ");
  EXPECT_EQ(text_of(RollupPlan::take_buckets(spans, minutes(1))),
            "12-07T01:15:00..12-07T01:20:00 ");
  EXPECT_EQ(text_of(spans), "12-05T22:44:30..12-05T22:45:00! 12-07T01:20:00..12-07T01:20:10! ");
}

TEST(RollupPlanTest, DaysOfAZoneAreMadeOfItsQuarters) {
  Summary summary = summary_of({}, {"count()"});
  summary.zone = *Zone::find("Asia/Kathmandu");
  summary.every = Step{StepUnit::kDay, 1};
  summary.window = Window{at("2025-12-04T18:15:00Z"), at("2025-12-06T18:15:00Z"), summary.zone};
  auto spans = RollupPlan::make(summary)->spans(micros(min_instant()), micros(max_instant()));
  EXPECT_EQ(text_of(spans), "12-04T18:15:00..12-05T18:15:00 12-05T18:15:00..12-06T18:15:00 ");
  EXPECT_EQ(spans[1].bucket, at("2025-12-05T18:15:00Z"));
}

TEST(RollupPlanTest, BeforeItsOwnKeepOnlyRowsCount) {
  Collection kept = journal();
  kept.rollups[0].keep = std::chrono::hours(24 * 10);
  Summary summary = summary_of({}, {"count()"});
  summary.collection = &kept;
  summary.window = Window{at("2025-12-01T00:00:00Z"), at("2025-12-20T00:00:00Z"), Zone()};
  const auto plan = RollupPlan::make(summary);
  EXPECT_EQ(text_of(plan->spans(micros(min_instant()), micros(max_instant()))),
            "12-01T00:00:00..12-10T00:00:00! 12-10T00:00:00..12-20T00:00:00 ");
  EXPECT_FALSE(plan->counts_past_keep(micros(at("2025-12-09T23:59:59Z"))));
  EXPECT_TRUE(plan->counts_past_keep(micros(at("2025-12-10T00:00:00Z"))));
}

// A journal's rows as sums of one tier and as themselves.
class Rolled {
 public:
  Rolled(std::uint64_t seed, Instant start, int days) : random_(seed), start_(start), days_(days) {
    RowCells cells(journal(), rollup(), width_of(rollup().tiers.front()));
    for (int i = 0; i < 600; ++i) {
      rows_.push_back(row(i));
      cells.add(rows_.back());
    }
    for (const Step& tier : rollup().tiers) {
      tiers_.push_back(merge_cells({&cells.cells()}, width_of(tier)));
    }
  }

  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  Instant instant() {
    // Often where days, hours and changes of clocks are.
    const auto offset = std::chrono::seconds(below(days_ * 86400));
    return start_ + (below(3) == 0 ? offset - offset % std::chrono::minutes(15) : offset);
  }

  Groups by_rows(const Summary& summary) const {
    GroupTable groups(summary);
    for (const Row& row : rows_) {
      const bool is_asked =
          summary.window->contains(row_time(journal(), row)) && matches(summary.filter, row);
      EXPECT_TRUE(!is_asked || groups.add(row).ok());
    }
    return std::move(groups).finish();
  }

  // Narrowed: what is read is brought down to what the question needs first.
  enum class Cells { kWhole, kNarrowed };
  Groups by_cells(const Summary& summary, Cells cells) const {
    const auto plan = RollupPlan::make(summary);
    EXPECT_TRUE(plan);
    GroupTable groups(summary);
    auto spans = plan->spans(micros(start_) - 86'400'000'000, micros(max_instant()));
    for (std::size_t tier = tiers_.size(); tier-- > 0;) {
      const auto taken = RollupPlan::take_buckets(spans, tiers_[tier].width);
      const RollupCells whole = cells == Cells::kWhole || taken.empty()
                                    ? tiers_[tier]
                                    : narrowed(*plan, tiers_[tier], taken);
      CellFolder folder(*plan, whole);
      for (const auto& span : taken) {
        EXPECT_TRUE(folder.fold(span.start, span.end, span.bucket, groups).ok());
      }
      if (cells == Cells::kNarrowed) {
        EXPECT_EQ(folder.cells(), count(*plan, tiers_[tier], taken));
      }
    }
    for (const Row& row : rows_) {
      const std::int64_t time = micros(row_time(journal(), row));
      const bool is_left = std::ranges::any_of(
          spans, [&](const auto& span) { return span.start <= time && time < span.end; });
      EXPECT_TRUE(!is_left || !plan->counts_past_keep(time));
      const bool is_asked = is_left && matches(summary.filter, row);
      EXPECT_TRUE(!is_asked || groups.add(row).ok());
    }
    return std::move(groups).finish();
  }

 private:
  static const Rollup& rollup() { return journal().rollups.front(); }

  static RollupCells narrowed(const RollupPlan& plan, const RollupCells& tier,
                              const std::vector<RollupPlan::Span>& taken) {
    Narrowing narrowing{{}, plan.wanted_by()};
    for (const auto& span : taken) narrowing.ranges.emplace_back(span.start, span.end);
    WantedCells wanted = plan.wanted();
    wanted.ranges = narrowing.ranges;
    wanted.keys = [&](const RollupCells& keys) { return CellFolder(plan, keys).asked(); };
    const std::string bytes = write_cells(tier, journal(), rollup());
    const auto read = read_cells(bytes, journal(), rollup(), wanted);
    EXPECT_TRUE(read.ok());
    auto narrow = narrow_cells({&*read}, narrowing);
    EXPECT_TRUE(narrow.ok());
    return *std::move(narrow);
  }

  // The cells that the plan asks for.
  static std::uint64_t count(const RollupPlan& plan, const RollupCells& tier,
                             const std::vector<RollupPlan::Span>& taken) {
    const auto asked = CellFolder(plan, tier).asked();
    std::uint64_t count = 0;
    for (std::size_t c = 0; c < tier.size(); ++c) {
      const bool is_taken = std::ranges::any_of(taken, [&](const auto& span) {
        return span.start <= tier.buckets[c] && tier.buckets[c] < span.end;
      });
      count += is_taken && asked[tier.key_of[c]] != 0 ? 1 : 0;
    }
    return count;
  }

  Row row(int i) {
    Row row = sample_row(journal(), "v" + std::to_string(i), instant());
    if (below(10) > 0) set(journal(), row, "endpoint", "/e" + std::to_string(below(3)));
    set(journal(), row, "status_code", 200 + 100 * below(4));
    if (below(5) > 0) set(journal(), row, "took_ms", below(2000) * 0.37 - 20);
    if (below(4) > 0) set(journal(), row, "bytes", std::int64_t{below(1000)});
    if (below(3) == 0) set(journal(), row, "metrics", Value(Map{{"cpu", Value(below(9) * 1.0)}}));
    set(journal(), row, "trace", "t" + std::to_string(below(50)));
    return row;
  }

  std::mt19937_64 random_;
  Instant start_;
  int days_;
  std::vector<Row> rows_;
  std::vector<RollupCells> tiers_;
};

bool is_near(const Value& a, const Value& b, double error) {
  if (!a.is_number() || !b.is_number()) return a == b;
  return std::abs(a.number() - b.number()) <= error * std::abs(a.number()) + 1e-9;
}

void expect_same(const Summary& summary, const Groups& rows, const Groups& cells) {
  ASSERT_EQ(rows.groups.size(), cells.groups.size());
  for (std::size_t g = 0; g < rows.groups.size(); ++g) {
    ASSERT_EQ(rows.groups[g].bucket, cells.groups[g].bucket);
    ASSERT_EQ(rows.groups[g].key, cells.groups[g].key);
    for (std::size_t m = 0; m < summary.measures.size(); ++m) {
      const bool is_quantile = summary.measures[m].aggregate == Aggregate::kP95;
      EXPECT_TRUE(is_near(rows.groups[g].measures[m], cells.groups[g].measures[m],
                          is_quantile ? Histogram::kQuantileError : 1e-12))
          << summary.measures[m].name << ": " << debug_text(rows.groups[g].measures[m]) << ", "
          << debug_text(cells.groups[g].measures[m]);
    }
  }
}

TEST(RollupPlanTest, CellsAnswerAsRowsDoInFortyZones) {
  const std::vector<std::string> starts = {"2025-03-07T00:00:00Z", "2025-10-23T00:00:00Z",
                                           "1890-06-01T00:00:00Z", "2011-12-20T00:00:00Z"};
  for (std::size_t z = 0; z < forty_zones().size(); ++z) {
    SCOPED_TRACE(forty_zones()[z]);
    Rolled rolled(z, at(starts[z % starts.size()]), 40);
    Summary summary = summary_of(
        {}, {"count()", "sum(bytes)", "avg(took_ms)", "min(took_ms)", "max(bytes)", "p95(took_ms)",
             "first(took_ms)", "last(bytes)", "distinct(trace)", "rate(took_ms > 500)",
             "rate(status_code >= 400)", "sum(metrics.cpu)", "distinct(endpoint)"});
    summary.limit = 100'000;
    summary.zone = *Zone::find(forty_zones()[z]);
    if (z % 2 == 1) summary.by = {*find_field(journal(), "endpoint")};
    if (z % 3 == 2) summary.filter = filter_of("status_code < 400 AND endpoint != '/e1'");
    for (const char* every : {"", "15m", "1h", "1d", "1w", "1mo"}) {
      SCOPED_TRACE(every);
      summary.every = *every == 0 ? std::nullopt : std::optional(*parse_step(every));
      const auto [start, end] = std::minmax({rolled.instant(), rolled.instant()});
      summary.window = Window{start, end + Duration(1), summary.zone};
      const Groups rows = rolled.by_rows(summary);
      expect_same(summary, rows, rolled.by_cells(summary, Rolled::Cells::kWhole));
      expect_same(summary, rows, rolled.by_cells(summary, Rolled::Cells::kNarrowed));
    }
  }
}

}  // namespace
}  // namespace daybook
