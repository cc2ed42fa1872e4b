// Feed: the change log of an application read from one snapshot, with each row as it is now.
#pragma once

#include "base/result.h"
#include "store/change_feed.h"
#include "store/sqlite/sealed_block.h"
#include "store/sqlite/shelf.h"
#include "store/sqlite/snapshot.h"

namespace daybook::sqlite {

Result<Changes> read_feed(Snapshot& snapshot, const Shelves& shelves, ColumnCache& cache,
                          std::int64_t application, Position after, std::size_t limit);

}  // namespace daybook::sqlite
