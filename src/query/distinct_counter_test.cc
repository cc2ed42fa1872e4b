// I6: distinct counts are within their error, and any order of merging gives the same.
#include "query/distinct_counter.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/hash.h"

namespace daybook {
namespace {

std::uint64_t hash_of(std::uint64_t i) {
  return hash64(std::string_view(reinterpret_cast<const char*>(&i), sizeof(i)));
}

DistinctCounter range(std::uint64_t from, std::uint64_t to) {
  DistinctCounter counter(1'024);
  for (std::uint64_t i = from; i < to; ++i) counter.add(hash_of(i));
  return counter;
}

TEST(DistinctCounterTest, IsExactWhileThereAreFew) {
  DistinctCounter counter = range(0, 1'024);
  counter.merge(range(0, 1'024));
  EXPECT_EQ(counter.count(), 1'024);
  EXPECT_TRUE(counter.is_exact());
  EXPECT_EQ(range(0, 0).count(), 0);
}

TEST(DistinctCounterTest, EstimatesWithinThreeDeviations) {
  for (const std::uint64_t size : {1'025U, 5'000U, 20'000U, 41'000U, 60'000U, 500'000U}) {
    const DistinctCounter counter = range(0, size);
    EXPECT_FALSE(counter.is_exact());
    const double truth = static_cast<double>(size);
    EXPECT_NEAR(static_cast<double>(counter.count()), truth, 3 * DistinctCounter::kError * truth);
  }
}

TEST(DistinctCounterTest, MergingInAnyOrderGivesTheSame) {
  const std::uint64_t cuts[] = {0, 300, 900, 2'000, 30'000};
  for (int first = 0; first < 4; ++first) {
    DistinctCounter merged(1'024);
    for (int i = 0; i < 4; ++i) {
      const int part = (first + i) % 4;
      merged.merge(range(cuts[part], cuts[part + 1]));
    }
    EXPECT_EQ(merged.count(), range(0, 30'000).count()) << first;
  }
}

}  // namespace
}  // namespace daybook
