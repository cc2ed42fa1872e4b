// View: which rows the journals had at one commit, as a value that readers hold while the writer
// publishes the next. With a SQLite snapshot of the same commit it is one instant of the whole
// store.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "store/batch.h"
#include "store/columns/deaths.h"
#include "store/columns/open_block.h"
#include "store/sqlite/sealed_block.h"

namespace daybook::sqlite {

using columns::Commit;

// What a partition is for ever: rows of one journal in one period under one keep.
struct PartitionInfo {
  std::int64_t id;
  std::size_t shelf;
  std::int64_t start, until;  // microseconds, half-open
  std::int64_t keep;          // microseconds by the classes of `rule`, or one of those below
  std::string rule;           // Shelf::keep_words when it was made

  static constexpr std::int64_t kByTheRow = -1;  // or for ever
  static constexpr std::int64_t kSeenOnly = -2;  // by the row; no rollup counts the rows
  // Samples that only count: past their keep from their birth, they go when the period is over.
  static constexpr std::int64_t kCountedOnly = -3;

  bool is_seen() const { return keep != kCountedOnly; }
  bool is_counted() const { return keep != kSeenOnly; }
};

// An open block and how long it was.
struct OpenRows {
  std::shared_ptr<columns::OpenBlock> block;
  std::size_t rows = 0;
};

using SealedBlocks = std::vector<std::shared_ptr<SealedBlock>>;

struct PartitionView {
  std::shared_ptr<const PartitionInfo> info;
  std::shared_ptr<const SealedBlocks> sealed;
  OpenRows frozen;  // being sealed; without a block mostly
  OpenRows open;
  std::chrono::steady_clock::time_point last_touched{};  // by a batch
};

// Partitions by start.
using JournalView = std::vector<PartitionView>;

struct View {
  Commit commit = 0;
  std::vector<std::shared_ptr<const JournalView>> journals;  // by Shelf::index; null: a register
  std::map<std::int64_t, Position> positions;                // by application
};

// The newest View, and those before it that a snapshot may still ask for: a View keeps its open
// blocks in memory, sealed away or not. One publishes; any thread asks.
class Views {
 public:
  // While it lives, Views from the newest at its birth on are kept, up to a bound. To be made
  // before a snapshot begins and ended when its View was found.
  class Entry {
   public:
    explicit Entry(const Views& views);
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

   private:
    const Views& views_;
    Commit from_;
  };

  void publish(std::shared_ptr<const View> view);
  std::shared_ptr<const View> newest() const;
  // The View of a commit that a snapshot saw: waits, at most until `end`, for one that is about to
  // be published; null when that took too long, or it is not kept any more.
  std::shared_ptr<const View> at(Commit commit, std::chrono::steady_clock::time_point end) const;
  // Blocks until the application has a position greater than `after`, the time is over or close();
  // the newest position.
  Position wait(std::int64_t application, Position after, Duration at_most) const;
  // Wakes all that wait.
  void close();

 private:
  static constexpr std::size_t kKept = 64;
  using Kept = std::deque<std::shared_ptr<const View>>;
  // Takes out those that nobody can ask for; the caller frees them without the lock.
  Kept take_unneeded() const;

  mutable std::mutex mutex_;
  mutable std::condition_variable published_;
  mutable Kept kept_;                      // by commit, the newest last; never empty once published
  mutable std::multiset<Commit> entered_;  // what living Entries were given
  bool is_closed_ = false;
};

}  // namespace daybook::sqlite
