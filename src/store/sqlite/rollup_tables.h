// The stored sums of rollups that are no part of a block: those of many blocks of a partition in
// one, and those of rows that are past their keep and gone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/rollup_cells.h"
#include "store/columns/deaths.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/shelf.h"
#include "store/sqlite/view.h"

namespace daybook::sqlite {

// Ascending.
std::vector<std::int64_t> block_numbers(const SealedBlocks& blocks);

// One tier, as it is stored.
struct StoredTier {
  std::int64_t id = 0;  // its row's
  Duration width{};
};

// What one rollup comes to over some of a partition's sealed blocks, at a commit.
struct PartitionSums {
  Commit commit = 0;
  std::vector<std::int64_t> blocks;  // their numbers, ascending
  std::vector<StoredTier> tiers;     // ascending by width; those that were worth it
};

// Of rows of one period of a journal that are gone. A fine tier is stored in several chunks, so
// that a question reads the hours that it needs.
struct PastSums {
  struct Chunk {
    std::int64_t id = 0;  // its row's
    Duration width{};
    std::int64_t start = 0, until = 0;  // microseconds, half-open
  };
  std::int64_t period = 0;    // its start
  std::vector<Chunk> chunks;  // ascending by width, then by start
};

// Empty when there are none.
Result<PartitionSums> find_sums(Connection& db, std::int64_t partition, const Rollup& rollup);
// Of all periods with chunks that meet [start, end), in order; of each those chunks.
Result<std::vector<PastSums>> find_past(Connection& db, const Shelf& shelf, const Rollup& rollup,
                                        std::int64_t start, std::int64_t end);
// What is stored, as the first column of a row that is held for as long as it is looked at.
Result<Query> read_sums(Connection& db, const StoredTier& tier);
Result<Query> read_past(Connection& db, const PastSums::Chunk& chunk);

// All below within a transaction of the caller.
//
// In the place of what was there. Without tiers it only notes that none was worth it.
struct TierBytes {
  Duration width{};
  std::string bytes;  // of write_cells()
};
Result<void> write_sums(Connection& db, std::int64_t partition, const Rollup& rollup, Commit commit,
                        const std::vector<std::int64_t>& blocks,
                        const std::vector<TierBytes>& tiers);
// What the partition's blocks were is not so any more.
Result<void> forget_sums(Connection& db, std::int64_t partition);
// The sums of a collection's partitions that were made for another declaration of it.
Result<void> forget_outdated_sums(Connection& db, const Shelf& shelf);
// Adds a chunk (its id is not used) to what is there of it. The bytes are those of write_cells().
Result<void> add_past(Connection& db, const Shelf& shelf, const Rollup& rollup, std::int64_t period,
                      const PastSums::Chunk& chunk, std::string_view bytes);
// Whether there is something that the rollups do not keep any more, and dropping it.
Result<bool> has_forgettable_past(Connection& db, const Shelf& shelf, std::int64_t now);
Result<void> forget_past(Connection& db, const Shelf& shelf, std::int64_t now);

}  // namespace daybook::sqlite
