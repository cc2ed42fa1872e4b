// The device filter on what devices measured: statistics are those of all samples, and the rows
// that were kept stand for the others as closely as the band says. The series are the beginnings of
// five of the Numenta Anomaly Benchmark.
#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <random>
#include <set>

#include "engine/ingest.h"
#include "engine/stats.h"
#include "engine/sweep.h"
#include "query/device_filter.h"
#include "tests/contract/stores.h"

namespace daybook {
namespace {

constexpr std::array<std::string_view, 5> kSeries = {
    "machine_temperature_system_failure", "ec2_request_latency_system_failure",
    "ec2_cpu_utilization_24ae8d", "ec2_network_in_257a54", "ambient_temperature_system_failure"};

struct Sample {
  Instant at;
  double value = 0;
};
using Series = std::vector<Sample>;

// The recorded days lie years back; they are moved to where the test's clock stands.
Series read_series(std::string_view name) {
  std::ifstream file(std::string(DAYBOOK_SERIES) + "/" + std::string(name) + ".csv");
  Series series;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const auto comma = line.find(',');
    series.push_back({*parse_instant(line.substr(0, 10) + "T" + line.substr(11, comma - 11) + "Z"),
                      std::stod(line.substr(comma + 1))});
  }
  const Duration days = Zone().floor(contract::noon(), {StepUnit::kDay, 1}) -
                        Zone().floor(series.front().at, {StepUnit::kDay, 1});
  for (Sample& sample : series) sample.at += days;
  return series;
}

// On straight lines, a sample every five seconds.
Series interpolated(const Series& series, std::size_t steps) {
  Series fine;
  for (std::size_t i = 0; i + 1 < std::min(series.size(), steps); ++i) {
    const Sample& from = series[i];
    const Sample& until = series[i + 1];
    const auto whole = static_cast<double>((until.at - from.at).count());
    for (Instant at = from.at; at < until.at; at += std::chrono::seconds(5)) {
      const double part = static_cast<double>((at - from.at).count()) / whole;
      fine.push_back({at, from.value + part * (until.value - from.value)});
    }
  }
  return fine;
}

std::string declaration(const std::string& filter) {
  return R"toml(
kind = "journal"
time = "at"

[fields]
at     = { type = "time", default = "now" }
device = { type = "text", required = true, facet = true }
value  = { type = "float", measure = true }
why    = { type = "choice", of = ["first", "heartbeat", "change", "limit"] )toml" +
         (filter.empty()
              ? "}"
              : ", derive = \"filter\" }\n\n[filter]\nby = [\"device\"]\non = \"value\"\n" +
                    filter) +
         R"toml(

[[rollups]]
by       = ["device"]
measures = ["value"]
)toml";
}

// fleet/all is the oracle: every sample is a row.
const Catalog& fleet() {
  static const Catalog catalog =
      contract::load_catalog({{"fleet/application.toml", "", "about = \"Things that measure.\"\n"},
                              {"fleet/all.toml", "", declaration("")},
                              {"fleet/usual.toml", "", declaration("limits = { }\n")},
                              {"fleet/hours.toml", "", declaration("heartbeat = \"1h\"\n")},
                              {"fleet/days.toml", "", declaration("heartbeat = \"12h\"\n")}});
  return catalog;
}

const Collection& fleet(const std::string& name) { return **fleet().collection("fleet/" + name); }

class SeriesTest : public contract::StoreTest {
 protected:
  SeriesTest() { reopen_fleet(); }

  void reopen_fleet() {
    if (GetParam().is_durable || !engine_) {
      engine_.reset();
      reopen(fleet());
    }
    engine_ = std::make_unique<Engine>(fleet(), store(), clock_);
  }

  void take(const std::string& into, std::string_view device, const Series& series,
            std::size_t at_once = 500) {
    json::Parser parser;
    Ingest ingest(*engine_, operator_, *Sight::of(*engine_, operator_, fleet(into)));
    for (const Sample& sample : series) {
      std::string text;
      json::Writer out(text);
      out.begin_object().key("device").value(device).key("at").value(format_instant(sample.at));
      out.key("value").value(sample.value).end_object();
      ingest.take(*parser.parse(text));
      if (ingest.staged() < at_once) continue;
      ASSERT_TRUE(ingest.commit().ok());
    }
    ASSERT_TRUE(ingest.commit().ok());
    EXPECT_EQ(ingest.intake().rejected, 0U);
  }

  // The same statistics of samples that were filtered and of all.
  void compare(const std::string& filtered, Words::Pairs words) {
    words.emplace_back("of", "value");
    words.emplace_back("by", "device");
    const bool has_buckets =
        std::ranges::any_of(words, [](const auto& word) { return word.first == "every"; });
    words.emplace_back("order", has_buckets ? "bucket,device" : "device");
    const auto ask = [&](const std::string& of) {
      return stats(*engine_,
                   {*Sight::of(*engine_, operator_, fleet(of)), daybook::Words(words), {}});
    };
    const auto expected = ask("all");
    const auto actual = ask(filtered);
    ASSERT_TRUE(expected.ok()) << expected.error().message();
    ASSERT_TRUE(actual.ok()) << actual.error().message();
    ASSERT_EQ(actual->groups.groups.size(), expected->groups.groups.size());
    for (std::size_t g = 0; g < expected->groups.groups.size(); ++g) {
      const Group& all = expected->groups.groups[g];
      const Group& kept = actual->groups.groups[g];
      ASSERT_EQ(all.bucket, kept.bucket);
      ASSERT_EQ(all.key, kept.key);
      for (std::size_t m = 0; m < all.measures.size(); ++m) {
        compare(expected->summary.measures[m], all.measures[m], kept.measures[m]);
      }
    }
  }

