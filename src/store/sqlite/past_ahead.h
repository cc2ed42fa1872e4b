// PastAhead: what partitions that are about to expire leave behind in rollups, summed before the
// transaction in which they go: the writer has not the time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "base/result.h"
#include "store/sqlite/journal.h"
#include "store/sqlite/past_rows.h"
#include "store/sqlite/snapshot.h"

namespace daybook::sqlite {

class PastAhead {
 public:
  // None.
  PastAhead() = default;
  // Those of which `goes` says so, as the snapshot sees them, while what they come to is no burden
  // on memory.
  static Result<PastAhead> make(const Shelf& shelf, Snapshot& snapshot, Instant now,
                                const std::function<bool(const PartitionInfo&)>& goes);

  // Null where the partition was not summed, or is not as it was then.
  const std::vector<PastChunk>* find(const Partition& partition) const;

 private:
  struct Summed {
    Commit commit = 0;
    std::vector<std::int64_t> blocks;  // in the partition's order
    std::vector<PastChunk> chunks;
  };
  std::map<std::int64_t, Summed> partitions_;  // by id
};

}  // namespace daybook::sqlite
