// Transaction: one commit being built: batches applied in order, each seeing those before it, to
// the registers' tables and to the open blocks; then the frames, the change log and the counters.
// What it put into memory is beyond what any View shows, and undo() takes it back. The writer's
// thread only.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "store/batch.h"
#include "store/decide.h"
#include "store/sqlite/change_log.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/incoming.h"
#include "store/sqlite/journal.h"
#include "store/sqlite/row_finder.h"

namespace daybook::sqlite {

using Positions = std::map<std::int64_t, Position>;  // by application

class Transaction {
 public:
  // A SQLite transaction has begun on `db`. All given outlive it.
  Transaction(Connection& db, Journals& journals, ColumnCache& cache, Commit commit,
              Positions positions);

  // The outer error: the whole transaction has failed. The inner one: this batch is refused, and
  // nothing of it is there.
  Result<Result<Committed>> apply(const Incoming& incoming);
  // What remains to be written before the COMMIT.
  Result<void> write(Instant now);
  // After the COMMIT: the blocks keep what was staged.
  void settle();
  // Memory as it was before.
  void undo();

  const Positions& positions() const { return positions_; }
  std::vector<Partition*> touched_partitions() const;
  // Whether the rows of this shelf's journal changed.
  const std::vector<bool>& touched_journals() const { return touched_; }

 private:
  struct Mark {
    Partition* partition;
    bool had_open;
    std::size_t rows;
    columns::Sequence next_sequence;
    bool had_buried;
    std::size_t packed, plain, changes;
  };
  struct Steps {
    std::vector<Mark> marks;
    std::vector<std::pair<columns::Deaths*, std::size_t>> killed;
    std::vector<std::pair<Journal*, PartitionKey>> made;
  };

  Result<Result<Committed>> apply_all(const Incoming& incoming);
  Result<Verdict> apply_one(const Incoming& incoming, std::size_t index);
  Result<Verdict> insert(const Incoming& incoming, std::size_t index);
  Result<Verdict> change(const Incoming& incoming, std::size_t index);
  Result<Verdict> change_register(const Incoming& incoming, std::size_t index);
  Result<void> store_new(const Shelf& shelf, const PartitionKey& key, const Row& row,
                         std::string_view bytes, Verb verb);
  Result<void> store_version(const Shelf& shelf, RowPlace& place, const Decision& decision);
  Result<void> remove(const Shelf& shelf, RowPlace& place);
  Result<void> kill(RowPlace& place);
  Result<bool> is_buried(const Journal& journal, const PartitionKey& key, const Row& row);
  Result<std::optional<const Index*>> taken(const Collection& collection, const Row& row,
                                            Instant at);
  Result<bool> is_once_taken(const Batch& batch);
  Result<void> keep_once(const Batch::Once& once, const Committed& committed);

  Result<Partition*> partition(const Shelf& shelf, const PartitionKey& key);
  columns::OpenBlock& open_block(const Shelf& shelf, Partition& partition);
  void touch(const Shelf& shelf, Partition& partition);
  static Mark mark_of(Partition& partition);
  static void restore(const Mark& mark);
  void roll_back_batch();
  void keep_batch();
  Result<void> write_frame(Partition& partition, std::string bytes);

  Connection& db_;
  Journals& journals_;
  RowFinder finder_;
  const Commit commit_;
  const Positions before_;
  Positions positions_;
  ChangeLog changes_;
  std::vector<bool> touched_;
  std::int64_t frames_ = 0;
  Steps all_;
  Steps batch_;
  bool is_certain_ = false;  // the batch at hand cannot be rolled back
  bool is_packed_ = false;   // its rows come packed
  std::int64_t application_ = 0;
  // Where the row before went.
  const Shelf* last_shelf_ = nullptr;
  PartitionKey last_key_;
  Partition* last_partition_ = nullptr;
};

// By which a repeat of a deleted row is known.
std::int64_t buried_hash(Instant time, std::string_view id);

}  // namespace daybook::sqlite
