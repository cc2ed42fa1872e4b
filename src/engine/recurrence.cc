#include "engine/recurrence.h"

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "query/filter.h"
#include "query/scan.h"

namespace daybook {

namespace {

// Settled rows that are looked at for one batch before the search is given up: the newest of most
// groups come first.
constexpr std::size_t kMaxLooked = 10'000;

std::optional<std::size_t> fingerprint_field(const Collection& collection) {
  for (std::size_t i = 0; i < collection.fields.size(); ++i) {
    if (collection.fields[i].derive == Derive::kFingerprint) return i;
  }
  return std::nullopt;
}

// The times of the newest open rows of the batch, by fingerprint.
using TimeByGroup = std::map<std::string, Instant>;

// Where groups are alike: what happens to one tenant says nothing of another's rows.
struct Realm {
  const Collection* collection = nullptr;
  Value tenant;  // null where none is declared
};

struct RealmOrder {
  bool operator()(const Realm& a, const Realm& b) const {
    if (a.collection != b.collection) return std::less<>()(a.collection, b.collection);
    return compare(a.tenant, b.tenant) < 0;
  }
};

Realm realm_of(const Operation& operation) {
  const auto& field = operation.collection->tenant_field;
  return {operation.collection, field ? operation.row.values[*field] : Value()};
}

Filter settled_rows(const Realm& realm, std::size_t fingerprint, const TimeByGroup& groups) {
  const Collection& collection = *realm.collection;
  const auto& [field, open] = *collection.declared.group->reopen;
  Filter in;
  in.kind = Filter::Kind::kIn;
  in.ref.field = fingerprint;
  for (const auto& [text, time] : groups) in.values.emplace_back(text);
  Filter differs;
  differs.kind = Filter::Kind::kCompare;
  differs.ref.field = field;
  differs.comparison = Comparison::kNotEqual;
  differs.values = {open};
  Filter settled = both(std::move(in), std::move(differs));
  if (!collection.tenant_field) return settled;
  return both(equals(FieldRef{*collection.tenant_field, ""}, realm.tenant), std::move(settled));
}

Operation reopening(const Collection& collection, const Row& row) {
  const auto& [field, open] = *collection.declared.group->reopen;
  Operation operation;
  operation.collection = &collection;
  operation.verb = Verb::kUpdate;
  mean(operation, row);
  operation.assignments = {{field, open}};
  return operation;
}

Result<void> reopen(Engine& engine, const Realm& realm, TimeByGroup groups,
                    std::vector<Operation>& found) {
  const Collection& collection = *realm.collection;
  const std::size_t fingerprint = *fingerprint_field(collection);
  Scan scan;
  scan.collection = &collection;
  scan.filter = settled_rows(realm, fingerprint, groups);
  scan.order.keys = {{FieldRef{collection.time_field, ""}, true}};
  scan.limit = kMaxLooked;
  scan.now = engine.now();
  const auto look = [&](Row&& row) {
    const auto group = groups.find(row.values[fingerprint].get<std::string>());
    if (group == groups.end()) return true;
    if (row_time(collection, row) >= group->second) return true;
    found.push_back(reopening(collection, row));
    groups.erase(group);
    return !groups.empty();
  };
  DAYBOOK_TRY(engine.store().scan(scan, look));
  return {};
}

}  // namespace

Result<std::vector<Operation>> reopenings(Engine& engine,
                                          const std::vector<Operation>& operations) {
  std::map<Realm, TimeByGroup, RealmOrder> recurring;
  for (const Operation& operation : operations) {
    const Collection& collection = *operation.collection;
    if (operation.verb != Verb::kInsert || !collection.declared.group) continue;
    if (!collection.declared.group->reopen) continue;
    const auto& [field, open] = *collection.declared.group->reopen;
    const auto* group = operation.row.values[*fingerprint_field(collection)].get_if<std::string>();
    if (group == nullptr || !(operation.row.values[field] == open)) continue;
    const Instant time = row_time(collection, operation.row);
    const auto [it, is_new] = recurring[realm_of(operation)].emplace(*group, time);
    it->second = std::max(it->second, time);
  }
  std::vector<Operation> found;
  for (auto& [realm, groups] : recurring) {
    DAYBOOK_TRY(reopen(engine, realm, std::move(groups), found));
  }
  return found;
}

}  // namespace daybook
