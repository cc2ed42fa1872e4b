// I8: what rollups come to takes no more memory than it may.
#include "store/sqlite/cell_cache.h"

#include <gtest/gtest.h>

namespace daybook::sqlite {
namespace {

std::shared_ptr<const RollupCells> cells_of(std::size_t size) {
  RollupCells cells;
  cells.buckets.resize(size);
  return std::make_shared<const RollupCells>(std::move(cells));
}

TEST(CellCacheTest, I8_TheLongestUnusedGoes) {
  const auto cells = cells_of(1000);
  CellCache cache(5 * cells->bytes());
  for (const char* name : {"a", "b", "c", "d"}) cache.put(name, cells);
  EXPECT_NE(cache.find("a"), nullptr);
  cache.put("e", cells);
  EXPECT_EQ(cache.find("b"), nullptr);
  for (const char* name : {"a", "c", "d", "e"}) EXPECT_EQ(cache.find(name), cells) << name;
  cache.clear();
  EXPECT_EQ(cache.find("a"), nullptr);
}

TEST(CellCacheTest, ToldWhatIsAskedAgain) {
  CellCache cache(1000);
  EXPECT_FALSE(cache.is_asked_again("a"));
  EXPECT_FALSE(cache.is_asked_again("b"));
  EXPECT_TRUE(cache.is_asked_again("a"));
  EXPECT_TRUE(cache.is_asked_again("b"));
}

TEST(CellCacheTest, I8_WhatIsLargeIsNotKept) {
  CellCache cache(5 * cells_of(1000)->bytes());
  cache.put("small", cells_of(1000));
  cache.put("large", cells_of(2000));
  EXPECT_EQ(cache.find("large"), nullptr);
  EXPECT_NE(cache.find("small"), nullptr);
}

}  // namespace
}  // namespace daybook::sqlite
