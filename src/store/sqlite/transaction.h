// Transaction: one commit being built: batches applied in order, each seeing those before it, to
// the registers' tables and to the open blocks; then the frames, the change log and the counters.
// The writer's thread only.
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
#include "store/sqlite/staging.h"

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
  // What is to be settled after the COMMIT, or undone.
  Staging& staging() { return staging_; }
  const Positions& positions() const { return positions_; }

 private:
  Result<Result<Committed>> apply_all(const Incoming& incoming);
  Result<Verdict> apply_one(const Incoming& incoming, std::size_t index);
  Result<Verdict> insert(const Incoming& incoming, std::size_t index);
  Result<Verdict> change(const Incoming& incoming, std::size_t index);
  Result<Verdict> change_register(const Incoming& incoming, std::size_t index);
  Result<std::vector<Row>> meant(const Shelf& shelf, const Operation& operation, Instant at);
  Result<void> store_new(const Shelf& shelf, const PartitionKey& key, const Row& row,
                         std::string_view bytes, Verb verb);
  Result<void> store_version(const Shelf& shelf, RowPlace& place, const Decision& decision);
  Result<void> remove(const Shelf& shelf, RowPlace& place);
  Result<bool> is_buried(const Journal& journal, const PartitionKey& key, const Row& row);
  Result<std::optional<const Index*>> taken(const Collection& collection, const Row& row,
                                            Instant at);
  Result<bool> is_once_taken(const Batch& batch);
  Result<void> keep_once(const Batch::Once& once, const Committed& committed);

  Connection& db_;
  Journals& journals_;
  RowFinder finder_;
  Staging staging_;
  const Commit commit_;
  const Positions before_;
  Positions positions_;
  ChangeLog changes_;
  bool is_certain_ = false;  // the batch at hand cannot be rolled back
  bool is_packed_ = false;   // its rows come packed
  std::int64_t application_ = 0;
};

}  // namespace daybook::sqlite