  static void compare(const Measure& measure, const Value& expected, const Value& actual) {
    using Aggregates = std::set<Aggregate>;
    if (Aggregates{Aggregate::kCount, Aggregate::kMin, Aggregate::kMax}.contains(
            measure.aggregate)) {
      EXPECT_EQ(expected, actual) << measure.name;
      return;
    }
    const bool is_sum = Aggregates{Aggregate::kSum, Aggregate::kAvg}.contains(measure.aggregate);
    const double error = is_sum ? 1e-9 : 0.011;  // of quantiles, those that the sketch states
    EXPECT_NEAR(expected.number(), actual.number(), error * std::abs(expected.number()))
        << measure.name;
  }

  // Holds the value stored last: how many rows that takes, and the largest error as a share of the
  // band around it.
  std::pair<std::size_t, double> reconstruct(const std::string& from, std::string_view device,
                                             const Series& series) {
    Scan scan;
    const Collection& collection = fleet(from);
    scan.collection = &collection;
    scan.filter = equals(FieldRef{1, ""}, Value(std::string(device)));
    scan.order.keys.push_back({FieldRef{0, ""}, false});
    scan.limit = series.size();
    scan.now = clock_.now();
    Series rows;
    EXPECT_TRUE(
        store()
            .scan(scan,
                  [&](Row&& row) {
                    EXPECT_FALSE(row.values[3].is_null());
                    rows.push_back({row.values[0].get<Instant>(), row.values[2].get<double>()});
                    return true;
                  })
            .ok());
    const SampleFilter filter(*collection.declared.filter);
    double worst = 0;
    std::size_t held = 0;
    for (const Sample& sample : series) {
      while (held + 1 < rows.size() && rows[held + 1].at <= sample.at) ++held;
      const double band = filter.band_around("", rows.at(held).value);
      const double error = std::abs(sample.value - rows[held].value);
      if (error > 0) worst = std::max(worst, error / band);
    }
    return {rows.size(), worst};
  }

  ManualClock clock_{contract::at("2026-03-25T00:00:00Z")};
  std::unique_ptr<Engine> engine_;
  const Principal operator_;
};
DAYBOOK_FOR_ALL_STORES(SeriesTest);

Words::Pairs month() {
  return {{"start", "2026-03-01T00:00:00Z"}, {"end", "2026-03-31T00:00:00Z"}};
}

// D-06, D-10, T-14
TEST_P(SeriesTest, StatisticsAreOfAllSamplesAndRowsStandForTheRest) {
  for (const std::string_view name : kSeries) {
    SCOPED_TRACE(name);
    const Series series = read_series(name);
    ASSERT_GT(series.size(), 100U);
    const bool is_hourly = series[1].at - series[0].at == std::chrono::hours(1);
    const std::string into = is_hourly ? "days" : "hours";
    take("all", name, series);
    take(into, name, series);
    const auto [rows, worst] = reconstruct(into, name, series);
    EXPECT_LT(rows, series.size());
    EXPECT_LE(worst, 1 + 1e-9);
    auto words = month();
    words.emplace_back("device", name);
    ASSERT_NO_FATAL_FAILURE(compare(into, words));
    words.emplace_back("every", "1h");
    ASSERT_NO_FATAL_FAILURE(compare(into, words));
  }
}

TEST_P(SeriesTest, TheUsualHeartbeatServesFrequentSamples) {
  for (const std::string_view name : kSeries) {
    SCOPED_TRACE(name);
    const Series series = interpolated(read_series(name), 20);
    take("all", name, series);
    take("usual", name, series);
    const auto [rows, worst] = reconstruct("usual", name, series);
    EXPECT_LT(rows * 2, series.size());
    EXPECT_LE(worst, 1 + 1e-9);
  }
  ASSERT_NO_FATAL_FAILURE(compare("usual", month()));
}

// Devices at random, with restarts, late samples and sweeps: what is counted is what came.
TEST_P(SeriesTest, NothingIsLostOrCountedTwiceByRestartsAndSweeps) {
  std::mt19937 dice(7);
  const auto below = [&](int n) { return static_cast<int>(dice() % static_cast<unsigned>(n)); };
  clock_.set(contract::at("2026-03-10T00:00:00Z"));
  for (int turn = 0; turn < 60; ++turn) {
    clock_.set(clock_.now() + std::chrono::minutes(below(200)));
    Series some;
    for (int i = below(40); i >= 0; --i) {
      const auto late = std::chrono::seconds(below(8) == 0 ? below(100'000) : below(300));
      some.push_back({clock_.now() - late, below(100) / 4.0});
    }
    const std::string device = "d" + std::to_string(below(4));
    take("all", device, some);
    take("usual", device, some, static_cast<std::size_t>(1 + below(40)));
    if (turn % 9 == 8) reopen_fleet();
    if (turn % 13 == 12) {
      ASSERT_TRUE(sweep(*engine_, Expiry::Mode::kRemove).ok());
    }
    if (turn % 5 != 4) continue;
    SCOPED_TRACE("turn " + std::to_string(turn));
    ASSERT_NO_FATAL_FAILURE(compare("usual", month()));
    auto words = month();
    words.emplace_back("every", "15m");
    ASSERT_NO_FATAL_FAILURE(compare("usual", words));
  }
}

}  // namespace
}  // namespace daybook
