// RollupKeeper: sums the blocks of a quiet partition into one for each tier of its rollups, so that
// a question's cost follows buckets and groups, and takes in the rows that have died in them. One
// step sums one partition: it is read and summed from a snapshot, and only the writing is a
// transaction. One thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "base/result.h"
#include "store/sqlite/shelf.h"
#include "store/sqlite/snapshot.h"
#include "store/sqlite/sqlite_store.h"
#include "store/sqlite/view.h"
#include "store/sqlite/writer.h"

namespace daybook::sqlite {

class RollupKeeper {
 public:
  // All given outlive it.
  RollupKeeper(const Shelves& shelves, const Options& options, Readers& readers, const Views& views,
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
  // Of which blocks, as of which commit, a partition's sums are.
  struct Known {
    Commit commit = 0;
    std::vector<std::int64_t> blocks;
  };

  const PartitionView* choose(const View& view) const;
  bool is_due(const PartitionView& partition) const;
  Result<void> learn(Snapshot& snapshot);
  Result<bool> sum(Snapshot snapshot);

  const Shelves& shelves_;
  const Options& options_;
  Readers& readers_;
  const Views& views_;
  Writer& writer_;
  ColumnCache cache_;  // of its own, as the merger's
  bool has_learnt_ = false;
  std::map<std::int64_t, Known> known_;  // by partition
};

}  // namespace daybook::sqlite
