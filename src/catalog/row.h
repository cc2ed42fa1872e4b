// Row: one row of a collection as plain values. What is kept, found and answered everywhere.
#pragma once

#include <string>
#include <vector>

#include "catalog/value.h"

namespace daybook {

struct Collection;

struct Row {
  std::string id;
  std::vector<Value> values;  // by the ordinal of the collection's fields
  std::string extra;          // a JSON object of what is not declared, minified; empty when none

  bool operator==(const Row&) const = default;
};

// The time of a journal's row.
Instant row_time(const Collection& collection, const Row& row);

// A hash of id and content: the row's strong ETag without quotes (RFC 9110 8.8.3), 16 hex digits,
// the same on every store.
std::string row_tag(const Row& row);

// For tests: {id=..., endpoint="/x", ...} without nulls.
std::string debug_text(const Collection& collection, const Row& row);

}  // namespace daybook
