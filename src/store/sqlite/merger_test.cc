#include "store/sqlite/merger.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace daybook::sqlite {
namespace {

struct Shape {
  std::size_t rows;
  std::size_t dead;
};

PartitionView partition_of(const std::vector<Shape>& shapes) {
  SealedBlocks blocks;
  for (const Shape& shape : shapes) {
    columns::BlockHeader header;
    header.rows = shape.rows;
    blocks.push_back(
        std::make_shared<SealedBlock>(static_cast<std::int64_t>(blocks.size() + 1), header));
    for (std::size_t i = 0; i < shape.dead; ++i) blocks.back()->deaths.kill(i, 1);
  }
  PartitionView view;
  view.sealed = std::make_shared<const SealedBlocks>(std::move(blocks));
  return view;
}

std::string chosen(const std::vector<Shape>& shapes, bool is_quiet) {
  std::string numbers;
  for (const auto& block : choose_blocks(partition_of(shapes), is_quiet, 1000)) {
    numbers += (numbers.empty() ? "" : " ") + std::to_string(block->number);
  }
  return numbers;
}

TEST(Merger, LeavesWellAlone) {
  EXPECT_EQ(chosen({}, true), "");
  EXPECT_EQ(chosen({{1000, 0}, {1000, 0}, {10, 0}}, true), "");
  EXPECT_EQ(chosen({{1000, 50}}, true), "") << "5 % dead is not more than 5 %";
}

TEST(Merger, SmallBlocksOfAQuietPartitionBecomeOne) {
  EXPECT_EQ(chosen({{1000, 0}, {100, 0}, {100, 0}, {100, 0}}, true), "2 3 4");
  EXPECT_EQ(chosen({{100, 0}, {100, 0}}, false), "") << "more rows are still to come";
}

TEST(Merger, NeverMoreRowsThanABlockHolds) {
  EXPECT_EQ(chosen({{400, 0}, {400, 0}, {400, 0}, {400, 0}}, true), "1 2");
}

TEST(Merger, OnlyNeighboursAreJoinedSoThatBlocksStayInOrderOfTime) {
  EXPECT_EQ(chosen({{100, 0}, {1000, 0}, {100, 0}}, true), "");
}

TEST(Merger, WornBlocksLoseTheirDead) {
  EXPECT_EQ(chosen({{1000, 51}}, true), "1");
  EXPECT_EQ(chosen({{1000, 51}}, false), "") << "while it is being changed";
  EXPECT_EQ(chosen({{1000, 0}, {1000, 251}}, false), "2");
}

TEST(Merger, DeadRowsDoNotCountAsRows) {
  EXPECT_EQ(chosen({{1000, 1000}, {1000, 1000}, {1000, 900}}, true), "1 2 3");
}

}  // namespace
}  // namespace daybook::sqlite
