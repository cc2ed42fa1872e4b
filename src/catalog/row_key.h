// RowKey: which row of its collection a row is. A journal's row is known by its time and id, a
// register's by its id; where a collection has tenants, to each tenant his own: rows of two tenants
// may have one id, and neither is told of the other's.
#pragma once

#include <compare>
#include <optional>
#include <string>

#include "base/time.h"
#include "catalog/collection.h"
#include "catalog/row.h"
#include "catalog/value.h"

namespace daybook {

struct RowKey {
  Instant time;  // of a journal; else 1970
  std::string id;
  Value tenant;  // null where the collection has none, and of a row that nobody is the tenant of

  bool operator==(const RowKey&) const = default;
  std::strong_ordering operator<=>(const RowKey& other) const;
};

RowKey key_of(const Collection& collection, const Row& row);

// The field that is in the keys of a collection with tenants. Not of accounts: an id is one person
// wherever it is named.
std::optional<std::size_t> key_tenant(const Collection& collection);

// Its name, or empty.
std::string key_tenant_name(const Collection& collection);

// Whose the row is, as its key has it.
const Value& tenant_of(const Collection& collection, const Row& row);

// Said where an id alone could mean rows of several tenants.
std::string ambiguous_id();

// The order of keys: by time, then id, then tenant.
std::strong_ordering compare_keys(const Collection& collection, const Row& a, const Row& b);

}  // namespace daybook
