#include "catalog/collection.h"

#include <algorithm>

namespace daybook {

namespace {

bool is_derived(const Field& field) { return field.derive != Derive::kNone; }

}  // namespace

std::optional<std::size_t> Collection::find_field(std::string_view field_name) const {
  const FieldNames::Hit hit = names.find(field_name);
  if (hit.meaning != FieldNames::Meaning::kField) return std::nullopt;
  return hit.field;
}

bool Collection::may_change(std::size_t field) const {
  if (is_derived(fields[field])) return false;
  if (!is_journal()) return true;
  return std::any_of(changes.begin(), changes.end(),
                     [&](const ChangeRule& rule) { return rule.field == field; });
}

}  // namespace daybook
