// The blocks of a partition as the writer sees them: everything that is staged or committed.
#pragma once

#include <memory>
#include <vector>

#include "store/columns/block_reader.h"
#include "store/sqlite/journal.h"
#include "store/sqlite/journal_reader.h"
#include "store/sqlite/sealed_block.h"

namespace daybook::sqlite {

struct WriterBlock {
  OpenedBlock opened;
  std::shared_ptr<columns::OpenBlock> open;  // one of these two
  std::shared_ptr<SealedBlock> sealed;
  bool is_frozen = false;
};

std::vector<WriterBlock> blocks_of(const Shelf& shelf, const Partition& partition, Connection& db,
                                   ColumnCache& cache);

}  // namespace daybook::sqlite
