// Reclaiming: the bytes of what nobody can see any more are given back, in steps so short that
// ingest does not notice them: blocks of expired partitions, then free pages to the file system,
// then the log, when nothing is written, or of an erasure as soon as readers let it go; and free
// memory to the system, when the log was emptied.
#pragma once

#include <atomic>
#include <chrono>

#include "base/result.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/view.h"
#include "store/sqlite/writer.h"

namespace daybook::sqlite {

// Inside the transaction of an erasure: until scrub() was done, every start tries it again.
Result<void> remember_to_scrub(Connection& db);
// Outside of transactions: frees every page that holds nothing, and empties the log, which has the
// old pages too. kUnavailable when readers hold the log for longer than one is patient.
Result<void> scrub(Connection& db, std::chrono::milliseconds patience);

// One thread at a time.
class Reclaimer {
 public:
  // Both outlive it.
  Reclaimer(const Views& views, Writer& writer) : views_(views), writer_(writer) {}

  // Does one step; whether there may be more to do.
  Result<bool> step();
  // Rows went: the next steps leave no free page, which may still hold what they said. Any thread.
  void give_all_back() { gives_all_back_ = true; }

 private:
  Result<bool> step_in_file(Connection& db);

  const Views& views_;
  Writer& writer_;
  // Until nothing is free; at start, for what the last run left.
  std::atomic<bool> gives_all_back_ = true;
  Commit seen_ = 0;     // by the step before
  Commit emptied_ = 0;  // the log, at this commit
};

}  // namespace daybook::sqlite
