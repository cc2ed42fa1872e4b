#include "store/sqlite/past_ahead.h"

#include <utility>

#include "store/sqlite/journal_reader.h"
#include "store/sqlite/register_table.h"

namespace daybook::sqlite {

namespace {

// Of positions and sums that wait for their transaction.
constexpr std::size_t kMostAhead = 32u << 20;

}  // namespace

Result<PastAhead> PastAhead::make(const Shelf& shelf, Snapshot& snapshot, const Expiry& expiry,
                                  const std::optional<PartitionKey>& after,
                                  const Options& options) {
  PastAhead ahead;
  if (!shelf.collection->is_journal()) {
    const auto note = [&](Row&& row) -> Result<bool> {
      if (is_expired(shelf, row, expiry)) ahead.keys_.push_back(key_of(*shelf.collection, row));
      return true;
    };
    DAYBOOK_TRY(look_at_rows(snapshot.db(), *shelf.collection, {}, "", note));
    ahead.has_rows_ = !ahead.keys_.empty();
    return ahead;
  }
  ahead.after_ = after;
  for (const PartitionView& partition : *snapshot.view().journals[shelf.index]) {
    const PartitionInfo& info = *partition.info;
    const PartitionKey key{info.start, info.keep};
    if ((after && key <= *after) || !may_expire(shelf, info, expiry)) continue;
    DAYBOOK_TRY(ahead.look(shelf, snapshot, expiry, partition, options));
    if (ahead.bytes_ < kMostAhead) continue;
    ahead.last_ = key;
    break;
  }
  return ahead;
}

Result<void> PastAhead::look(const Shelf& shelf, Snapshot& snapshot, const Expiry& expiry,
                             const PartitionView& partition, const Options& options) {
  const PartitionInfo& info = *partition.info;
  if (partition.open.block || partition.frozen.block || is_past(shelf, info, expiry)) {
    has_rows_ = true;
  }
  if (partition.sealed->empty()) return {};
  ColumnCache cache(0);  // nobody is going to ask for these again
  JournalReader journal(shelf, snapshot, cache);
  Looked& looked = partitions_[info.id];
  std::vector<OpenedBlock> blocks;
  std::vector<GoingRows> going;
  bool is_all = true;
  for (const auto& sealed : *partition.sealed) {
    OpenedBlock& block = blocks.emplace_back(journal.open({sealed.get(), nullptr, {}}));
    DAYBOOK_ASSIGN(ExpiredRows expired,
                   find_expired(shelf, info, expiry, *block.reader, sealed->header.bytes));
    block.reader->forget();
    tell(options, Moment::kLookedForExpired);
    if (!expired.positions.empty()) going.push_back({block.reader.get(), expired.positions});
    is_all = is_all && expired.is_all;
    if (expired.is_all) expired.positions = {};
    bytes_ += expired.positions.size() * sizeof(std::uint32_t);
    looked.blocks.emplace(sealed->number, std::move(expired));
  }
  has_rows_ = has_rows_ || is_all || !going.empty();
  DAYBOOK_ASSIGN(looked.chunks, roll_past(shelf, info, going, expiry.now));
  for (const PastChunk& chunk : looked.chunks) bytes_ += chunk.bytes.size();
  return {};
}

const PastAhead::Looked* PastAhead::find(const Partition& partition) const {
  const auto looked = partitions_.find(partition.info->id);
  return looked == partitions_.end() ? nullptr : &looked->second;
}

bool PastAhead::covers(const PartitionKey& key) const {
  return (!after_ || key > *after_) && (!last_ || key <= *last_);
}

}  // namespace daybook::sqlite
