// I7: what is decoded of a block is not taken for another's; I8: nor takes more memory than it may.
#include "store/sqlite/sealed_block.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/hash.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/stored_block.h"

namespace daybook::sqlite {
namespace {

TEST(SealedBlock, I7_NumbersAreNotUsedAgain) {
  const std::string directory = testing::TempDir() + "daybook-" + std::to_string(random64());
  std::filesystem::create_directories(directory);
  {
    auto db = open_for_writing(directory, {});
    ASSERT_TRUE(db.ok());
    columns::SealedRows rows;
    rows.header.rows = 1;
    const auto first = write_block(*db, 1, rows);
    ASSERT_TRUE(first.ok() && remove_block(*db, (*first)->number).ok());
    const auto second = write_block(*db, 1, rows);
    ASSERT_TRUE(second.ok());
    EXPECT_GT((*second)->number, (*first)->number);
  }
  std::filesystem::remove_all(directory);
}

TEST(ColumnCache, I8_TheLongestUnusedGoes) {
  const auto column =
      std::make_shared<const columns::Column>(columns::null_column(Type::kInt, 1000));
  ColumnCache cache(3 * column->bytes());
  for (std::int64_t block = 1; block <= 3; ++block) cache.put({block, 0}, column);
  EXPECT_NE(cache.find({1, 0}), nullptr);
  cache.put({4, 0}, column);
  EXPECT_EQ(cache.find({2, 0}), nullptr);
  for (const std::int64_t block : {1, 3, 4}) EXPECT_NE(cache.find({block, 0}), nullptr) << block;
}

// More columns than there is room for, asked in turn: those that are there stay and serve.
TEST(ColumnCache, I8_WhatIsStillAskedForIsNotPutOut) {
  const auto column =
      std::make_shared<const columns::Column>(columns::null_column(Type::kInt, 1000));
  ColumnCache cache(3 * column->bytes());
  for (std::int64_t block = 1; block <= 3; ++block) cache.put({block, 0}, column);
  const auto look = [&] { return cache.is_worth_having({4, 0}, 8); };
  for (int i = 0; i < 100; ++i) {
    for (std::int64_t block = 1; block <= 3; ++block) {
      EXPECT_NE(cache.find({block, 0}), nullptr) << block;
    }
    EXPECT_FALSE(look());
  }
  int looks = 0;
  while (!look()) ASSERT_LE(++looks, 2 * 8) << "nobody asks for the others any more";
}

}  // namespace
}  // namespace daybook::sqlite
