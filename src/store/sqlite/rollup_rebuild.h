// The sums of a journal's rollups made anew from its rows.
#pragma once

#include "base/result.h"
#include "store/sqlite/shelf.h"
#include "store/sqlite/snapshot.h"
#include "store/sqlite/writer.h"
#include "store/store.h"

namespace daybook::sqlite {

// Writes the sealed blocks of the first period after `check.after` anew, with their sums. Those of
// many blocks go with the blocks, and the RollupKeeper makes them again.
Result<RolledPeriod> rebuild_period(const Shelf& shelf, const RollupCheck& check, Readers& readers,
                                    const Views& views, Writer& writer);

}  // namespace daybook::sqlite
