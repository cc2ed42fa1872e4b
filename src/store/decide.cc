#include "store/decide.h"

#include <algorithm>
#include <utility>

#include "base/bug.h"
#include "catalog/change.h"
#include "catalog/row_key.h"

namespace daybook {

namespace {

Verdict verdict_of(Verdict::Kind kind, const Row* there, std::string detail = {},
                   std::string pointer = {}) {
  Verdict verdict{kind, std::move(detail), std::move(pointer), std::nullopt};
  if (there != nullptr) verdict.there = *there;
  return verdict;
}

Decision no_change(Verdict::Kind kind, const Row* there, std::string detail = {},
                   std::string pointer = {}) {
  return {verdict_of(kind, there, std::move(detail), std::move(pointer)), std::nullopt, {}};
}

std::string differs(const Field& field, const Value& there, const Value& wanted) {
  if (field.secret != SecretForm::kNone) return "'" + field.name + "' has another value";
  return "'" + field.name + "' is " + debug_text(there) + ", not " + debug_text(wanted);
}

// Why the condition does not hold; empty when it does.
std::string failure(const Operation& operation, const Row* there) {
  const Condition& condition = operation.condition;
  const auto absent = [] { return std::string("there is no row with this id"); };
  switch (condition.kind) {
    case Condition::Kind::kNone:
      return {};
    case Condition::Kind::kAbsent:
      return there == nullptr ? std::string() : "a row with this id is there already";
    case Condition::Kind::kExists:
      return there != nullptr ? std::string() : absent();
    case Condition::Kind::kTag: {
      if (there == nullptr) return absent();
      const std::string tag = row_tag(*there);
      const bool fits = std::ranges::find(condition.tags, tag) != condition.tags.end();
      return fits ? std::string() : "the row has changed since; its tag is now \"" + tag + "\"";
    }
    case Condition::Kind::kEquals: {
      if (there == nullptr) return absent();
      const Value& value = there->values[condition.field];
      if (value == condition.value) return {};
      return differs(operation.collection->fields[condition.field], value, condition.value);
    }
  }
  bug("unknown condition");
}

Decision insert(const Operation& operation, const Row* there) {
  if (there == nullptr) return {verdict_of(Verdict::Kind::kStored, nullptr), operation.row, {}};
  const Collection& collection = *operation.collection;
  const std::vector<bool> all(collection.fields.size(), true);
  const auto& sent = operation.sent.empty() ? all : operation.sent;
  if (is_same_row(collection, *there, operation.row, sent)) {
    return no_change(Verdict::Kind::kSame, there);
  }
  return no_change(Verdict::Kind::kConflict, there,
                   "a row with this id is there already, with other content", "#/id");
}

Decision changed(const Row& there, Row row, std::vector<std::size_t> fields) {
  if (row == there) return no_change(Verdict::Kind::kUnchanged, &there);
  return {verdict_of(Verdict::Kind::kStored, &row), row, std::move(fields)};
}

Decision update(const Operation& operation, const Row* there, Instant at) {
  auto change = change_row(*operation.collection, *there, operation.assignments, at);
  if (!change.ok()) {
    const auto& problems = change.error().problems();
    return no_change(Verdict::Kind::kConflict, there, change.error().message(),
                     problems.empty() ? std::string() : problems.front().pointer);
  }
  if (change->kind == Changed::Kind::kUnchanged) {
    return no_change(Verdict::Kind::kUnchanged, there);
  }
  return changed(*there, std::move(change->row), std::move(change->fields));
}

// A put over a row: as if each field that differs had been assigned, so that pairs and the fields
// derived from the moment of change hold for it too.
Decision replace(const Operation& operation, const Row& there, Instant at) {
  const Collection& collection = *operation.collection;
  std::vector<Assignment> assignments;
  for (std::size_t i = 0; i < collection.fields.size(); ++i) {
    if (collection.fields[i].derive == Derive::kNowOnChange) continue;
    if (operation.row.values[i] == there.values[i]) continue;
    assignments.push_back({i, operation.row.values[i]});
  }
  const bool is_extra_other = operation.row.extra != there.extra;
  if (assignments.empty() && !is_extra_other) {
    return no_change(Verdict::Kind::kUnchanged, &there);
  }
  Row row = there;
  std::vector<std::size_t> fields;
  if (!assignments.empty()) {
    auto change = change_row(collection, there, assignments, at);
    if (!change.ok()) {
      return no_change(Verdict::Kind::kConflict, &there, change.error().message());
    }
    if (change->kind == Changed::Kind::kChanged) row = std::move(change->row);
    fields = std::move(change->fields);
  }
  row.extra = operation.row.extra;
  if (is_extra_other) {
    for (std::size_t i = 0; i < collection.fields.size(); ++i) {
      if (collection.fields[i].derive == Derive::kNowOnChange) row.values[i] = at;
    }
  }
  return changed(there, std::move(row), std::move(fields));
}

Result<void> check_operation(const Batch& batch, const Operation& operation) {
  const Collection* collection = operation.collection;
  if (collection == nullptr || collection->application != batch.application->name) {
    return Error(Code::kInvalid, "a batch holds operations of one application only");
  }
  const bool has_row = operation.verb == Verb::kInsert || operation.verb == Verb::kPut;
  if (has_row && operation.row.values.size() != collection->fields.size()) {
    return Error(Code::kInvalid, "a row of " + collection->full_name() + " must have " +
                                     std::to_string(collection->fields.size()) + " values, not " +
                                     std::to_string(operation.row.values.size()));
  }
  const bool is_row_of_journal = operation.verb == Verb::kInsert && collection->is_journal();
  if (operation.presence != Presence::kWhole && !is_row_of_journal) {
    return Error(Code::kInvalid, "only what is inserted into a journal can be counted alone");
  }
  const auto tenant = key_tenant(*collection);
  const bool moves = tenant && std::ranges::any_of(operation.assignments, [&](const Assignment& a) {
                       return a.field == *tenant;
                     });
  if (moves) {
    return Error(Code::kInvalid, "a row of " + collection->full_name() + " keeps its tenant");
  }
  if (operation.verb == Verb::kPut && collection->is_journal()) {
    return Error(Code::kInvalid, collection->full_name() +
                                     " is a journal: its rows are inserted and updated, not put");
  }
  return {};
}

Decision decide_verb(const Operation& operation, const Row* there, Instant at) {
  const bool needs_row = operation.verb == Verb::kUpdate || operation.verb == Verb::kDelete;
  if (needs_row && there == nullptr) {
    return no_change(Verdict::Kind::kMissing, nullptr, "there is no row with this id");
  }
  if (std::string why = failure(operation, there); !why.empty()) {
    return no_change(Verdict::Kind::kPrecondition, there, std::move(why));
  }
  switch (operation.verb) {
    case Verb::kInsert:
      return insert(operation, there);
    case Verb::kPut:
      if (there != nullptr) return replace(operation, *there, at);
      return {verdict_of(Verdict::Kind::kStored, nullptr), operation.row, {}};
    case Verb::kUpdate:
      return update(operation, there, at);
    case Verb::kDelete:
      return {verdict_of(Verdict::Kind::kStored, nullptr), std::nullopt, {}};
  }
  bug("unknown verb");
}

}  // namespace

Result<void> check_batch(const Batch& batch) {
  if (batch.application == nullptr) return Error(Code::kInvalid, "a batch needs an application");
  for (const Operation& operation : batch.operations) {
    DAYBOOK_TRY(check_operation(batch, operation));
  }
  return {};
}

Decision decide(const Operation& operation, const Row* there, Instant at) {
  Decision decision = decide_verb(operation, there, at);
  decision.verdict.presence = operation.presence;
  return decision;
}

Verdict several_tenants() { return verdict_of(Verdict::Kind::kConflict, nullptr, ambiguous_id()); }

Verdict deleted_before() { return verdict_of(Verdict::Kind::kSame, nullptr); }

Error once_taken() {
  return {Code::kConflict, "a request with this Idempotency-Key was applied already"};
}

}  // namespace daybook
