// Writer: the one thread that writes. It commits all batches that wait as one transaction and
// answers after the fsync; then it publishes the View. Steps of upkeep (seals, expiry, erasure) run
// on it too, each in a transaction of its own.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <variant>
#include <vector>

#include "base/result.h"
#include "store/sqlite/incoming.h"
#include "store/sqlite/journal.h"
#include "store/sqlite/sqlite_store.h"
#include "store/sqlite/transaction.h"
#include "store/sqlite/view.h"

namespace daybook::sqlite {

using Settle = std::function<void()>;
// What a step of upkeep works on. What it changes in memory it does in the function that it
// returns, which runs after the COMMIT and before the View is published; when it returns none,
// there was nothing to do, and nothing is committed. What has to wait for readers it leaves in
// `afterwards`: a reader may be waiting for that View.
struct WriteAccess {
  Connection& db;
  Journals& journals;
  Commit commit;
  Positions& positions;
  std::vector<bool>& touched_journals;
  Settle afterwards;
};
using Step = std::function<Result<Settle>(WriteAccess&)>;

class Writer {
 public:
  struct State {
    Journals journals;
    Commit commit = 0;
    Positions positions;
  };
  // Called on the writer's thread after each commit of batches, with the partitions that it
  // touched.
  using AfterCommit = std::function<void(Writer&, const std::set<Partition*>&)>;

  // The options, the cache and the views outlive it.
  Writer(Connection db, State state, const Options& options, ColumnCache& cache, Views& views,
         AfterCommit after_commit);
  // Finishes what waits.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Any thread. The first two return after the fsync; kUnavailable when the queue is full or the
  // disk does not take it. On the writer's own thread, between transactions, steps and visits run
  // at once.
  Result<Committed> apply(const Incoming& incoming);
  Result<void> run(Step step);
  // Between transactions, with the connection: for what is no change. Returns when it has run.
  using Visit = std::function<void(Connection&)>;
  Result<void> visit(Visit visit);
  StoreHealth health() const;
  bool is_my_thread() const { return std::this_thread::get_id() == thread_.get_id(); }

  // On the writer's own thread, between transactions.
  Journals& journals_here() { return state_.journals; }
  Commit commit_here() const { return state_.commit; }

 private:
  // The batches that are committed together: those who wait for them are woken by one call.
  struct Round {
    std::promise<void> end;
    std::shared_future<void> ended = end.get_future();
  };
  struct BatchJob {
    const Incoming* incoming;
    std::optional<Result<Committed>>* outcome;  // set before its round ends
    std::shared_ptr<Round> round;
  };
  struct StepJob {
    Step step;
    std::promise<Result<void>> answer;
  };
  struct VisitJob {
    Visit visit;
    std::promise<Result<void>> answer;
  };
  using Job = std::variant<BatchJob, StepJob, VisitJob>;

  std::future<Result<void>> enqueue(Job job, std::future<Result<void>> answer);
  void work();
  void do_jobs(std::vector<Job>& jobs);
  void commit_batches(std::vector<BatchJob*>& jobs);
  void commit_one_by_one(std::vector<BatchJob*>& jobs);
  Result<void> run_here(const Step& step);
  Result<std::vector<Result<Committed>>> try_batches(const std::vector<BatchJob*>& jobs);
  // Ends the transaction at hand. An error says whether its outcome is known.
  Result<void> commit();
  Error rolled_back(Error error);
  void publish(Commit commit, const std::vector<bool>& touched, const Positions& positions);
  void set_health(bool is_writable, std::string reason);

  Connection db_;
  State state_;
  const Options& options_;
  ColumnCache& cache_;
  Views& views_;
  AfterCommit after_commit_;
  std::set<Partition*> touched_;  // by the commits since after_commit_ was called
  bool must_reopen_ = false;      // of the writer's thread
  bool is_disk_error_ = false;

  mutable std::mutex mutex_;  // guards all below
  std::condition_variable waiting_;
  std::vector<Job> queue_;
  bool is_stopping_ = false;
  StoreHealth health_;

  std::thread thread_;
};

}  // namespace daybook::sqlite
