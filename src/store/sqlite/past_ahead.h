// PastAhead: what an expiry is going to take, looked up before the transaction in which it goes:
// the writer has not the time. Of a journal so many partitions as are no burden on memory.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/result.h"
#include "catalog/row_key.h"
#include "store/sqlite/journal.h"
#include "store/sqlite/past_keep.h"
#include "store/sqlite/past_rows.h"
#include "store/sqlite/snapshot.h"

namespace daybook::sqlite {

class PastAhead {
 public:
  // Of the journal's partitions after `after`, or of a register.
  static Result<PastAhead> make(const Shelf& shelf, Snapshot& snapshot, const Expiry& expiry,
                                const std::optional<PartitionKey>& after, const Options& options);

  // What the sealed blocks of a partition had. What has become of them since is for the caller to
  // look at: blocks may be others, and rows dead.
  struct Looked {
    std::map<std::int64_t, ExpiredRows> blocks;  // by number; without positions where it is all
    std::vector<PastChunk> chunks;               // what all of these rows leave behind
  };
  // Null for one that had none.
  const Looked* find(const Partition& partition) const;
  // Whether the partition's turn is in this transaction.
  bool covers(const PartitionKey& key) const;
  // From where it goes on in another transaction; empty at the end.
  const std::optional<PartitionKey>& next() const { return last_; }
  // Whether rows may go: those that were not sealed are looked at when it is their turn.
  bool has_rows() const { return has_rows_; }
  // Of a register: rows that were expired.
  const std::vector<RowKey>& keys() const { return keys_; }

 private:
  Result<void> look(const Shelf& shelf, Snapshot& snapshot, const Expiry& expiry,
                    const PartitionView& partition, const Options& options);

  std::optional<PartitionKey> after_, last_;
  std::map<std::int64_t, Looked> partitions_;  // by id
  std::vector<RowKey> keys_;
  bool has_rows_ = false;
  std::size_t bytes_ = 0;
};

}  // namespace daybook::sqlite
