#include "query/row_size.h"

namespace daybook {

std::uint64_t row_bytes(const Row& row) {
  std::uint64_t bytes = sizeof(Row) + row.id.size() + row.extra.size();
  for (const Value& value : row.values) {
    bytes += sizeof(Value);
    if (const auto* text = value.get_if<std::string>()) bytes += text->size();
    if (const auto* json = value.get_if<Json>()) bytes += json->text.size();
    if (const auto* list = value.get_if<List>()) bytes += list->size() * sizeof(Value);
    if (const auto* map = value.get_if<Map>()) bytes += map->size() * sizeof(MapEntry);
  }
  return bytes;
}

}  // namespace daybook
