// The stored sums of a journal's rollups against its rows.
#pragma once

#include "base/result.h"
#include "store/sqlite/questions.h"
#include "store/store.h"

namespace daybook::sqlite {

// The first period after `check.after` that has stored sums or rows: those of its blocks, those of
// its partitions, and those of rows that are gone, which are compared with each other, tier by
// tier.
Result<RolledPeriod> check_period(const Source& source, const RollupCheck& check);

}  // namespace daybook::sqlite
