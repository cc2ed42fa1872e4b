#include "store/sqlite/rollup_keeper.h"

#include <algorithm>
#include <utility>

#include "store/columns/rolling.h"
#include "store/sqlite/rollup_tables.h"

namespace daybook::sqlite {

namespace {

// Where a cell of a block stands for fewer rows, sums of more blocks are not going to pay either.
constexpr std::size_t kLeastRowsPerCell = 2;
// So few rows are no burden, and what a block of them had no use for may be of use to its
// partition.
constexpr std::size_t kFewRows = 4096;
// So many cells and entries of maps wait before they are put together: some tens of megabytes.
constexpr std::size_t kManyCells = 1u << 18;

Commit last_death(const SealedBlocks& blocks) {
  Commit last = 0;
  for (const auto& block : blocks) last = std::max(last, block->deaths.last());
  return last;
}

// The cells of one block, in the finest tier that may still pay; none where no tier may.
class BlockCells {
 public:
  BlockCells(const Shelf& shelf, std::size_t rollup, Snapshot& snapshot, ColumnCache& cache)
      : shelf_(shelf),
        number_(rollup),
        rollup_(shelf.collection->rollups[rollup]),
        snapshot_(snapshot),
        cache_(cache) {}

  Result<std::optional<RollupCells>> of(const SealedBlock& block) const {
    const bool is_small = block.header.rows <= kFewRows;
    if (!is_small && !block.deaths.any()) {
      DAYBOOK_ASSIGN(auto cells, stored(block));
      if (cells) return cells;
    }
    SealedColumns columns(shelf_, block, snapshot_.db(), cache_);
    columns::BlockReader reader(*shelf_.collection, columns, block.deaths, block.header.rows,
                                snapshot_.view().commit);
    columns::Positions positions;
    for (std::uint32_t position = 0; position < block.header.rows; ++position) {
      if (!reader.is_dead(position)) positions.push_back(position);
    }
    DAYBOOK_ASSIGN(const auto cells,
                   columns::cells_of(reader, positions, rollup_, columns::Entries::kBounded));
    if (!cells) return std::optional<RollupCells>();
    for (const daybook::Step& tier : rollup_.tiers) {
      const Duration width = width_of(tier);
      if (width < cells->width) continue;
      if (is_small || count_merged({&*cells}, width) * kLeastRowsPerCell <= positions.size()) {
        return std::optional(merge_cells({&*cells}, width));
      }
    }
    return std::optional<RollupCells>();
  }

  // What the block has stored, if that is of all that is declared.
  Result<std::optional<RollupCells>> stored(const SealedBlock& block) const {
    SealedColumns columns(shelf_, block, snapshot_.db(), cache_);
    for (std::size_t tier = 0; tier < rollup_.tiers.size(); ++tier) {
      const columns::PartNumber part{columns::PartKind::kRollup,
                                     columns::rollup_number(number_, tier)};
      if (!block.header.has(part)) continue;
      DAYBOOK_ASSIGN(const auto content, columns.part(part));
      DAYBOOK_ASSIGN(const std::string_view bytes, content->all());
      auto cells = read_cells(bytes, *shelf_.collection, rollup_, all_cells());
      if (!cells.ok() && cells.error().code() != Code::kInvalid) return std::move(cells).error();
      if (cells.ok() && is_complete(*cells)) return std::optional(*std::move(cells));
      break;
    }
    return std::optional<RollupCells>();
  }

 private:
  // Not so when they were made for an earlier declaration.
  bool is_complete(const RollupCells& cells) const {
    const auto has_all = [&](const auto& columns) {
      return std::ranges::all_of(columns,
                                 [&](const auto& column) { return column.size() == cells.size(); });
    };
    return std::ranges::is_permutation(cells.measured, rollup_.measures) &&
           has_all(cells.distinct) && has_all(cells.holding);
  }

