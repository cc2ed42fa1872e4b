#include <algorithm>
#include <vector>

#include "base/text.h"
#include "query/filter.h"

namespace daybook {
namespace {

Field make_id_field() {
  Field field;
  field.name = "id";
  field.required = true;
  return field;
}

bool takes_key(const Field& map, std::string_view key) {
  if (key.empty()) return false;
  if (map.keys.empty() || map.is_open) return true;
  return std::find(map.keys.begin(), map.keys.end(), key) != map.keys.end();
}

Error no_such_field(const Collection& collection, std::string_view name) {
  std::vector<std::string> names = {"id"};
  for (const Field& field : collection.fields) names.push_back(field.name);
  std::string message =
      "there is no field '" + std::string(utf8_prefix(name, 80)) + "' in " + collection.full_name();
  if (const auto near = nearest(name, names)) message += "; did you mean '" + *near + "'?";
  return {Code::kInvalid, std::move(message)};
}

Error no_such_key(const Field& map, std::string_view key) {
  std::string message = "'" + map.name + "' has no entry '" + std::string(utf8_prefix(key, 80)) +
                        "'; it has " + join(map.keys, ", ");
  return {Code::kInvalid, std::move(message)};
}

}  // namespace

Result<FieldRef> find_field(const Collection& collection, std::string_view name) {
  if (name == "id") return FieldRef{};
  if (const auto ordinal = collection.find_field(name)) return FieldRef{*ordinal, ""};
  // Keys may hold dots and so may names: the longest name that is a map has the rest as its key.
  for (std::size_t dot = name.rfind('.'); dot != std::string_view::npos && dot > 0;
       dot = name.rfind('.', dot - 1)) {
    const auto ordinal = collection.find_field(name.substr(0, dot));
    if (!ordinal || collection.fields[*ordinal].type != Type::kMap) continue;
    const Field& map = collection.fields[*ordinal];
    const std::string_view key = name.substr(dot + 1);
    if (takes_key(map, key)) return FieldRef{*ordinal, std::string(key)};
    if (!key.empty()) return no_such_key(map, key);
  }
  return no_such_field(collection, name);
}

std::string field_name(const Collection& collection, const FieldRef& ref) {
  if (ref.is_id()) return "id";
  const std::string& name = collection.fields[ref.field].name;
  return ref.key.empty() ? name : name + "." + ref.key;
}

const Field& field_of(const Collection& collection, const FieldRef& ref) {
  static const Field kIdField = make_id_field();
  if (ref.is_id()) return kIdField;
  const Field& field = collection.fields[ref.field];
  return ref.key.empty() ? field : field.element_field();
}

Value read(const FieldRef& ref, const Row& row) {
  if (ref.is_id()) return Value(row.id);
  const Value* value = peek(ref, row);
  return value == nullptr ? Value() : *value;
}

}  // namespace daybook
