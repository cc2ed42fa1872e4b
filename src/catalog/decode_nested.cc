#include "catalog/decode_value.h"

#include <algorithm>

#include "base/text.h"
#include "catalog/decode.h"

namespace daybook {

namespace {

using JsonKind = json::Kind;

bool check_count(const Field& field, std::size_t count, std::vector<Refusal>& refusals) {
  if (is_within(field, static_cast<double>(count))) return true;
  return refuse(refusals,
                "must have " + range_text(field) + " entries, not " + std::to_string(count));
}

bool is_too_deep(std::size_t depth, std::vector<Refusal>& refusals) {
  if (depth <= kMaxRowDepth) return false;
  refuse(refusals, "is nested deeper than " + std::to_string(kMaxRowDepth));
  return true;
}

// One element of a list or map; what is wrong is said to be below `key`.
bool decode_element(const Field& field, std::string_view key, const json::Value& value,
                    std::size_t depth, Value& out, std::vector<Refusal>& refusals) {
  const std::size_t before = refusals.size();
  bool taken = false;
  if (value.kind() == JsonKind::kNull) {
    refuse(refusals, "must not be null");
  } else {
    taken = decode_into(field.element_field(), value, depth, out, refusals);
  }
  for (std::size_t i = before; i < refusals.size(); ++i) {
    refusals[i].at.insert(0, pointer_part(key));
  }
  return taken;
}

constexpr std::size_t kMaxMapKey = 256;

bool check_map_key(const Field& field, std::string_view key, std::vector<Refusal>& refusals) {
  if (key.empty() || key.size() > kMaxMapKey) {
    refusals.push_back(
        {pointer_part(key), "must have a name of 1 to " + std::to_string(kMaxMapKey) + " bytes"});
    return false;
  }
  const auto& keys = field.keys;
  if (keys.empty() || field.is_open) return true;
  if (std::find(keys.begin(), keys.end(), key) != keys.end()) return true;
  refusals.push_back({pointer_part(key), "is not one of " + join(keys, ", ")});
  return false;
}

}  // namespace

bool decode_list(const Field& field, const json::Value& value, std::size_t depth, Value& out,
                 std::vector<Refusal>& refusals) {
  if (value.kind() != JsonKind::kArray) return refuse_kind(refusals, "an array", value.kind());
  if (is_too_deep(depth, refusals)) return false;
  List list;
  bool taken = true;
  auto elements = value.elements();
  while (const auto element = elements.next()) {
    Value item;
    taken &=
        decode_element(field, std::to_string(list.size()), *element, depth + 1, item, refusals);
    list.push_back(std::move(item));
  }
  if (!taken || !check_count(field, list.size(), refusals)) return false;
  out = Value(std::move(list));
  return true;
}

bool decode_map(const Field& field, const json::Value& value, std::size_t depth, Value& out,
                std::vector<Refusal>& refusals) {
  if (value.kind() != JsonKind::kObject) return refuse_kind(refusals, "an object", value.kind());
  if (is_too_deep(depth, refusals)) return false;
  Map map;
  bool taken = true;
  auto members = value.members();
  while (const auto member = members.next()) {
    if (member->second.kind() == JsonKind::kNull) continue;  // as if it were not there
    MapEntry entry{std::string(member->first), {}};
    taken &= check_map_key(field, entry.key, refusals);
    taken &= decode_element(field, entry.key, member->second, depth + 1, entry.value, refusals);
    map.push_back(std::move(entry));
  }
  std::sort(map.begin(), map.end(),
            [](const MapEntry& a, const MapEntry& b) { return a.key < b.key; });
  const auto twice = std::adjacent_find(
      map.begin(), map.end(), [](const MapEntry& a, const MapEntry& b) { return a.key == b.key; });
  if (twice != map.end()) {
    refusals.push_back({pointer_part(twice->key), "is given twice"});
    return false;
  }
  if (!taken || !check_count(field, map.size(), refusals)) return false;
  out = Value(std::move(map));
  return true;
}

bool decode_json(const json::Value& value, std::size_t depth, Value& out,
                 std::vector<Refusal>& refusals) {
  if (!check_tree(value, depth, refusals)) return false;
  Json json;
  value.write(json.text);
  out = Value(std::move(json));
  return true;
}

bool check_tree(const json::Value& value, std::size_t depth, std::vector<Refusal>& refusals) {
  const JsonKind kind = value.kind();
  if (kind == JsonKind::kUnreadable) return refuse(refusals, std::string(value.reason()));
  if (kind != JsonKind::kArray && kind != JsonKind::kObject) return true;
  if (is_too_deep(depth, refusals)) return false;
  if (kind == JsonKind::kArray) {
    auto elements = value.elements();
    while (const auto element = elements.next()) {
      if (!check_tree(*element, depth + 1, refusals)) return false;
    }
    return true;
  }
  auto members = value.members();
  while (const auto member = members.next()) {
    if (check_tree(member->second, depth + 1, refusals)) continue;
    refusals.back().at.insert(0, pointer_part(member->first));
    return false;
  }
  return true;
}

}  // namespace daybook
