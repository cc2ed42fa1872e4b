#include "catalog/row.h"

#include "base/hash.h"
#include "base/json.h"
#include "catalog/collection.h"

namespace daybook {

Instant row_time(const Collection& collection, const Row& row) {
  return row.values[collection.time_field].get<Instant>();
}

std::string row_tag(const Row& row) {
  std::string content;
  content.reserve(256);
  append_canonical(Value(row.id), content);
  for (const Value& value : row.values) append_canonical(value, content);
  content += row.extra;
  const std::uint64_t hash = hash64(content);
  std::string tag(16, '0');
  for (std::size_t i = 0; i < tag.size(); ++i) {
    tag[i] = "0123456789abcdef"[(hash >> (60 - 4 * i)) & 0xF];
  }
  return tag;
}

std::string debug_text(const Collection& collection, const Row& row) {
  std::string out = "{id=" + row.id;
  for (std::size_t i = 0; i < row.values.size(); ++i) {
    if (row.values[i].is_null()) continue;
    out += ", " + collection.fields[i].name + "=" + debug_text(row.values[i]);
  }
  if (!row.extra.empty()) out += ", extra=" + row.extra;
  return out + "}";
}

}  // namespace daybook
