#include <algorithm>

#include "base/text.h"
#include "catalog/row_key.h"
#include "query/literal.h"
#include "query/scan.h"

namespace daybook {
namespace {

// More keys than this order nothing that a reader could still follow.
constexpr std::size_t kMaxKeys = 8;

Result<OrderBy> parse_key(const Collection& collection, std::string_view word) {
  OrderBy key;
  key.descending = word.starts_with('-');
  if (key.descending) word.remove_prefix(1);
  DAYBOOK_ASSIGN(key.ref, find_field(collection, trim(word)));
  const Field& field = field_of(collection, key.ref);
  if (!is_comparable(field.type)) {
    return Error(Code::kInvalid, "rows cannot be ordered by " + field_name(collection, key.ref) +
                                     ", which is of type " + std::string(type_name(field.type)));
  }
  return key;
}

int directed(std::strong_ordering order, bool descending) {
  const int sign = order < 0 ? -1 : order > 0 ? 1 : 0;
  return descending ? -sign : sign;
}

const Value& value_at(const FieldRef& ref, const Row& row) {
  static const Value kNull;
  const Value* value = peek(ref, row);
  return value == nullptr ? kNull : *value;
}

int compare_key(const OrderBy& key, const Row& a, const Row& b) {
  if (key.ref.is_id()) return directed(a.id.compare(b.id) <=> 0, key.descending);
  return directed(compare(value_at(key.ref, a), value_at(key.ref, b)), key.descending);
}

int compare_key(const OrderBy& key, const Row& row, const Value& value) {
  if (key.ref.is_id()) return directed(compare(Value(row.id), value), key.descending);
  return directed(compare(value_at(key.ref, row), value), key.descending);
}

bool ends_descending(const Order& order) {
  return !order.keys.empty() && order.keys.back().descending;
}

}  // namespace

Order default_order(const Collection& collection) {
  if (collection.is_journal()) return {{{FieldRef{collection.time_field, ""}, true}}};
  return {{{FieldRef{}, false}}};
}

Result<Order> parse_order(const Collection& collection, std::string_view text) {
  Order order;
  for (const std::string_view word : split(text, ',')) {
    Result<OrderBy> key = parse_key(collection, trim(word));
    if (!key.ok()) return std::move(key).error().with_context("order");
    const auto same = [&](const OrderBy& other) { return other.ref == key->ref; };
    if (std::any_of(order.keys.begin(), order.keys.end(), same)) {
      return Error(Code::kInvalid,
                   "order: " + field_name(collection, key->ref) + " is named twice");
    }
    order.keys.push_back(*std::move(key));
  }
  if (order.keys.size() > kMaxKeys) {
    return Error(Code::kInvalid, "order: at most " + std::to_string(kMaxKeys) + " fields");
  }
  return order;
}

int compare_rows(const Collection& collection, const Order& order, const Row& a, const Row& b) {
  for (const OrderBy& key : order.keys) {
    if (const int sign = compare_key(key, a, b); sign != 0) return sign;
  }
  return directed(compare_keys(collection, a, b), ends_descending(order));
}

Place place_of(const Collection& collection, const Order& order, const Row& row) {
  Place place;
  for (const OrderBy& key : order.keys) place.keys.push_back(read(key.ref, row));
  if (collection.is_journal()) place.time = row_time(collection, row);
  place.id = row.id;
  place.tenant = tenant_of(collection, row);
  return place;
}

int compare_to_place(const Collection& collection, const Order& order, const Row& row,
                     const Place& place) {
  const std::size_t keys = std::min(order.keys.size(), place.keys.size());
  for (std::size_t i = 0; i < keys; ++i) {
    if (const int sign = compare_key(order.keys[i], row, place.keys[i]); sign != 0) return sign;
  }
  const bool descending = ends_descending(order);
  if (collection.is_journal() && place.time) {
    const auto by_time = row_time(collection, row) <=> *place.time;
    if (by_time != 0) return directed(by_time, descending);
  }
  if (row.id != place.id) return directed(row.id.compare(place.id) <=> 0, descending);
  return directed(compare(tenant_of(collection, row), place.tenant), descending);
}

Cost& Cost::operator+=(const Cost& other) {
  partitions += other.partitions;
  blocks_read += other.blocks_read;
  blocks_skipped.by_window += other.blocks_skipped.by_window;
  blocks_skipped.by_header += other.blocks_skipped.by_header;
  blocks_skipped.by_dictionary += other.blocks_skipped.by_dictionary;
  blocks_skipped.by_postings += other.blocks_skipped.by_postings;
  rows += other.rows;
  bytes += other.bytes;
  columns_decoded += other.columns_decoded;
  columns_cached += other.columns_cached;
  return *this;
}

}  // namespace daybook
