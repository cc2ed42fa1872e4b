#include "store/sqlite/block_fold.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>
#include <thread>

namespace daybook::sqlite {
namespace {

constexpr std::size_t kBlocks = 200;

// Blocks of uneven work, whose numbers are put one after the other.
class BlockFoldTest : public testing::TestWithParam<std::size_t> {
 protected:
  Result<BlockFold::Add> look(std::size_t block, Cost& cost) {
    cost.rows += block;
    for (std::size_t i = 0; i < block % 7; ++i) std::this_thread::yield();
    return BlockFold::Add([this, block] {
      EXPECT_EQ(adding_.exchange(true), false) << "two threads add at once";
      order_.push_back(block);
      adding_ = false;
      return Result<void>();
    });
  }

  ScanThreads threads_{GetParam(), 0};
  std::atomic<bool> adding_ = false;
  std::vector<std::size_t> order_;
};
INSTANTIATE_TEST_SUITE_P(Threads, BlockFoldTest, testing::Values(0, 1, 3));

TEST_P(BlockFoldTest, AddsInTheBlocksOrder) {
  Cost cost;
  BlockFold fold(kBlocks, [&](std::size_t block, Cost& spent) { return look(block, spent); });
  ASSERT_TRUE(fold.run(threads_, cost).ok());
  ASSERT_EQ(order_.size(), kBlocks);
  for (std::size_t i = 0; i < kBlocks; ++i) EXPECT_EQ(order_[i], i);
  EXPECT_EQ(cost.rows, kBlocks * (kBlocks - 1) / 2);
}

TEST_P(BlockFoldTest, TheFirstFailureEndsIt) {
  Cost cost;
  BlockFold fold(kBlocks, [&](std::size_t block, Cost& spent) -> Result<BlockFold::Add> {
    if (block % 50 == 20) return Error(Code::kTooLarge, std::to_string(block));
    return look(block, spent);
  });
  const auto ran = fold.run(threads_, cost);
  ASSERT_FALSE(ran.ok());
  EXPECT_EQ(ran.error().message(), "20");
  EXPECT_EQ(order_.size(), 20u);
}

TEST_P(BlockFoldTest, WhatCannotBeAddedEndsItToo) {
  Cost cost;
  BlockFold fold(kBlocks, [&](std::size_t block, Cost&) -> Result<BlockFold::Add> {
    return BlockFold::Add([block] {
      return block == 3 ? Result<void>(Error(Code::kTooLarge, "full")) : Result<void>();
    });
  });
  EXPECT_EQ(fold.run(threads_, cost).error().message(), "full");
}

TEST_P(BlockFoldTest, NothingIsNoWork) {
  Cost cost;
  BlockFold fold(0, [&](std::size_t block, Cost& spent) { return look(block, spent); });
  EXPECT_TRUE(fold.run(threads_, cost).ok());
}

TEST_P(BlockFoldTest, QuestionsShareTheThreads) {
  std::vector<std::thread> askers;
  std::atomic<std::size_t> added = 0;
  for (int i = 0; i < 4; ++i) {
    askers.emplace_back([&] {
      Cost cost;
      BlockFold fold(kBlocks, [&](std::size_t, Cost&) -> Result<BlockFold::Add> {
        return BlockFold::Add([&] {
          ++added;
          return Result<void>();
        });
      });
      EXPECT_TRUE(fold.run(threads_, cost).ok());
    });
  }
  for (std::thread& asker : askers) asker.join();
  EXPECT_EQ(added, 4 * kBlocks);
}

}  // namespace
}  // namespace daybook::sqlite
