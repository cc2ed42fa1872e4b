// Snapshots: a reader's connection inside one read transaction, and the View of that very commit.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "query/scan.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/sqlite_store.h"
#include "store/sqlite/view.h"

namespace daybook::sqlite {

// Connections that are lent, one to a thread at a time, opened as they are needed.
class Readers {
 public:
  Readers(std::string directory, Options options);

  // Blocks while all are lent, until `end`. kTooSlow when none was free, or the question was
  // cancelled.
  Result<std::unique_ptr<Connection>> take(std::chrono::steady_clock::time_point end,
                                           const std::function<bool()>& is_cancelled);
  const Options& options() const { return options_; }
  // A null one only makes room.
  void give_back(std::unique_ptr<Connection> connection);

 private:
  const std::string directory_;
  const Options options_;
  std::mutex mutex_;
  std::condition_variable given_back_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t lent_ = 0;
};

// Of upkeep, for which nobody waits.
inline Budget unhurried(Duration time = std::chrono::minutes(10)) {
  Budget budget;
  budget.time = time;
  return budget;
}

// One instant of the store, for as long as it lives; ended by the question's time limit.
class Snapshot {
 public:
  static Result<Snapshot> open(Readers& readers, const Views& views, const Budget& budget);
  Snapshot(Snapshot&&) noexcept = default;
  Snapshot& operator=(Snapshot&&) = delete;
  ~Snapshot();

  Connection& db() { return *connection_; }
  const View& view() const { return *view_; }

 private:
  Snapshot(Readers& readers, std::unique_ptr<Connection> connection)
      : readers_(&readers), connection_(std::move(connection)) {}
  Result<void> begin(const Views& views, std::chrono::steady_clock::time_point end);

  Readers* readers_;
  std::unique_ptr<Connection> connection_;
  std::shared_ptr<const View> view_;
};

}  // namespace daybook::sqlite
