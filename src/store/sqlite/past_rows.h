// What rows that go because of their age leave behind in the rollups of their journal.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "store/columns/block_reader.h"
#include "store/sqlite/rollup_tables.h"
#include "store/sqlite/view.h"

namespace daybook::sqlite {

// Ready to be stored.
struct PastChunk {
  const Rollup* rollup;
  PastSums::Chunk chunk;
  std::string bytes;
};

// Rows of one block.
struct GoingRows {
  columns::BlockReader* block;
  columns::Positions positions;
};

// The sums of the going rows of a partition, of all tiers of those rollups that still keep its
// time. Any thread.
Result<std::vector<PastChunk>> roll_past(const Shelf& shelf, const PartitionInfo& info,
                                         const std::vector<GoingRows>& going, Instant now);

// In the transaction in which the rows go.
Result<void> keep_past(Connection& db, const Shelf& shelf, const PartitionInfo& info,
                       const std::vector<PastChunk>& chunks);

}  // namespace daybook::sqlite
