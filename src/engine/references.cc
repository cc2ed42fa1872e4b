#include "engine/references.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/sight.h"

namespace daybook {
namespace {

// Ids by collection.
using Ids = std::map<const Collection*, std::set<std::string>>;

// Calls `look(ordinal, value)` for each field that the operation gives a value.
template <typename Look>
void each_value(const Operation& operation, const Look& look) {
  if (operation.verb == Verb::kUpdate) {
    for (const Assignment& assignment : operation.assignments)
      look(assignment.field, assignment.value);
    return;
  }
  for (std::size_t i = 0; i < operation.row.values.size(); ++i) look(i, operation.row.values[i]);
}

// Calls `look(ordinal, target, id)` for each reference that the operation holds.
template <typename Look>
void each_reference(const Application& application, const Operation& operation, const Look& look) {
  each_value(operation, [&](std::size_t field, const Value& value) {
    const std::string& name = operation.collection->fields[field].references;
    if (name.empty()) return;
    const Collection* target = application.find(name);
    const std::string* id = value.get_if<std::string>();
    if (target != nullptr && id != nullptr) look(field, *target, *id);
  });
}

bool has_references(const Collection& collection) {
  return std::ranges::any_of(collection.fields,
                             [](const Field& field) { return !field.references.empty(); });
}

// The ids of `wanted` that are stored, of a tenant's own rows.
Result<Ids> find_stored(Engine& engine, const Principal& principal, const Ids& wanted) {
  Ids there;
  for (const auto& [collection, ids] : wanted) {
    const std::vector<std::string> keys(ids.begin(), ids.end());
    DAYBOOK_ASSIGN(const auto rows, engine.store().find(*collection, keys, engine.now(),
                                                        own_tenant(principal, *collection)));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (rows[i]) there[collection].insert(keys[i]);
    }
  }
  return there;
}

}  // namespace

Result<std::vector<std::vector<Problem>>> missing_references(
    Engine& engine, const Principal& principal, const std::vector<Operation>& operations) {
  std::vector<std::vector<Problem>> missing(operations.size());
  const auto points = [](const Operation& o) { return has_references(*o.collection); };
  if (std::ranges::none_of(operations, points)) return missing;

  const Application& application =
      *engine.catalog().find(operations.front().collection->application);
  Ids wanted, brought;
  for (const Operation& operation : operations) {
    if (operation.verb == Verb::kInsert || operation.verb == Verb::kPut) {
      brought[operation.collection].insert(operation.row.id);
    }
    each_reference(application, operation,
                   [&](std::size_t, const Collection& target, const std::string& id) {
                     wanted[&target].insert(id);
                   });
  }
  DAYBOOK_ASSIGN(Ids there, find_stored(engine, principal, wanted));
  for (std::size_t i = 0; i < operations.size(); ++i) {
    each_reference(application, operations[i],
                   [&](std::size_t field, const Collection& target, const std::string& id) {
                     if (there[&target].contains(id) || brought[&target].contains(id)) return;
                     missing[i].push_back(
                         {std::nullopt, field_pointer(*operations[i].collection, field),
                          "there is no row '" + id + "' in " + target.full_name(), Code::kInvalid});
                   });
  }
  return missing;
}

std::string field_pointer(const Collection& collection, std::size_t field) {
  std::string pointer = "#/" + collection.fields[field].name;
  std::ranges::replace(pointer, '.', '/');
  return pointer;
}

}  // namespace daybook
