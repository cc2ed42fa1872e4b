// Buried: journal rows that were deleted or erased, by partition and sequence. A repeat of one is
// known by the hash of its key until its keep is over; its id and tenant are there for the feed
// alone, and an erasure forgets them. Functions over a connection, inside the caller's transaction.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "catalog/row.h"
#include "store/columns/frame.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/shelf.h"

namespace daybook::sqlite {

enum class Remembers { kId, kHashOnly };
Result<void> bury(Connection& db, const Shelf& shelf, std::int64_t partition,
                  columns::Sequence sequence, const Row& row, Remembers what);

// Whether a row of this key is.
Result<bool> is_buried(Connection& db, const Shelf& shelf, std::int64_t partition, const Row& row);

// Whether any is buried there.
Result<bool> has_buried(Connection& db, std::int64_t partition);
// Whether a repeat may still come of any that is buried there.
Result<bool> has_unexpired(Connection& db, std::int64_t partition, Instant now);

// Forgets the ids of those sequences of a partition that `is_known` does not hold for.
Result<void> forget_ids(Connection& db, std::int64_t partition,
                        const std::function<bool(columns::Sequence)>& is_known);

}  // namespace daybook::sqlite
