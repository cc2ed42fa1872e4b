// Sealer: decides which open blocks are sealed and when, so that memory stays within its bound; and
// the background thread that encodes them and, when there is nothing to encode, does chores.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "store/sqlite/journal.h"
#include "store/sqlite/sqlite_store.h"
#include "store/sqlite/writer.h"

namespace daybook::sqlite {

// One step of work that can wait; whether there is more of it.
using Chore = std::function<Result<bool>()>;

class Sealer {
 public:
  Sealer(const Shelves& shelves, const Options& options);
  ~Sealer();
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;

  // Counts what the replay brought and begins the background work, if there is to be any. Before
  // the writer is given anything to do; it lives until stop().
  void start(Writer& writer, std::vector<Chore> chores);
  void stop();

  // On the writer's thread after a commit that touched these.
  void after_commit(Writer& writer, const std::set<Partition*>& touched);

 private:
  struct Job {
    const Shelf* shelf;
    PartitionKey key;
    std::shared_ptr<const Frozen> frozen;
    std::size_t bytes;
  };

  // What nobody adds to is not held open, nor read frame by frame at the next start.
  void seal_quiet(Writer& writer);
  void keep_in_bounds(Writer& writer);
  // In one transaction; whether all are.
  bool install_all(Writer& writer, const std::vector<Job>& jobs) const;
  void encode_and_install(Writer& writer, std::vector<Job> jobs);
  // The next jobs, which together are no more than about one large block; none: it is time for
  // chores, or to stop.
  std::vector<Job> wait_for_jobs(std::chrono::steady_clock::duration at_most);
  // A step of the first chore that has one; whether there was any.
  bool do_chore();
  // Whether they are sealed, in one transaction, or on their way.
  bool seal(Writer& writer, const std::vector<Partition*>& partitions);
  void work(Writer& writer);
  void count(const Partition& partition);
  void count_anew(Writer& writer);
  // Those that can be sealed.
  std::vector<Partition*> coldest_first(Writer& writer) const;

  const Shelves& shelves_;
  const Options options_;
  // Of open blocks, as far as known; the writer's thread alone.
  std::map<std::int64_t, std::size_t> bytes_;
  std::size_t all_bytes_ = 0;  // their sum
  std::chrono::steady_clock::time_point last_look_;
  std::vector<Chore> chores_;

  mutable std::mutex mutex_;  // guards all below
  std::condition_variable work_to_do_;
  std::vector<Job> jobs_;
  std::vector<Job> failed_;  // tried again after the next commit that the disk takes
  std::size_t frozen_bytes_ = 0;
  bool is_stopping_ = false;

  std::thread thread_;
};

}  // namespace daybook::sqlite
