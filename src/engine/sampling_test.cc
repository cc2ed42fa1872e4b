#include "engine/sampling.h"

#include <gtest/gtest.h>

#include <thread>

#include "engine/ingest.h"
#include "engine/list.h"
#include "engine/stats.h"
#include "store/memory/memory_store.h"
#include "tests/contract/shop.h"

namespace daybook {
namespace {

std::string declaration(const std::string& mode) {
  return R"toml(
kind = "journal"
time = "at"

[fields]
at       = { type = "time", default = "now" }
probe    = { type = "text", required = true, facet = true }
measured = { type = "map", of = { type = "float" }, open = true, measure = true }
why      = { type = "choice", of = ["first", "heartbeat", "change", "limit"], derive = "filter" }

[filter]
by     = ["probe"]
on     = "measured"
bands  = { level = 2.0 }
limits = { heat = [5, 40] }
mode   = ")toml" +
         mode + R"toml("

[[rollups]]
by       = ["probe"]
measures = ["measured"]
)toml";
}

const Catalog& fleet() {
  static const Catalog catalog =
      contract::load_catalog({{"fleet/application.toml", "", "about = \"Things that measure.\"\n"},
                              {"fleet/rows.toml", "", declaration("row")},
                              {"fleet/metrics.toml", "", declaration("per_metric")}});
  return catalog;
}

class SamplingTest : public testing::Test {
 protected:
  SamplingTest() {
    EXPECT_TRUE(store_->prepare(fleet()).ok());
    restart();
  }

  void restart() { engine_ = std::make_unique<Engine>(fleet(), *store_, clock_); }
  Sight sight() { return *Sight::of(*engine_, operator_, **fleet().collection(into_)); }

  // A sample of probe p, so many seconds after noon: ids, or "-" for what only counts, then what is
  // wrong.
  std::string take(int second, std::string_view measured, std::string_view more = "") {
    return take_all({sample(second, measured, more)});
  }
  std::string take_all(const std::vector<std::string>& samples) {
    Ingest ingest(*engine_, operator_, sight());
    for (const std::string& text : samples) {
      const auto value = parser_.parse(text);
      EXPECT_TRUE(value.ok()) << text;
      ingest.take(*value);
    }
    if (const auto committed = ingest.commit(); !committed.ok()) return committed.error().message();
    std::string text;
    for (const std::string& id : ingest.intake().ids) text += id.empty() ? "-" : "+";
    for (const Problem& problem : ingest.intake().problems) text += " " + problem.detail;
    return text;
  }
  static std::string sample(int second, std::string_view measured, std::string_view more = "") {
    return R"({"probe":"p","at":")" + format_instant(kNoon + std::chrono::seconds(second)) +
           R"(","measured":)" + std::string(measured) + std::string(more) + "}";
  }

  // Rows by time: "0 first heat=20; 300 heartbeat heat=20; ".
  std::string rows() {
    const auto plan = plan_list(*engine_, {sight(), Words(Words::Pairs{{"order", "at"}}), {}},
                                list_rule(sight().collection()));
    const auto page = list(*engine_, *plan);
    std::string text;
    for (const Row& row : page->rows) {
      const auto at =
          std::chrono::duration_cast<std::chrono::seconds>(row.values[0].get<Instant>() - kNoon);
      text += std::to_string(at.count()) + " " + row.values[3].get<std::string>();
      for (const MapEntry& entry : row.values[2].get<Map>()) {
        text += " " + entry.key + "=" + debug_text(entry.value);
      }
      text += "; ";
    }
    return text;
  }

  // "count sum of heat, from the window's start to its end", or what is wrong.
  std::string statistics(Words::Pairs words) {
    words.emplace_back("of", "measured.heat");
    const auto found = stats(*engine_, {sight(), Words(std::move(words)), {}});
    if (!found.ok()) return found.error().message();
    std::string text;
    const Group& group = found->groups.groups.at(0);
    for (std::size_t i = 0; i < group.measures.size(); ++i) {
      const std::string& name = found->summary.measures[i].name;
      if (i == 0 || name.ends_with("sum")) text += debug_text(group.measures[i]) + " ";
    }
    return text + format_instant(found->summary.window->start) + " " +
           format_instant(found->summary.window->end);
  }

  static inline const Instant kNoon = *parse_instant("2026-03-10T12:00:00Z");
  ManualClock clock_{kNoon + std::chrono::minutes(30)};
  std::string into_ = "fleet/rows";
  std::unique_ptr<Store> store_ = make_memory_store();
  std::unique_ptr<Engine> engine_;
  const Principal operator_;
  json::Parser parser_;
};

