// Recurrence: a new row of a group ([group] with `reopen`) says that what was settled happens
// again, so the newest earlier row of the group that is settled is opened again. Groups end at the
// tenant.
#pragma once

#include <vector>

#include "base/result.h"
#include "engine/engine.h"
#include "store/batch.h"

namespace daybook {

// The updates that open groups again because of these operations, to go into the same batch. A row
// that arrives settled itself, or that is older than the settled one, opens nothing.
Result<std::vector<Operation>> reopenings(Engine& engine, const std::vector<Operation>& operations);

}  // namespace daybook
