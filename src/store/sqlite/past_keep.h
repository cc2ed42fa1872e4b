// What is past its keep: as far as the periods of partitions alone tell, and row by row.
#pragma once

#include "base/result.h"
#include "store/columns/block_reader.h"
#include "store/sqlite/journal.h"
#include "store/sqlite/journal_reader.h"
#include "store/sqlite/shelf.h"
#include "store/sqlite/snapshot.h"
#include "store/store.h"

namespace daybook::sqlite {

// Whether every row of the partition is.
bool is_past(const Shelf& shelf, const PartitionInfo& info, const Expiry& expiry);
// Whether something may have to be removed from the partition: all of it where its rows are kept
// equally long (reads hide those that are past it until then), else any row.
bool may_expire(const Shelf& shelf, const PartitionInfo& info, const Expiry& expiry);
// Whether an expiry of the collection has something to forget beside rows: changes and answers that
// were kept long enough, sums past the keep of their rollup.
Result<bool> is_aught_past(Snapshot& snapshot, const Shelf& shelf, const Expiry& expiry,
                           Duration changes_kept);
bool is_expired(const Shelf& shelf, const Row& row, const Expiry& expiry);

// The living rows of a block that are past their keep.
struct ExpiredRows {
  bool is_all = true;  // of its living rows
  columns::Positions positions;
  Removed removed;  // of partitions nothing
};
// `bytes`: of the whole block. Reads no more columns than keeps are told by.
Result<ExpiredRows> find_expired(const Shelf& shelf, const PartitionInfo& info,
                                 const Expiry& expiry, columns::BlockReader& block,
                                 std::uint64_t bytes);
columns::Positions living_rows(const columns::BlockReader& block);
// What would go were these rows of the block removed.
Result<Removed> count_removed(columns::BlockReader& block, const columns::Positions& positions,
                              std::uint64_t bytes);
// Adds what goes of a block, or of all its partitions.
void add(Removed& removed, const Removed& here);
// Whether a partition whose rows are all expired goes with them: what was deleted there stays known
// until its own keep is over, as long as the longest of the tenants' may be.
Result<bool> goes_whole(Connection& db, const Shelf& shelf, const PartitionInfo& info,
                        const Expiry& expiry);

// What a removal would take away, as the snapshot sees it.
Result<Removed> preview_expiry(const Shelf& shelf, Snapshot& snapshot, const Expiry& expiry,
                               const Options& options);

}  // namespace daybook::sqlite
