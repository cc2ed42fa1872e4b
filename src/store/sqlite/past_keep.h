// What is past its keep, as far as the periods of partitions alone tell.
#pragma once

#include "base/result.h"
#include "store/sqlite/journal.h"
#include "store/sqlite/shelf.h"
#include "store/sqlite/snapshot.h"
#include "store/store.h"

namespace daybook::sqlite {

// Whether every row of the partition is.
bool is_past(const Shelf& shelf, const PartitionInfo& info, const Expiry& expiry);
// Whether something may have to be removed from the partition: all of it where its rows are kept
// equally long (reads hide those that are past it until then), else any row.
bool may_expire(const Shelf& shelf, const PartitionInfo& info, const Expiry& expiry);
// Whether an expiry of the collection may have something to do. Takes no turn of the writer's.
Result<bool> is_due(Snapshot& snapshot, const Shelf& shelf, const Expiry& expiry,
                    Duration changes_kept);

}  // namespace daybook::sqlite
