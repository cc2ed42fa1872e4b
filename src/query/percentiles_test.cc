#include "query/percentiles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace daybook {
namespace {

std::vector<double> sample(std::size_t size, double spread, unsigned seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal(0, spread);
  std::vector<double> values(size);
  for (double& value : values) value = normal(random);
  return values;
}

TEST(ValueOfRankTest, IsWhatSortingPutsThere) {
  std::vector<std::vector<double>> cases = {{3},
                                            {2, 1},
                                            std::vector<double>(5'000, 7.5),
                                            sample(100, 1, 1),
                                            sample(30'000, 1e-9, 2),
                                            sample(30'000, 1e12, 3)};
  cases.push_back(sample(10'000, 1, 4));
  cases.back().insert(cases.back().end(), 4'000, 0.0);
  cases.back().insert(cases.back().end(), 10, 1e300);
  for (const auto& values : cases) {
    std::vector<double> sorted = values;
    std::ranges::sort(sorted);
    for (const double share : {0.0, 0.01, 0.5, 0.9, 0.999, 1.0}) {
      const auto rank =
          1 + static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
      EXPECT_EQ(value_of_rank(values, rank), sorted[rank - 1])
          << rank << " of " << values.size() << ", least " << sorted[0];
    }
  }
}

TEST(ValueOfRankTest, ZeroHasNoSign) {
  EXPECT_FALSE(std::signbit(value_of_rank(std::vector<double>{-0.0}, 1)));
  EXPECT_FALSE(std::signbit(value_of_rank(std::vector<double>(5'000, -0.0), 2)));
}

TEST(PercentilesTest, AreExactUpToTheirNumberAndAHistogramBeyond) {
  Percentiles few(5);
  EXPECT_EQ(few.at(0.5), Value());
  few.add(std::vector<double>{5, 1, 3});
  few.add(2);
  few.add(4);
  EXPECT_TRUE(few.is_exact());
  EXPECT_EQ(few.at(0.5), Value(3.0));
  few.add(6);
  EXPECT_FALSE(few.is_exact());
  EXPECT_NEAR(few.at(0.5).number(), 3, 3 * Histogram::kQuantileError);
}

// The middle of a bin is not, where all values lie on one side of it.
TEST(PercentilesTest, AreNeverOutsideOfTheValues) {
  for (const double value : {0.007962, -0.007962, 1e-310, 7.0}) {
    Percentiles counted(0);
    counted.add(value);
    counted.add(std::vector<double>(20, value));
    const Histogram::Slot slot{Histogram::slot_of(value), 5};
    Percentiles merged(0);
    merged.merge({&slot, 1}, value, value);
    merged.merge(counted);
    for (const double share : {0.0, 0.5, 0.95, 1.0}) {
      EXPECT_EQ(counted.at(share), Value(value));
      EXPECT_EQ(merged.at(share), Value(value));
    }
  }
}

// However the values come, the histogram is the same.
TEST(PercentilesTest, ManyAtOnceAreAsOneByOne) {
  std::vector<double> values = sample(20'000, 50, 5);
  values.push_back(0);
  values.push_back(1e200);
  values.push_back(1e-200);
  Percentiles one_by_one(100);
  for (const double value : values) one_by_one.add(value);
  Percentiles at_once(100);
  at_once.add(values);
  Percentiles merged(100);
  merged.add(std::span(values).first(60));
  for (std::size_t i = 60; i < values.size(); i += 200) {
    Percentiles part(100);
    part.add(std::span(values).subspan(i, std::min<std::size_t>(200, values.size() - i)));
    merged.merge(part);
  }
  for (const double share : {0.001, 0.1, 0.5, 0.95, 1.0}) {
    EXPECT_EQ(one_by_one.at(share), at_once.at(share));
    EXPECT_EQ(merged.at(share), at_once.at(share));
    merged.settle();
    EXPECT_EQ(merged.at(share), at_once.at(share));
  }
}

}  // namespace
}  // namespace daybook
