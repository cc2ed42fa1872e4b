// Sealing: an open block becomes a sealed one in three steps. Freeze it and let a new one open;
// encode it, which any thread may do meanwhile; then, in one transaction, the block goes in and its
// frames go out. Sealed blocks are written anew in the same way: encoded by any thread, exchanged
// in one transaction.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/result.h"
#include "store/columns/block.h"
#include "store/columns/joined.h"
#include "store/sqlite/journal.h"
#include "store/sqlite/sealed_block.h"
#include "store/sqlite/writer.h"

namespace daybook::sqlite {

// The writer's thread, between transactions. Only when nothing is frozen there and rows are open.
std::shared_ptr<const Frozen> freeze(Partition& partition, Commit commit);

// Takes a freeze back at once: nothing was written to the partition meanwhile.
void thaw(Partition& partition, const Frozen& frozen);

// The rows of the frozen block that lived at its commit. Any thread.
Result<columns::SealedRows> encode(const Shelf& shelf, const Frozen& frozen);

// Whether a row goes on living; asked by position in the block that is rewritten.
using KeepsRow = std::function<bool(std::size_t position)>;

// Sealed blocks of one partition as one: what lived at a commit and is kept.
struct Rewritten {
  SealedBlocks from;
  columns::SealedRows rows;
  std::vector<columns::JoinedColumns::Origin> origins;  // by position in rows.positions
};
// Any thread, with a snapshot of that commit.
Result<Rewritten> encode_anew(const Shelf& shelf, SealedBlocks blocks, Connection& db,
                              ColumnCache& cache, Commit at, const KeepsRow& keeps);

// Inside a step: what is written must be settled after the COMMIT by what is returned.
//
// The frozen block's rows as they were encoded. Does nothing when the partition has given the block
// up meanwhile.
Result<Settle> install(WriteAccess& access, const Shelf& shelf, const PartitionKey& key,
                       const std::shared_ptr<const Frozen>& frozen,
                       const columns::SealedRows& rows);
// All of a partition's open rows that are kept, as one block.
Result<Settle> seal_open(WriteAccess& access, const Shelf& shelf, Partition& partition,
                         const KeepsRow& keeps_in_frozen, const KeepsRow& keeps_in_open);
// Blocks by the one that has their rows now. Does nothing when one of them is not there any more.
Result<Settle> exchange(WriteAccess& access, const Shelf& shelf, const PartitionKey& key,
                        const Rewritten& rewritten);
// The partition with everything in it; what its blocks take on disk is freed later (reclaim.h).
Result<Settle> drop_partition(WriteAccess& access, const Shelf& shelf, const PartitionKey& key);

}  // namespace daybook::sqlite