  const Shelf& shelf_;
  std::size_t number_;
  const Rollup& rollup_;
  Snapshot& snapshot_;
  ColumnCache& cache_;
};

std::vector<const RollupCells*> pointers(const std::vector<RollupCells>& cells) {
  std::vector<const RollupCells*> all;
  for (const RollupCells& part : cells) all.push_back(&part);
  return all;
}

// Parts of which some know coarser buckets only.
void put_together(std::vector<RollupCells>& parts) {
  Duration width{};
  for (const RollupCells& part : parts) width = std::max(width, part.width);
  RollupCells all = merge_cells(pointers(parts), width);
  parts.clear();
  parts.push_back(std::move(all));
}

// What the sealed blocks of a partition come to in one rollup; without tiers where none is worth
// its room, or a single block has them all.
Result<std::vector<TierBytes>> sum_blocks(const Shelf& shelf, std::size_t rollup,
                                          const SealedBlocks& blocks, Snapshot& snapshot,
                                          ColumnCache& cache) {
  const BlockCells cells(shelf, rollup, snapshot, cache);
  if (blocks.size() == 1 && !blocks.front()->deaths.any()) {
    DAYBOOK_ASSIGN(const auto stored, cells.stored(*blocks.front()));
    if (stored) return std::vector<TierBytes>();
  }
  std::vector<RollupCells> parts;
  std::size_t waiting = 0;
  for (const auto& block : blocks) {
    DAYBOOK_ASSIGN(auto part, cells.of(*block));
    if (!part) return std::vector<TierBytes>();
    waiting += part->size() + columns::entries_in(*part);
    parts.push_back(*std::move(part));
    if (waiting < kManyCells) continue;
    put_together(parts);
    if (columns::entries_in(parts.front()) > columns::kMostEntries) return std::vector<TierBytes>();
    waiting = 0;
  }
  const Rollup& declared = shelf.collection->rollups[rollup];
  std::vector<TierBytes> tiers;
  for (const RollupCells& tier : columns::paying_tiers(pointers(parts), declared)) {
    tiers.push_back({tier.width, write_cells(tier, *shelf.collection, declared)});
  }
  return tiers;
}

// What a partition's sealed blocks come to.
struct Summed {
  Commit commit;
  std::vector<std::int64_t> blocks;
  std::vector<std::vector<TierBytes>> rollups;  // in their order
};

// Does nothing when the blocks are others by now.
Result<Settle> keep_sums(WriteAccess& access, const Shelf& shelf, const PartitionInfo& info,
                         const Summed& summed) {
  const auto& partitions = access.journals[shelf.index].partitions;
  const auto there = partitions.find({info.start, info.keep});
  const bool is_same = there != partitions.end() && there->second->info->id == info.id &&
                       block_numbers(*there->second->sealed) == summed.blocks;
  if (!is_same) return Settle();
  for (std::size_t i = 0; i < summed.rollups.size(); ++i) {
    DAYBOOK_TRY(write_sums(access.db, info.id, shelf.collection->rollups[i], summed.commit,
                           summed.blocks, summed.rollups[i]));
  }
  return Settle([] {});  // nothing to settle, but something to commit
}

}  // namespace

bool RollupKeeper::is_due(const PartitionView& partition) const {
  if (shelves_.all()[partition.info->shelf]->collection->rollups.empty()) return false;
  const SealedBlocks& blocks = *partition.sealed;
  if (blocks.empty() || !partition.info->is_counted()) return false;
  const auto known = known_.find(partition.info->id);
  return known == known_.end() || known->second.blocks != block_numbers(blocks) ||
         last_death(blocks) > known->second.commit;
}

const PartitionView* RollupKeeper::choose(const View& view) const {
  const auto now = std::chrono::steady_clock::now();
  for (const auto& journal : view.journals) {
    if (!journal) continue;
    for (const PartitionView& partition : *journal) {
      const bool is_quiet = now - partition.last_touched >= options_.quiet;
      if (is_quiet && is_due(partition)) return &partition;
    }
  }
  return nullptr;
}

// What was summed before the start: all rollups of a partition are written at once.
Result<void> RollupKeeper::learn(Snapshot& snapshot) {
  for (const auto& journal : snapshot.view().journals) {
    if (!journal) continue;
    for (const PartitionView& partition : *journal) {
      const auto& rollups = shelves_.all()[partition.info->shelf]->collection->rollups;
      if (rollups.empty()) continue;
      DAYBOOK_ASSIGN(const PartitionSums sums,
                     find_sums(snapshot.db(), partition.info->id, rollups.front()));
      if (sums.commit > 0) known_[partition.info->id] = {sums.commit, sums.blocks};
    }
  }
  has_learnt_ = true;
  return {};
}

Result<bool> RollupKeeper::step() {
  if (has_learnt_ && choose(*views_.newest()) == nullptr) return false;
  DAYBOOK_ASSIGN(Snapshot snapshot, Snapshot::open(readers_, views_, unhurried()));
  if (!has_learnt_) DAYBOOK_TRY(learn(snapshot));
  return sum(std::move(snapshot));
}

Result<bool> RollupKeeper::sum(Snapshot snapshot) {
  const PartitionView* partition = choose(snapshot.view());
  if (partition == nullptr) return false;
  const Shelf& shelf = *shelves_.all()[partition->info->shelf];
  Summed summed{snapshot.view().commit, block_numbers(*partition->sealed), {}};
  for (std::size_t i = 0; i < shelf.collection->rollups.size(); ++i) {
    DAYBOOK_ASSIGN(auto tiers, sum_blocks(shelf, i, *partition->sealed, snapshot, cache_));
    summed.rollups.push_back(std::move(tiers));
  }
  const auto step = [&](WriteAccess& access) {
    return keep_sums(access, shelf, *partition->info, summed);
  };
  tell(options_, Moment::kSummed);
  DAYBOOK_TRY(writer_.run(step));
  known_[partition->info->id] = {summed.commit, std::move(summed.blocks)};
  return true;
}

}  // namespace daybook::sqlite