// T-14
TEST_F(SamplingTest, RowsSayWhyAndTheRestCounts) {
  EXPECT_EQ(take(0, R"({"heat":20,"level":50})"), "+");
  EXPECT_EQ(take(5, R"({"heat":20.5,"level":51})"), "-");
  EXPECT_EQ(take(10, R"({"heat":20.5,"level":53})"), "+");
  EXPECT_EQ(take(15, R"({"heat":41,"level":53})"), "+");
  EXPECT_EQ(take(315, R"({"heat":41,"level":53})"), "+");
  EXPECT_EQ(rows(),
            "0 first heat=20 level=50; 10 change heat=20.5 level=53; 15 limit heat=41 level=53; "
            "315 heartbeat heat=41 level=53; ");
  EXPECT_EQ(statistics({}).substr(0, 5), "5 143");
}

TEST_F(SamplingTest, WindowsEndWhereBucketsDo) {
  take(0, R"({"heat":20})");
  take(59, R"({"heat":20})");
  take(60, R"({"heat":20})");
  EXPECT_EQ(statistics({{"start", "2026-03-10T12:00:30Z"}, {"end", "2026-03-10T12:00:40Z"}}),
            "2 40 2026-03-10T12:00:00Z 2026-03-10T12:01:00Z");
  EXPECT_EQ(statistics({{"start", "2026-03-10T12:00:00Z"}, {"end", "2026-03-10T12:02:00Z"}}),
            "3 60 2026-03-10T12:00:00Z 2026-03-10T12:02:00Z");
}

TEST_F(SamplingTest, StatisticsThatNoRollupHasAreRefusedOrOfRows) {
  take(0, R"({"heat":20})");
  take(5, R"({"heat":20})");
  EXPECT_EQ(statistics({{"measured.heat.gt", "5"}}),
            "statistics of fleet/rows count every sample received, also those that were not kept; "
            "so they come from its rollups, and none has all that is asked for; with "
            "why.exists=true they are of the rows that were kept");
  EXPECT_EQ(statistics({{"measured.heat.gt", "5"}, {"why.exists", "true"}}).substr(0, 4), "1 20");
}

TEST_F(SamplingTest, CountsOfListsAreOfRows) {
  take_all({sample(0, R"({"heat":20})"), sample(1, R"({"heat":20})"), sample(2, R"({"heat":20})")});
  const auto plan = plan_list(*engine_, {sight(), Words(Words::Pairs{{"count", "exact"}}), {}},
                              list_rule(sight().collection()));
  ASSERT_TRUE(plan.ok()) << plan.error().message();
  EXPECT_EQ(list(*engine_, *plan)->count, 1);
}

// D-09, T-12
TEST_F(SamplingTest, TheFirstSampleAfterARestartIsKeptUnlessItIsLate) {
  EXPECT_EQ(take(100, R"({"heat":20})"), "+");
  EXPECT_EQ(take(105, R"({"heat":20})"), "-");
  restart();
  EXPECT_EQ(take(50, R"({"heat":90})"), "-");
  EXPECT_EQ(take(110, R"({"heat":20})"), "+");
  EXPECT_EQ(take(105, R"({"heat":90})"), "-");
  EXPECT_EQ(take(115, R"({"heat":20})"), "-");
  EXPECT_EQ(rows(), "100 first heat=20; 110 first heat=20; ");
  EXPECT_EQ(statistics({}).substr(0, 5), "6 260");
}

