#include "catalog/collection.h"

#include <algorithm>

#include "catalog/row_key.h"

namespace daybook {

namespace {

bool is_derived(const Field& field) { return field.derive != Derive::kNone; }

bool has_verb(const std::vector<std::string>& verbs, std::string_view verb) {
  return std::any_of(verbs.begin(), verbs.end(),
                     [&](const std::string& said) { return said == "*" || said == verb; });
}

}  // namespace

std::optional<std::size_t> Collection::find_field(std::string_view field_name) const {
  const FieldNames::Hit hit = names.find(field_name);
  if (hit.meaning != FieldNames::Meaning::kField) return std::nullopt;
  return hit.field;
}

const Right* Collection::right_of(std::string_view role) const {
  const auto& allow = declared.allow;
  const auto found = std::find_if(allow.begin(), allow.end(),
                                  [&](const Right& right) { return right.role == role; });
  return found == allow.end() ? nullptr : &*found;
}

bool allows(const Right& right, std::string_view verb) { return has_verb(right.verbs, verb); }

bool allows_tenant(const Right& right, std::string_view verb) {
  return allows(right, verb) && (right.tenant_verbs.empty() || has_verb(right.tenant_verbs, verb));
}

bool is_by_tenant(const Right& right) {
  return right.rows && names_parameter(*right.rows, "principal.tenant");
}

bool Collection::may_change(std::size_t field) const {
  if (is_derived(fields[field]) || field == key_tenant(*this)) return false;
  if (!is_journal()) return true;
  return std::any_of(changes.begin(), changes.end(),
                     [&](const ChangeRule& rule) { return rule.field == field; });
}

}  // namespace daybook
