// Staging: what the commit being built has put into the journals' memory, beyond what any View
// shows: rows at the end of open blocks, deaths, partitions. A batch, or all of it, can be taken
// back; what is kept is written as frames. The writer's thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/result.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/journal.h"
#include "store/sqlite/row_finder.h"

namespace daybook::sqlite {

class Staging {
 public:
  // A SQLite transaction has begun on `db`. All given outlive it.
  Staging(Connection& db, Journals& journals, Commit commit);

  // A batch begins: nothing can refuse it any more, or roll_back_batch() may take it back. It ends
  // with one of the two below.
  enum class Batch { kCertain, kRevocable };
  void begin_batch(Batch kind) { batch_kind_ = kind; }
  void roll_back_batch();
  void keep_batch();

  // The partition of a key, made when it is not there.
  Result<Partition*> partition(const Shelf& shelf, const PartitionKey& key);
  // To be called before anything of a partition is changed.
  void touch(const Shelf& shelf, Partition& partition);
  columns::OpenBlock& open_block(const Shelf& shelf, Partition& partition);
  Result<void> kill(RowPlace& place);

  // The frames of what was kept, before the COMMIT.
  Result<void> write();
  // After the COMMIT: the blocks keep what was staged.
  void settle();
  // Memory as it was before.
  void undo();

  std::vector<Partition*> touched_partitions() const;
  // By Shelf::index: whether the rows of this journal changed.
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

  static Mark mark_of(Partition& partition);
  static void restore(const Mark& mark);
  Result<void> write_frame(Partition& partition, const std::string& bytes);

  Connection& db_;
  Journals& journals_;
  const Commit commit_;
  Batch batch_kind_ = Batch::kRevocable;
  Steps all_;
  Steps batch_;
  std::vector<bool> touched_;
  std::int64_t frames_ = 0;
  // Where the row before went.
  const Shelf* last_shelf_ = nullptr;
  PartitionKey last_key_;
  Partition* last_partition_ = nullptr;
};

}  // namespace daybook::sqlite