TEST_F(SamplingTest, AClockThatWasAheadDoesNotSilenceItsDevice) {
  EXPECT_EQ(take(86'400, R"({"heat":20})"), "+");
  EXPECT_EQ(take(0, R"({"heat":20})"), "+");
  EXPECT_EQ(take(5, R"({"heat":20})"), "-");
  restart();
  EXPECT_EQ(take(10, R"({"heat":20})"), "+");
}

TEST_F(SamplingTest, WhatIsNotRememberedIsReadFromTheRows) {
  EXPECT_EQ(take(0, R"({"heat":20,"level":5})", R"(,"id":"a")"), "+");
  EXPECT_EQ(take(10, R"({"heat":30})", R"(,"id":"b")"), "+");
  // What became of a refused sample is uncertain: what was stored last is read again.
  EXPECT_EQ(take(10, R"({"heat":36})", R"(,"id":"b")"),
            "- a row with this id is there already, with other content");
  EXPECT_EQ(take(15, R"({"heat":31,"level":6})"), "-");
  EXPECT_EQ(take(20, R"({"heat":31,"level":8})"), "+");
  EXPECT_EQ(rows(), "0 first heat=20 level=5; 10 change heat=30; 20 change heat=31 level=8; ");
}

TEST_F(SamplingTest, RepeatsAreKnownByTheirIds) {
  const std::vector<std::string> samples = {sample(0, R"({"heat":20})", R"(,"id":"a")"),
                                            sample(5, R"({"heat":20})", R"(,"id":"b")"),
                                            sample(9, R"({"heat":25})", R"(,"id":"c")")};
  EXPECT_EQ(take_all(samples), "+-+");
  const std::string all = statistics({});
  EXPECT_EQ(take_all(samples), "+-+");
  restart();
  EXPECT_EQ(take_all(samples), "+-+");
  EXPECT_EQ(statistics({}), all);
  EXPECT_EQ(rows(), "0 first heat=20; 9 change heat=25; ");
}

TEST_F(SamplingTest, ABatchIsLookedAtByTime) {
  EXPECT_EQ(take_all({sample(20, R"({"heat":20})"), sample(0, R"({"heat":20})"),
                      sample(10, R"({"heat":30})")}),
            "+++");
  EXPECT_EQ(rows(), "0 first heat=20; 10 change heat=30; 20 change heat=20; ");
}

TEST_F(SamplingTest, OfSamplesAtOnceOneIsTheFirst) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      json::Parser parser;
      for (int n = 0; n < 25; ++n) {
        Ingest ingest(*engine_, operator_, sight());
        ingest.take(*parser.parse(sample(0, R"({"heat":20})")));
        EXPECT_TRUE(ingest.commit().ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(rows(), "0 first heat=20; ");
  EXPECT_EQ(statistics({}).substr(0, 8), "100 2000");
}

// T-13
TEST_F(SamplingTest, MetricByMetricOnlyWhatMovedIsARow) {
  into_ = "fleet/metrics";
  EXPECT_EQ(take(0, R"({"heat":20,"level":50})"), "+");
  EXPECT_EQ(take(5, R"({"heat":20.5,"level":53})", R"(,"id":"x")"), "+");
  EXPECT_EQ(take(10, R"({"heat":20.5,"level":53.5})"), "-");
  EXPECT_EQ(take(15, R"({"heat":30,"level":53.5})"), "+");
  EXPECT_EQ(take(5, R"({"heat":20.5,"level":53})", R"(,"id":"x")"), "-");  // again
  EXPECT_EQ(rows(), "0 first heat=20 level=50; 5 change level=53; 15 change heat=30; ");
  EXPECT_EQ(statistics({}).substr(0, 4), "4 91");
}

}  // namespace
}  // namespace daybook
