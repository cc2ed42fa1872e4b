// Whether the rows that fields point at (`references`) are there, for a whole batch at once.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"
#include "engine/principal.h"
#include "store/batch.h"

namespace daybook {

// For each operation its problems, empty when there are none; pointers relative to the row. Rows
// that the operations themselves bring count as there, those of another tenant than the
// principal's do not. One look-up per collection pointed at.
Result<std::vector<std::vector<Problem>>> missing_references(
    Engine& engine, const Principal& principal, const std::vector<Operation>& operations);

// "#/oauth/google_id".
std::string field_pointer(const Collection& collection, std::size_t field);

}  // namespace daybook
