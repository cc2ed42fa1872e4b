// What a summary's measures need of each group, computed over the columns of one block. Internal of
// the grouping.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "query/measure_plan.h"
#include "store/columns/block_reader.h"
#include "store/columns/chosen.h"
#include "store/columns/grouping_keys.h"

namespace daybook::columns {

// Whether states_of() computes it.
bool can_be_computed(const Collection& collection, const MeasurePlan::State& state);

// How many rows each group has.
std::vector<std::int64_t> rows_of(const BlockGroups& groups);

// By state of the plan, then by group.
using States = std::vector<std::vector<Accumulator>>;
Result<States> states_of(const MeasurePlan& plan, BlockReader& block, const Chosen& chosen,
                         const BlockGroups& groups);

}  // namespace daybook::columns
