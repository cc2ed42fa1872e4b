#include "query/device_filter.h"

#include <gtest/gtest.h>

#include <cmath>

namespace daybook {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const Instant kStart = from_micros(1'764'943'200'000'000);

Map sample(double temperature) { return {{"temperature", Value(temperature)}}; }

Map sample(double battery, double temperature) {
  return {{"battery", Value(battery)}, {"temperature", Value(temperature)}};
}

struct Step {
  int second;
  double value;
  Kept kept;
};

void play(const DeviceFilter& declared, const std::vector<Step>& steps) {
  const SampleFilter filter(declared);
  DeviceState state;
  for (const Step& step : steps) {
    Map metrics = sample(step.value);
    EXPECT_EQ(filter.decide(state, kStart + seconds(step.second), metrics), step.kept)
        << "at second " << step.second;
  }
}

// D-08
TEST(SampleFilter, ComparesWithTheValueStoredLast) {
  play({}, {{0, 20, Kept::kFirst},
            {10, 20.9, Kept::kNo},
            {20, 21, Kept::kNo},  // exactly the band
            {30, 21.01, Kept::kChange},
            {40, 20.1, Kept::kNo},  // of the new value
            {50, 19.9, Kept::kChange}});
}

// D-07
TEST(SampleFilter, KeepsARowAHeartbeatWhateverTheValues) {
  play({}, {{0, 20, Kept::kFirst},
            {299, 20, Kept::kNo},
            {300, 20, Kept::kHeartbeat},
            {599, 20, Kept::kNo},
            {601, 20, Kept::kHeartbeat}});
}

// T-12
TEST(SampleFilter, TakesAnyChangeOfAStoredZero) {
  play({}, {{0, 0, Kept::kFirst}, {1, 0, Kept::kNo}, {2, 1e-9, Kept::kChange}});
}

TEST(SampleFilter, MeasuresNegativeValuesByTheirSize) {
  play({}, {{0, -100, Kept::kFirst}, {1, -104, Kept::kNo}, {2, -106, Kept::kChange}});
}

// T-12
TEST(SampleFilter, HasAbsoluteAndSpanBands) {
  DeviceFilter absolute;
  absolute.band = {Band::Of::kAbsolute, 0.5, 0, 0};
  play(absolute, {{0, 100, Kept::kFirst}, {1, 100.5, Kept::kNo}, {2, 100.6, Kept::kChange}});
  DeviceFilter span;
  span.band = {Band::Of::kSpan, 5, 0, 200};
  play(span, {{0, 1, Kept::kFirst}, {1, 11, Kept::kNo}, {2, 11.5, Kept::kChange}});
}

TEST(SampleFilter, KeepsEachCrossingOfALimit) {
  DeviceFilter declared;
  declared.limits = {{"temperature", {5, 40}}};
  play(declared, {{0, 39.9, Kept::kFirst},
                  {1, 40, Kept::kNo},
                  {2, 40.1, Kept::kLimit},
                  {3, 40.2, Kept::kNo},
                  {4, 39.9, Kept::kLimit},
                  {5, 4.9, Kept::kLimit}});
}

TEST(SampleFilter, DoesNotCompareWhatComesLate) {
  play({}, {{100, 20, Kept::kFirst}, {50, 90, Kept::kNo}, {100, 90, Kept::kChange}});
}

// T-13
TEST(SampleFilter, KeepsTheRowWhenOneOfItsMetricsMoves) {
  const DeviceFilter declared;
  const SampleFilter filter(declared);
  DeviceState state;
  Map metrics = sample(80, 20);
  EXPECT_EQ(filter.decide(state, kStart, metrics), Kept::kFirst);
  metrics = sample(81, 30);
  EXPECT_EQ(filter.decide(state, kStart + seconds(1), metrics), Kept::kChange);
  EXPECT_EQ(metrics, sample(81, 30));
  // The battery's band is around 81 now: it was stored with the row.
  metrics = sample(76.9, 30);
  EXPECT_EQ(filter.decide(state, kStart + seconds(2), metrics), Kept::kChange);
}

// T-13
TEST(SampleFilter, KeepsOnlyWhatMovedMetricByMetric) {
  DeviceFilter declared;
  declared.mode = DeviceFilter::Mode::kPerMetric;
  const SampleFilter filter(declared);
  DeviceState state;
  Map metrics = sample(80, 20);
  filter.decide(state, kStart, metrics);
  metrics = sample(81, 30);
  EXPECT_EQ(filter.decide(state, kStart + minutes(4), metrics), Kept::kChange);
  EXPECT_EQ(metrics, sample(30));
  metrics = sample(81, 30);
  EXPECT_EQ(filter.decide(state, kStart + minutes(5), metrics), Kept::kHeartbeat);
  EXPECT_EQ(metrics.size(), 1u);
  EXPECT_EQ(metrics[0].key, "battery");
}

TEST(SampleFilter, KeepsTheFirstOfAMetricThatIsNew) {
  const DeviceFilter declared;
  const SampleFilter filter(declared);
  DeviceState state;
  Map metrics = sample(20);
  filter.decide(state, kStart, metrics);
  metrics = sample(80, 20);
  EXPECT_EQ(filter.decide(state, kStart + seconds(1), metrics), Kept::kFirst);
}

// Whatever comes, holding the value stored last is never further off than the band.
// D-10
TEST(SampleFilter, HoldingTheLastValueStaysInsideTheBand) {
  const DeviceFilter declared;
  const SampleFilter filter(declared);
  DeviceState state;
  std::uint64_t seed = 12;
  double value = 50, held = 0;
  for (int i = 0; i < 20'000; ++i) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    value += static_cast<double>(static_cast<std::int64_t>(seed >> 40) - (1 << 23)) / (1 << 22);
    Map metrics = sample(value);
    const Kept kept = filter.decide(state, kStart + seconds(5 * i), metrics);
    if (kept != Kept::kNo) held = value;
    ASSERT_LE(std::abs(value - held), filter.band_around("temperature", held)) << "sample " << i;
  }
}

}  // namespace
}  // namespace daybook
