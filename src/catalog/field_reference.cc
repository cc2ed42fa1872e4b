#include <algorithm>

#include "catalog/readers.h"

namespace daybook {

std::string unknown_field(const Collection& collection, std::string_view name) {
  std::vector<std::string> names = {"id"};
  for (const Field& field : collection.fields) names.push_back(field.name);
  return "names '" + std::string(name) + "', which is no field of " + collection.full_name() +
         suggestion(name, names);
}

std::optional<std::size_t> field_named(const Collection& collection, const std::string& name,
                                       TableReader& table, std::string_view key) {
  const auto ordinal = collection.find_field(name);
  if (!ordinal) table.wrong(key, unknown_field(collection, name));
  return ordinal;
}

std::optional<std::size_t> read_field_name(const Collection& collection, TableReader& table,
                                           std::string_view key) {
  const auto name = table.text(key);
  return name ? field_named(collection, *name, table, key) : std::nullopt;
}

std::vector<std::size_t> read_field_names(const Collection& collection, TableReader& table,
                                          std::string_view key) {
  std::vector<std::size_t> fields;
  const auto names = table.texts(key);
  if (!names) return fields;
  for (const std::string& name : *names) {
    const auto ordinal = field_named(collection, name, table, key);
    if (!ordinal) continue;
    if (std::find(fields.begin(), fields.end(), *ordinal) != fields.end()) {
      table.wrong(key, "names '" + name + "' twice");
      continue;
    }
    fields.push_back(*ordinal);
  }
  return fields;
}

bool is_never_null(const Field& field) {
  return field.required || field.default_is_now || !field.default_value.is_null();
}

}  // namespace daybook
