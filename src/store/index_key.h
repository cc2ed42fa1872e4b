// Indexes in words and keys that are the same in every store: what a unique index compares, how a
// taken key is reported, how an index is described.
#pragma once

#include <optional>
#include <string>

#include "catalog/collection.h"
#include "catalog/row.h"
#include "store/batch.h"

namespace daybook {

// What no two rows may share: the values of the index's fields in their order, null like any value.
// Empty for a row that a sparse index leaves out.
std::optional<std::string> unique_key(const Index& index, const Row& row);

// The conflict of a row whose key another row has. It names the fields, and never the other row:
// who asks may not be allowed to see it.
Verdict key_taken(const Collection& collection, const Index& index);

// "endpoint, timestamp desc; unique, sparse".
std::string describe_index(const Collection& collection, const Index& index);

}  // namespace daybook
