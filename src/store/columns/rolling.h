// Rolling: the rows of one block as sums of a rollup, over codes and numbers as they lie. Pure; any
// thread.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/result.h"
#include "catalog/collection.h"
#include "query/rollup_cells.h"
#include "store/columns/block_reader.h"
#include "store/columns/part.h"

namespace daybook::columns {

// The entries of measured maps are named by those who send them, and each may be in every cell:
// cells of more entries than this are not kept of a block, its rows answer.
constexpr std::size_t kMostEntries = 1u << 17;
// Cells times different entries.
std::size_t entries_in(const RollupCells& cells);

// The rows in buckets of the rollup's finest tier, each a cell of its own or some of them merged.
// Of bounded entries: in buckets of the finest tier that has no more of them, and empty when there
// is none.
enum class Entries { kBounded, kAll };
Result<std::optional<RollupCells>> cells_of(BlockReader& block, const Positions& positions,
                                            const Rollup& rollup, Entries entries);

// A tier is kept where one of its cells stands for at least this many rows; below, reading the rows
// is no slower and the sums take as much room.
constexpr std::size_t kRowsPerCell = 6;

// The tiers of the rollup, ascending, that pay for these cells. They come with all cells' rows.
std::vector<RollupCells> paying_tiers(const std::vector<const RollupCells*>& cells,
                                      const Rollup& rollup);

// Which part of a block holds a tier: both by their place in the declaration. What is stored says
// what it is of, so that a declaration that changed is noticed.
constexpr std::uint32_t rollup_number(std::size_t rollup, std::size_t tier) {
  return static_cast<std::uint32_t>(rollup << 5 | tier);
}
struct RollupTier {
  std::size_t rollup;
  std::size_t tier;
};
constexpr RollupTier rollup_tier(std::uint32_t number) { return {number >> 5, number & 31}; }

// The tiers that pay of all the collection's rollups, as parts of the block that these rows become.
Result<void> seal_rollups(BlockReader& block, const Positions& positions,
                          std::vector<StoredPart>& parts);

}  // namespace daybook::columns
