#include "catalog/row_key.h"

namespace daybook {

std::strong_ordering RowKey::operator<=>(const RowKey& other) const {
  if (time != other.time) return time <=> other.time;
  if (const auto by_id = id.compare(other.id) <=> 0; by_id != 0) return by_id;
  return compare(tenant, other.tenant);
}

RowKey key_of(const Collection& collection, const Row& row) {
  return {collection.is_journal() ? row_time(collection, row) : Instant(), row.id,
          tenant_of(collection, row)};
}

std::optional<std::size_t> key_tenant(const Collection& collection) {
  return collection.declared.identity ? std::nullopt : collection.tenant_field;
}

std::string key_tenant_name(const Collection& collection) {
  const auto field = key_tenant(collection);
  return field ? collection.fields[*field].name : std::string();
}

const Value& tenant_of(const Collection& collection, const Row& row) {
  static const Value kNone;
  const auto field = key_tenant(collection);
  return field ? row.values[*field] : kNone;
}

std::string ambiguous_id() {
  return "rows of several tenants have this id; ask with a key of the tenant whose row is meant";
}

std::strong_ordering compare_keys(const Collection& collection, const Row& a, const Row& b) {
  if (collection.is_journal()) {
    const auto by_time = row_time(collection, a) <=> row_time(collection, b);
    if (by_time != 0) return by_time;
  }
  if (const auto by_id = a.id.compare(b.id) <=> 0; by_id != 0) return by_id;
  return compare(tenant_of(collection, a), tenant_of(collection, b));
}

}  // namespace daybook
