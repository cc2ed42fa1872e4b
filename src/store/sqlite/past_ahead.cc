#include "store/sqlite/past_ahead.h"

#include <algorithm>
#include <memory>

#include "store/sqlite/rollup_tables.h"

namespace daybook::sqlite {

namespace {

// Of sums that wait for their transaction; further partitions are summed inside of it.
constexpr std::size_t kMostAhead = 32u << 20;

// A sealed block as a snapshot sees it, with its living rows.
struct LivingBlock {
  LivingBlock(const Shelf& shelf, const SealedBlock& block, Snapshot& snapshot, ColumnCache& cache)
      : columns(shelf, block, snapshot.db(), cache),
        reader(*shelf.collection, columns, block.deaths, block.header.rows,
               snapshot.view().commit) {}

  GoingRows rows() {
    GoingRows going{&reader, {}};
    for (std::uint32_t position = 0; position < reader.rows(); ++position) {
      if (!reader.is_dead(position)) going.positions.push_back(position);
    }
    return going;
  }

  SealedColumns columns;
  columns::BlockReader reader;
};

}  // namespace

Result<PastAhead> PastAhead::make(const Shelf& shelf, Snapshot& snapshot, Instant now,
                                  const std::function<bool(const PartitionInfo&)>& goes) {
  PastAhead ahead;
  std::size_t bytes = 0;
  ColumnCache cache(0);  // nobody is going to ask for these again
  for (const PartitionView& partition : *snapshot.view().journals[shelf.index]) {
    const PartitionInfo& info = *partition.info;
    const bool is_open = partition.open.rows > 0 || partition.frozen.rows > 0;
    if (is_open || !goes(info) || bytes > kMostAhead) continue;
    std::vector<std::unique_ptr<LivingBlock>> blocks;
    std::vector<GoingRows> going;
    for (const auto& block : *partition.sealed) {
      blocks.push_back(std::make_unique<LivingBlock>(shelf, *block, snapshot, cache));
      going.push_back(blocks.back()->rows());
    }
    Summed& summed = ahead.partitions_[info.id];
    summed.commit = snapshot.view().commit;
    summed.blocks = block_numbers(*partition.sealed);
    DAYBOOK_ASSIGN(summed.chunks, roll_past(shelf, info, going, now));
    for (const PastChunk& chunk : summed.chunks) bytes += chunk.bytes.size();
  }
  return ahead;
}

const std::vector<PastChunk>* PastAhead::find(const Partition& partition) const {
  const auto summed = partitions_.find(partition.info->id);
  if (summed == partitions_.end() || partition.open || partition.frozen) return nullptr;
  const Commit commit = summed->second.commit;
  const bool is_same = block_numbers(*partition.sealed) == summed->second.blocks &&
                       std::ranges::all_of(*partition.sealed, [&](const auto& block) {
                         return block->deaths.last() <= commit;
                       });
  return is_same ? &summed->second.chunks : nullptr;
}

}  // namespace daybook::sqlite
