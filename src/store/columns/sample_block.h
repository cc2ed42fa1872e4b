// An open block of random rows of the sample journal, for the tests of what is asked of blocks.
#pragma once

#include <memory>
#include <vector>

#include "catalog/collection.h"
#include "catalog/row.h"
#include "store/columns/block_reader.h"
#include "store/columns/open_block.h"

namespace daybook::columns {

class SampleBlock {
 public:
  // Rows one second apart; the same for the same seed.
  SampleBlock(std::size_t rows, unsigned seed);

  const Collection& collection() const { return collection_; }
  const std::vector<Row>& rows() const { return rows_; }
  OpenBlock& block() { return *block_; }
  BlockReader& reader() { return reader_; }

 private:
  Collection collection_;
  std::vector<Row> rows_;
  std::shared_ptr<OpenBlock> block_;
  OpenColumns columns_;
  BlockReader reader_;
};

}  // namespace daybook::columns
