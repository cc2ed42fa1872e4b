// Batch: the unit of change. Operations on collections of one application, each with an optional
// condition, applied in order and durably, in one commit.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/application.h"
#include "catalog/decode.h"
#include "catalog/row.h"

namespace daybook {

// A number per application that grows by one with each committed change, without gaps, in commit
// order. 0: before the first.
using Position = std::uint64_t;

enum class Verb {
  kInsert,  // a new row; a row that is there: same when it is the same row, else a conflict
  kPut,  // a register's row, whole, whether it is there or not; equal to what is there: unchanged
  kUpdate,  // assignments to a row that is there, by the collection's change rules
  kDelete,  // a row that is there
};
std::string_view verb_name(Verb verb);

struct Condition {
  enum class Kind {
    kNone,
    kAbsent,  // no row of that id (If-None-Match: *)
    kExists,  // a row of that id (If-Match: *)
    kTag,     // the row's tag is one of these (If-Match: "...")
    kEquals,  // the field has this value
  };
  Kind kind = Kind::kNone;
  std::vector<std::string> tags;
  std::size_t field = 0;
  Value value;
};

// What an inserted row of a journal is to questions. A sample that a device filter leaves out only
// counts: no question about rows finds it, the feed does not tell of it and it takes no position,
// but it is in the rollups like a row that is past its keep (RollupPlan::counts_past_keep), from
// its commit on and for as long as they are kept. Of a sample that is kept metric by metric, the
// part that is kept is only seen, and beside it the whole only counts.
enum class Presence {
  kWhole,
  kCountedOnly,
  kSeenOnly,  // no rollup counts it
};

struct Operation {
  const Collection* collection = nullptr;
  Verb verb = Verb::kInsert;
  Presence presence = Presence::kWhole;  // kInsert into a journal
  Row row;                               // kInsert, kPut
  std::vector<bool> sent;  // kInsert: the fields the client said; empty when the id was made by us
  std::string id;          // kUpdate, kDelete
  // kUpdate, kDelete, when known: of a journal's rows with this id the one of this time (which
  // finds it faster), of a collection with tenants that of this tenant.
  std::optional<Instant> time;
  std::optional<Value> tenant;
  std::vector<Assignment> assignments;  // kUpdate
  Condition condition;
};

// The operation, an update or delete, means this row and no other.
void mean(Operation& operation, const Row& row);

struct Committed;

struct Batch {
  enum class Mode {
    kAtomic,  // all or nothing; the first conflict is named
    kEach,    // the good ones stay
  };
  const Application* application = nullptr;
  Mode mode = Mode::kEach;
  // The time of the change: for fields derived "now on change"; a row past its keep then is not
  // there, neither for conditions nor for unique indexes.
  Instant at;
  std::vector<Operation> operations;
  // A request that may be repeated: kept in the same commit, found by Store::recall(). When one
  // with this key is there that has not expired at `at`, the batch is refused with kConflict and
  // changes nothing.
  struct Once {
    std::string key;          // scope and key
    std::string fingerprint;  // of the request
    std::string answer;       // what the caller needs to answer a repeat
    Instant expires;
    // When set, the store calls it inside the commit, once verdicts and positions are known, and
    // keeps what it gives as the answer. Empty in what recall() gives.
    std::function<std::string(const Committed&)> answer_of;
  };
  std::optional<Once> once;
};

struct Verdict {
  enum class Kind {
    kStored,        // inserted, counted, changed or deleted
    kSame,          // the row was there already, with the same content
    kUnchanged,     // the update found nothing to change
    kConflict,      // id taken by other content, a unique index, a state machine
    kMissing,       // no such row
    kPrecondition,  // its condition failed
  };
  Kind kind = Kind::kStored;
  std::string detail;        // of a conflict or failed condition: a sentence
  std::string pointer;       // "#/email" where one field is to blame
  std::optional<Row> there;  // of a conflict, an update, a same: the row as it is now
  // Of an insert, what the row that is there now is.
  Presence presence = Presence::kWhole;

  bool is_good() const {
    return kind == Kind::kStored || kind == Kind::kSame || kind == Kind::kUnchanged;
  }
};

struct Committed {
  // One an operation; of a failed atomic batch those up to the first bad one.
  std::vector<Verdict> verdicts;
  bool applied = false;  // false: nothing of it was stored (an atomic batch with a conflict)
  Position first = 0;    // of the positions given to this batch; 0 when it changed nothing
  Position last = 0;     // the application's newest position after the commit
};

}  // namespace daybook
