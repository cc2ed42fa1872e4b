// StoredBlock: a sealed block's rows in the database, made and removed inside the caller's
// transaction.
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "store/columns/block.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/sealed_block.h"

namespace daybook::sqlite {

// Under a number that was never used before; null for no rows.
Result<std::shared_ptr<SealedBlock>> write_block(Connection& db, std::int64_t partition,
                                                 const columns::SealedRows& rows);
Result<void> write_death(Connection& db, std::int64_t block, std::size_t position,
                         columns::Commit commit);

// With its columns and deaths, at once.
Result<void> remove_block(Connection& db, std::int64_t number);
// All blocks of a partition that goes: no View has them from this commit on, and their pages are
// freed step by step (reclaim.h).
Result<void> discard_blocks(Connection& db, std::int64_t partition);
// Frees one of those; false: there was none.
Result<bool> remove_discarded(Connection& db);

}  // namespace daybook::sqlite
