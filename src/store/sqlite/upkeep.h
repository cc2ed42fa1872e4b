// Upkeep: rows go, by age and by subject; what is there is checked and counted.
#pragma once

#include <vector>

#include "base/result.h"
#include "store/sqlite/past_ahead.h"
#include "store/sqlite/questions.h"
#include "store/sqlite/sealed_block.h"
#include "store/sqlite/shelf.h"
#include "store/sqlite/writer.h"
#include "store/store.h"

namespace daybook::sqlite {

// On the writer's thread, inside a step; `removed` is added to. `ahead`: what was found before.
Result<Settle> expire(WriteAccess& access, ColumnCache& cache, const Shelf& shelf,
                      const Expiry& expiry, const PastAhead& ahead, Duration changes_kept,
                      Removed& removed);
Result<Settle> erase(WriteAccess& access, ColumnCache& cache, const Shelf& shelf,
                     const Erasure& erasure, Removed& removed);
// What an erasure would take away, as the snapshot sees it.
Result<Removed> preview_erasure(const Shelf& shelf, Snapshot& snapshot, const Erasure& erasure);

// Looks at every checksum and at what hangs together.
Result<std::vector<Finding>> verify(Snapshot& snapshot, const Shelves& shelves);
Result<Space> measure_space(Snapshot& snapshot, const Shelves& shelves, SpaceDetail detail);

// A sealed block has the list of an index when that was declared as it was made.
std::vector<IndexState> index_states(const View& view, const Shelves& shelves);

}  // namespace daybook::sqlite
