// Answers to questions about one table, found by looking at every row. The caller holds the store's
// lock for reading.
#pragma once

#include <vector>

#include "query/row_size.h"
#include "query/scan.h"
#include "query/search.h"
#include "query/summary.h"
#include "store/memory/table.h"

namespace daybook::memory {

// The rows of a page, in order; their cost is added to `cost`.
Result<std::vector<Row>> scan(const Table& table, const Scan& scan, Cost& cost);
Result<Groups> summarize(const Table& table, const Summary& summary);
Result<Hits> search(const Table& table, const Search& search);

}  // namespace daybook::memory
