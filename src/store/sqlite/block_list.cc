#include "store/sqlite/block_list.h"

#include <limits>
#include <utility>

namespace daybook::sqlite {

namespace {

constexpr Commit kEver = std::numeric_limits<Commit>::max();

WriterBlock open_one(const Shelf& shelf, const std::shared_ptr<columns::OpenBlock>& block) {
  WriterBlock made;
  made.open = block;
  made.opened.columns = std::make_unique<columns::OpenColumns>(block);
  made.opened.reader =
      std::make_unique<columns::BlockReader>(*shelf.collection, *made.opened.columns,
                                             std::as_const(*block).deaths(), block->size(), kEver);
  return made;
}

}  // namespace

std::vector<WriterBlock> blocks_of(const Shelf& shelf, const Partition& partition, Connection& db,
                                   ColumnCache& cache) {
  std::vector<WriterBlock> blocks;
  for (const auto& sealed : *partition.sealed) {
    WriterBlock& made = blocks.emplace_back();
    made.sealed = sealed;
    made.opened.columns = std::make_unique<SealedColumns>(shelf, *sealed, db, cache);
    made.opened.reader = std::make_unique<columns::BlockReader>(
        *shelf.collection, *made.opened.columns, std::as_const(*sealed).deaths, sealed->header.rows,
        kEver);
  }
  if (partition.frozen) {
    blocks.push_back(open_one(shelf, partition.frozen->rows.block));
    blocks.back().is_frozen = true;
  }
  if (partition.open) blocks.push_back(open_one(shelf, partition.open));
  return blocks;
}

}  // namespace daybook::sqlite
