// What the sealed blocks of a journal are made of, part by part.
#pragma once

#include <vector>

#include "base/result.h"
#include "store/sqlite/shelf.h"
#include "store/sqlite/snapshot.h"
#include "store/store.h"

namespace daybook::sqlite {

// Appends columns, postings, terms and rollups, in this order; nothing where no block is sealed.
Result<void> measure_parts(const Shelf& shelf, Snapshot& snapshot, std::vector<PartSpace>& parts);

}  // namespace daybook::sqlite
