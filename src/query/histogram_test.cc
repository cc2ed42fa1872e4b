// I6: quantiles are within their error, and any order of adding, merging and removing gives the
// same.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "query/aggregate.h"
#include "query/rank.h"

namespace daybook {
namespace {

Histogram of(const std::vector<double>& values) {
  Histogram histogram;
  for (const double value : values) histogram.add(value);
  return histogram;
}

std::string encoded(const Histogram& histogram) {
  std::string bytes;
  histogram.encode(bytes);
  return bytes;
}

// Values of many magnitudes and both signs, zeros among them.
std::vector<double> wide_values(std::uint64_t seed, std::size_t count) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> exponent(-280, 280);
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t kind = random() % 10;
    const double magnitude = std::pow(10.0, exponent(random));
    values.push_back(kind == 0 ? 0.0 : kind < 4 ? -magnitude : magnitude);
  }
  return values;
}

TEST(HistogramTest, QuantilesAreWithinTheErrorPromised) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    std::vector<double> values = wide_values(seed, 2'000);
    const Histogram histogram = of(values);
    std::sort(values.begin(), values.end());
    for (const double q : {0.0, 0.01, 0.1, 0.35, 0.5, 0.9, 0.95, 0.99, 1.0}) {
      const auto rank = nearest_rank(q, static_cast<std::int64_t>(values.size()));
      const double exact = values[static_cast<std::size_t>(rank - 1)];
      EXPECT_LE(std::abs(histogram.quantile(q) - exact),
                Histogram::kQuantileError * std::abs(exact))
          << "seed " << seed << " q " << q;
    }
  }
}

TEST(HistogramTest, TakesTheWholeRangeOfFloats) {
  const double most = std::numeric_limits<double>::max();
  const double least = std::numeric_limits<double>::min();
  for (const double value : {most, -most, least, -least, 1.0, 2.0, 0.1}) {
    EXPECT_NEAR(of({value}).quantile(0.5) / value, 1.0, Histogram::kQuantileError);
  }
  EXPECT_EQ(of({std::numeric_limits<double>::denorm_min()}).quantile(0.5), 0.0);
  EXPECT_EQ(of({-0.0}).quantile(0.5), 0.0);
}

TEST(HistogramTest, AnyOrderOfAddingMergingAndRemovingGivesTheSame) {
  std::vector<double> values = wide_values(7, 1'000);
  const Histogram whole = of(values);
  std::mt19937_64 random(8);
  std::shuffle(values.begin(), values.end(), random);
  const auto middle = values.begin() + 300;
  Histogram left = of({values.begin(), middle});
  Histogram right = of({middle, values.end()});
  Histogram merged = right;
  merged.merge(left);
  EXPECT_EQ(merged, whole);
  EXPECT_EQ(encoded(merged), encoded(whole));
  for (auto value = values.begin(); value != middle; ++value) merged.add(*value, -1);
  EXPECT_EQ(merged, right);
  // Taken away before it was added.
  Histogram owing;
  for (const double value : values) owing.add(value, -1);
  owing.merge(whole);
  EXPECT_EQ(owing, Histogram());
}

TEST(HistogramTest, ManyAtOnceAreAsOneByOne) {
  std::vector<std::vector<double>> cases = {wide_values(3, 2'000), {0, 0, 0, 0, 0, 0, 0, 0, 0, 0}};
  // Beside zero, and far from what comes first.
  cases.push_back({0, 3e-308, -3e-308, 0, 1e300, -1e300, 3e-308, 1, 2, 0, 4e-308, -5e-308});
  cases.emplace_back(3'000, 40.0);
  cases.back().insert(cases.back().end(), 10, 5e9);
  for (const std::vector<double>& values : cases) {
    Histogram at_once;
    at_once.add(values);
    EXPECT_EQ(at_once, of(values));
    at_once.add(values);
    Histogram twice = of(values);
    twice.merge(twice);
    EXPECT_EQ(at_once, twice);
  }
}

TEST(HistogramTest, IsReadBackAsItWasWritten) {
  for (const std::vector<double>& values :
       {std::vector<double>{}, {0.0}, {1.0, 1.0, -5.0}, wide_values(9, 500)}) {
    const auto decoded = Histogram::decode(encoded(of(values)));
    ASSERT_TRUE(decoded.ok());
    EXPECT_EQ(*decoded, of(values));
    EXPECT_EQ(decoded->count(), static_cast<std::int64_t>(values.size()));
  }
}

TEST(HistogramTest, RefusesBytesThatItDidNotWrite) {
  const std::string bytes = encoded(of({1.0, 2.0, -3.0}));
  EXPECT_FALSE(Histogram::decode("").ok());
  EXPECT_FALSE(Histogram::decode("x").ok());
  EXPECT_FALSE(Histogram::decode(bytes + "x").ok());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(Histogram::decode(std::string_view(bytes).substr(0, size)).ok()) << size;
  }
}

TEST(HistogramTest, NearestRankIsNotRaisedByRounding) {
  EXPECT_EQ(nearest_rank(0.07, 100), 7);
  EXPECT_EQ(nearest_rank(0.0, 100), 1);
  EXPECT_EQ(nearest_rank(1.0, 100), 100);
  EXPECT_EQ(nearest_rank(0.5, 3), 2);
  EXPECT_EQ(nearest_rank(0.95, 20), 19);
  EXPECT_EQ(nearest_rank(0.99, 1'000'000'000), 990'000'000);
}

}  // namespace
}  // namespace daybook
