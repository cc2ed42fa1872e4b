// Incoming: a batch made ready for the writer by the thread that brings it: checked, its new
// journal rows as bytes, and those packed already where nothing can keep them out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/batch.h"
#include "store/sqlite/journal.h"
#include "store/sqlite/shelf.h"

namespace daybook::sqlite {

struct Incoming {
  const Batch* batch = nullptr;
  std::int64_t application = 0;
  std::vector<const Shelf*> shelves;  // by operation

  struct NewRow {
    PartitionKey key;
    std::size_t begin = 0, end = 0;  // in `bytes`
  };
  std::vector<NewRow> rows;  // by operation; of inserts into journals
  std::string bytes;

  // Every operation puts a row of our own id into a journal: nothing is there that it could meet.
  bool is_certain = false;
  struct Packed {
    const Shelf* shelf;
    PartitionKey key;
    std::string section;  // all rows of this partition, in order
  };
  std::vector<Packed> packed;  // of a certain batch that is large enough to be worth it

  std::string_view row_bytes(std::size_t operation) const {
    const NewRow& row = rows[operation];
    return std::string_view(bytes).substr(row.begin, row.end - row.begin);
  }
};

// The batch outlives it. kInvalid names what no store could take.
Result<Incoming> make_incoming(const Batch& batch, const Shelves& shelves);

}  // namespace daybook::sqlite
