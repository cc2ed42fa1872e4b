// The stored sums of a journal's rollups against its rows.
#pragma once

#include <cstdint>
#include <optional>
#include <set>

#include "base/result.h"
#include "store/sqlite/questions.h"
#include "store/store.h"

namespace daybook::sqlite {

// The first of the periods after `after`, and where it stands among them.
RolledPeriod next_period(const std::set<std::int64_t>& periods,
                         const std::optional<Instant>& after);

// The first period after `check.after` that has stored sums or rows: those of its blocks, those of
// its partitions, and those of rows that are gone, which are compared with each other, tier by
// tier.
Result<RolledPeriod> check_period(const Source& source, const RollupCheck& check);

}  // namespace daybook::sqlite
