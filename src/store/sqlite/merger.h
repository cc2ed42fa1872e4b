// Merger: writes sealed blocks anew where that makes questions and the next start cheaper: worn
// blocks without their dead rows, small ones of a quiet partition together. One step makes one
// block: it is read and encoded from a snapshot, and only the exchange is a transaction, so writers
// hardly wait. One thread at a time.
#pragma once

#include <chrono>

#include "base/result.h"
#include "store/sqlite/shelf.h"
#include "store/sqlite/snapshot.h"
#include "store/sqlite/sqlite_store.h"
#include "store/sqlite/view.h"
#include "store/sqlite/writer.h"

namespace daybook::sqlite {

// The blocks of a partition that are to become one; empty when it is well as it is.
SealedBlocks choose_blocks(const PartitionView& partition, bool is_quiet, std::size_t block_rows);

class Merger {
 public:
  // All given outlive it.
  Merger(const Shelves& shelves, const Options& options, Readers& readers, const Views& views,
         Writer& writer)
      : shelves_(shelves),
        options_(options),
        readers_(readers),
        views_(views),
        writer_(writer),
        cache_(0) {}

  // Does one step; false: there is nothing to do.
  Result<bool> step();

 private:
  struct Choice {
    const PartitionView* partition = nullptr;
    SealedBlocks blocks;
  };
  Choice choose(const View& view) const;

  const Shelves& shelves_;
  const Options& options_;
  Readers& readers_;
  const Views& views_;
  Writer& writer_;
  ColumnCache
      cache_;  // of its own: what it reads once is not worth a place among what is asked for
};

}  // namespace daybook::sqlite
