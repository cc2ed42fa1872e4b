// I6: counts and integer sums are exact, float sums within their error, in any order of adding and
// merging.
#include "query/aggregate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace daybook {
namespace {

constexpr Aggregate kAll[] = {
    Aggregate::kCount, Aggregate::kSum,   Aggregate::kAvg, Aggregate::kMin, Aggregate::kMax,
    Aggregate::kP50,   Aggregate::kP90,   Aggregate::kP95, Aggregate::kP99, Aggregate::kDistinct,
    Aggregate::kRate,  Aggregate::kFirst, Aggregate::kLast};

Instant at(std::int64_t i) { return from_micros(i); }

Accumulator over(Aggregate aggregate, const std::vector<Value>& values) {
  Accumulator accumulator(aggregate);
  std::int64_t i = 0;
  for (const Value& value : values) accumulator.add(value, !value.is_null(), at(i++), "id");
  return accumulator;
}

Value result(Aggregate aggregate, const std::vector<Value>& values) {
  return over(aggregate, values).result();
}

TEST(AggregateTest, HasANameForEachAndEachForItsName) {
  for (const Aggregate aggregate : kAll) {
    EXPECT_EQ(find_aggregate(aggregate_name(aggregate)), aggregate);
  }
  EXPECT_EQ(find_aggregate("median"), std::nullopt);
}

TEST(AggregateTest, ComputesOverNumbersAndAbsence) {
  const std::vector<Value> values = {Value(4), Value(), Value(1), Value(3), Value(2)};
  const std::pair<Aggregate, Value> cases[] = {
      {Aggregate::kCount, 4},  {Aggregate::kSum, 10},  {Aggregate::kAvg, 2.5},
      {Aggregate::kMin, 1},    {Aggregate::kMax, 4},   {Aggregate::kP50, 2.0},
      {Aggregate::kP90, 4.0},  {Aggregate::kP99, 4.0}, {Aggregate::kDistinct, 4},
      {Aggregate::kRate, 0.8}, {Aggregate::kFirst, 4}, {Aggregate::kLast, 2}};
  for (const auto& [aggregate, expected] : cases) {
    EXPECT_EQ(result(aggregate, values), expected) << aggregate_name(aggregate);
  }
}

TEST(AggregateTest, OverNothing) {
  for (const Aggregate aggregate : kAll) {
    const bool counts = aggregate == Aggregate::kCount || aggregate == Aggregate::kSum ||
                        aggregate == Aggregate::kDistinct;
    EXPECT_EQ(Accumulator(aggregate).result(), counts ? Value(0) : Value())
        << aggregate_name(aggregate);
  }
}

TEST(AggregateTest, LeastAndGreatestOfAnyOrderedType) {
  EXPECT_EQ(result(Aggregate::kMin, {"b", "a"}), Value("a"));
  EXPECT_EQ(result(Aggregate::kMax, {at(5), at(7)}), Value(at(7)));
  EXPECT_EQ(result(Aggregate::kMax, {2.5, 1.0}), Value(2.5));
}

TEST(AggregateTest, IntegerSumsAreExact) {
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(result(Aggregate::kSum, {most, -1, -most}), Value(-1));
  EXPECT_EQ(result(Aggregate::kSum, {most, most}), Value(2 * static_cast<double>(most)));
  EXPECT_EQ(result(Aggregate::kSum, {most, most, -most}), Value(most));
  EXPECT_EQ(result(Aggregate::kAvg, {most, most}), Value(static_cast<double>(most)));
}

TEST(AggregateTest, FloatSumsKeepWhatRoundingCutsOff) {
  EXPECT_EQ(result(Aggregate::kSum, {1.0, 1e100, 1.0, -1e100}), Value(2.0));
  std::vector<Value> tenths(1'000'000, Value(0.1));
  EXPECT_NEAR(result(Aggregate::kSum, tenths).number(), 100'000.0, 1e-9);
  EXPECT_TRUE(result(Aggregate::kSum, {1e308, 1e308}).is_null());
}

TEST(AggregateTest, FirstAndLastGoByTimeThenId) {
  for (const bool forwards : {true, false}) {
    Accumulator first(Aggregate::kFirst);
    Accumulator last(Aggregate::kLast);
    for (int i = 0; i < 4; ++i) {
      const int n = forwards ? i : 3 - i;
      const std::string id(1, static_cast<char>('a' + n));
      first.add(Value(n), true, at(n / 2), id);
      last.add(Value(n), true, at(n / 2), id);
    }
    EXPECT_EQ(first.result(), Value(0));
    EXPECT_EQ(last.result(), Value(3));
  }
}

TEST(AggregateTest, PercentilesAreExactWhileThereAreFewValues) {
  Accumulator exact(Aggregate::kP95);
  Accumulator rough(Aggregate::kP95);
  const auto limit = static_cast<std::int64_t>(Accumulator::kExactQuantiles);
  for (std::int64_t i = limit; i >= 1; --i) exact.add_integer(i);
  for (std::int64_t i = 0; i <= limit; ++i) rough.add_integer(i);
  EXPECT_EQ(exact.result(), Value(std::ceil(0.95 * static_cast<double>(limit))));
  EXPECT_EQ(exact.error(), 0);
  EXPECT_EQ(rough.error(), Histogram::kQuantileError);
  EXPECT_NEAR(rough.result().number() / exact.result().number(), 1.0, Histogram::kQuantileError);
  EXPECT_LT(rough.bytes(), exact.bytes() / 10);
  exact.compact();
  EXPECT_EQ(exact.error(), Histogram::kQuantileError);
}

TEST(AggregateTest, OneStateAnswersItsRelatives) {
  const std::vector<Value> values = {1, 2, 3, 4};
  EXPECT_EQ(over(Aggregate::kSum, values).result(Aggregate::kAvg), Value(2.5));
  EXPECT_EQ(over(Aggregate::kSum, values).result(Aggregate::kCount), Value(4));
  EXPECT_EQ(over(Aggregate::kP50, values).result(Aggregate::kP99), Value(4.0));
}

TEST(AggregateTest, CountsRowsByTheThousand) {
  Accumulator count(Aggregate::kCount);
  count.add_rows(1'000, 700);
  EXPECT_EQ(count.result(), Value(700));
  Accumulator rate(Aggregate::kRate);
  rate.add_rows(1'000, 700);
  EXPECT_EQ(rate.result(), Value(0.7));
}

// Sizes on both sides of where percentiles and distinct counts stop being exact.
class AggregateMergeTest : public testing::TestWithParam<std::size_t> {};

TEST_P(AggregateMergeTest, MergingInAnyOrderGivesTheSame) {
  const std::size_t size = GetParam();
  std::mt19937_64 random(size);
  std::vector<Value> values;
  for (std::size_t i = 0; i < size; ++i) {
    values.push_back(i % 7 == 0 ? Value() : Value(static_cast<std::int64_t>(random() % 100'000)));
  }
  for (const Aggregate aggregate : kAll) {
    const Value whole = result(aggregate, values);
    for (int round = 0; round < 3; ++round) {
      std::vector<Accumulator> parts(5, Accumulator(aggregate));
      for (std::size_t i = 0; i < size; ++i) {
        parts[random() % parts.size()].add(values[i], !values[i].is_null(),
                                           at(static_cast<std::int64_t>(i)), "id");
      }
      std::shuffle(parts.begin(), parts.end(), random);
      Accumulator merged(aggregate);
      for (const Accumulator& part : parts) merged.merge(part);
      EXPECT_EQ(merged.result(), whole) << aggregate_name(aggregate) << " of " << size;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, AggregateMergeTest,
                         testing::Values(0, 1, 10, 1'100, 3'000, 100'000));

TEST(AggregateTest, MergedFloatSumsStayWithinTheirError) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal(0, 1e6);
  std::vector<Accumulator> parts(8, Accumulator(Aggregate::kSum));
  Accumulator whole(Aggregate::kSum);
  double sizes = 0;
  for (int i = 0; i < 100'000; ++i) {
    const double value = normal(random);
    parts[random() % parts.size()].add_number(value);
    whole.add_number(value);
    sizes += std::abs(value);
  }
  Accumulator merged(Aggregate::kSum);
  for (const Accumulator& part : parts) merged.merge(part);
  EXPECT_NEAR(merged.result().number(), whole.result().number(), 1e-12 * sizes);
}

}  // namespace
}  // namespace daybook
