// What one operation does to the row that is there: conditions, repeats and changes, as one pure
// rule that every store applies, so that verdicts are alike. Unique indexes and rows that were
// deleted are the store's own business. Any thread.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "store/batch.h"

namespace daybook {

// kInvalid when a batch is not well-formed: an operation of another application, a put into a
// journal, a row with another number of values than the collection has fields.
Result<void> check_batch(const Batch& batch);

struct Decision {
  Verdict verdict;
  std::optional<Row> row;           // kStored: the row from now on; none for a delete
  std::vector<std::size_t> fields;  // of a row that was there: ordinals whose value differs now
};

// `there` is the row that the operation means and that is not past its keep at `at`, or null. An
// insert or put means the row of its key (catalog/row_key.h), in a journal also one that only
// counts; an update or delete the one of `time` and `tenant`. Without them it means what
// Store::find() finds in a journal; in a register it must be the only one of its id: else
// several_tenants(). A put of what is there already is unchanged.
Decision decide(const Operation& operation, const Row* there, Instant at);

// Rows of several tenants have the id, and nothing says whose is meant.
Verdict several_tenants();
// An insert of a key that was deleted: taken, and not stored.
Verdict deleted_before();
// A batch whose Once is there already: of two requests with one key only one is applied.
Error once_taken();

}  // namespace daybook
