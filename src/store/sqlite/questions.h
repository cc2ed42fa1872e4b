// Answers to questions about one collection from one snapshot.
#pragma once

#include "base/result.h"
#include "query/row_size.h"
#include "query/scan.h"
#include "query/search.h"
#include "query/summary.h"
#include "store/sqlite/cell_cache.h"
#include "store/sqlite/scan_threads.h"
#include "store/sqlite/sealed_block.h"
#include "store/sqlite/shelf.h"
#include "store/sqlite/snapshot.h"
#include "store/store.h"

namespace daybook::sqlite {

// What all questions need; outlives them.
struct Source {
  const Shelf& shelf;
  Snapshot& snapshot;
  ColumnCache& cache;
  CellCache& cells;
  ScanThreads& threads;
};

Result<Cost> answer_scan(const Source& source, const Scan& scan, const RowSink& sink);
Result<Groups> answer_summary(const Source& source, const Summary& summary);
Result<Hits> answer_search(const Source& source, const Search& search);  // in search.cc
Result<std::vector<std::optional<Row>>> answer_find(const Source& source,
                                                    const std::vector<std::string>& ids,
                                                    Instant now, const Filter& among);

// Whether a row is past its keep.
bool is_hidden(const Shelf& shelf, const Row& row, Instant now);

}  // namespace daybook::sqlite
