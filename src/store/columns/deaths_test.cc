#include "store/columns/deaths.h"

#include <gtest/gtest.h>

namespace daybook::columns {
namespace {

TEST(Deaths, CountFromTheirCommitOn) {
  Deaths deaths;
  EXPECT_FALSE(deaths.any());
  deaths.kill(70'000, 5);
  EXPECT_TRUE(deaths.any());
  EXPECT_FALSE(deaths.is_dead(70'000, 4));
  EXPECT_TRUE(deaths.is_dead(70'000, 5));
  EXPECT_EQ(deaths.death_of(70'000), 5u);
}

TEST(Deaths, TakeNobodyElse) {
  Deaths deaths;
  for (std::size_t i = 0; i < 20'000; i += 7) deaths.kill(i, 1 + i);
  deaths.kill((std::size_t{1} << 24) - 1, 3);
  for (std::size_t i = 0; i < 20'000; ++i) {
    EXPECT_EQ(deaths.death_of(i), i % 7 == 0 ? 1 + i : 0) << i;
  }
  EXPECT_EQ(deaths.death_of((std::size_t{1} << 24) - 1), 3u);
}

TEST(Deaths, CanBeTakenBack) {
  Deaths deaths;
  deaths.revive(3);
  deaths.kill(3, 9);
  deaths.revive(3);
  EXPECT_FALSE(deaths.is_dead(3, 100));
}

}  // namespace
}  // namespace daybook::columns
