// The rule by which a stored row changes: one pure function for every store, so that state machines
// and pairs hold under any order of arrival.
#pragma once

#include <vector>

#include "base/result.h"
#include "catalog/collection.h"
#include "catalog/decode.h"
#include "catalog/row.h"

namespace daybook {

struct Changed {
  enum class Kind { kChanged, kUnchanged };
  Kind kind = Kind::kUnchanged;
  Row row;                          // the row after the change
  std::vector<std::size_t> fields;  // ordinals whose value differs now
};

// kConflict when a state machine forbids the move ("status cannot go from 'read' to 'failed'"). A
// move back to an earlier state, or to the same, changes nothing. Fields derived "now on change"
// take `at`.
Result<Changed> change_row(const Collection& collection, const Row& row,
                           const std::vector<Assignment>& assignments, Instant at);

// Whether a pair speaks when its field takes this value: its own, or any but null when it names
// none.
bool is_met(const PairRule& pair, const Value& said);

// Whether a row sent again is the row that is stored: compares the fields the client sent, without
// changeable, derived and defaulted ones.
bool is_same_row(const Collection& collection, const Row& stored, const Row& sent_row,
                 const std::vector<bool>& sent);

}  // namespace daybook
