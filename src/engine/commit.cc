#include "engine/commit.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "base/json.h"
#include "base/log.h"
#include "catalog/encode.h"
#include "engine/sessions.h"
#include "engine/trail.h"

namespace daybook {

namespace {

bool is_guarded(const Operation& operation) { return is_about_access(*operation.collection); }

const std::string& id_of(const Operation& operation) {
  const bool has_row = operation.verb == Verb::kInsert || operation.verb == Verb::kPut;
  return has_row ? operation.row.id : operation.id;
}

std::string_view action_of(Verb verb) {
  switch (verb) {
    case Verb::kInsert:
      return "create";
    case Verb::kPut:
    case Verb::kUpdate:
      return "update";
    case Verb::kDelete:
      return "delete";
  }
  return "execute";
}

bool is_assigned(const Operation& operation, std::size_t field) {
  return std::any_of(operation.assignments.begin(), operation.assignments.end(),
                     [&](const Assignment& assignment) { return assignment.field == field; });
}

// Who gets a new password, may not sign in any more or is deleted has no sessions.
bool ends_sessions(const Operation& operation) {
  const auto& identity = operation.collection->declared.identity;
  if (!identity) return false;
  switch (operation.verb) {
    case Verb::kInsert:
      return false;
    case Verb::kPut:
    case Verb::kDelete:
      return true;
    case Verb::kUpdate:
      break;
  }
  return is_assigned(operation, identity->password) ||
         (identity->active && is_assigned(operation, *identity->active));
}

// A new password leaves its person the session that it was set in.
bool spares_own_session(const Operation& operation) {
  const auto& active = operation.collection->declared.identity->active;
  return operation.verb == Verb::kUpdate && !(active && is_assigned(operation, *active));
}

std::string row_json(const Collection& collection, const Row& row) {
  std::string text;
  json::Writer out(text);
  encode_row(collection, row, {}, out);
  return text;
}

// What an update sets; of a secret that it was set.
std::string assignments_json(const Operation& operation) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const Assignment& assignment : operation.assignments) {
    const Field& field = operation.collection->fields[assignment.field];
    out.key(field.name);
    if (field.type == Type::kSecret) {
      out.value(true);
    } else {
      encode_value(assignment.value, out);
    }
  }
  out.end_object();
  return text;
}

class GuardedCommit {
 public:
  GuardedCommit(Engine& engine, const Principal& principal, const Batch& batch)
      : engine_(engine), principal_(principal), batch_(batch) {}

  Result<Committed> run() {
    DAYBOOK_TRY(check_guard());
    DAYBOOK_TRY(describe_all());
    const bool is_one_commit = batch_.mode == Batch::Mode::kAtomic && !batch_.once &&
                               engine_.own().trail != nullptr &&
                               batch_.application->name == engine_.own().trail->application;
    return is_one_commit ? together() : one_after_the_other();
  }

 private:
  struct Entry {
    std::size_t operation;
    TrailEntry entry;
  };

  bool deletes(const Collection* collection, const std::string* id = nullptr) const {
    return std::any_of(batch_.operations.begin(), batch_.operations.end(), [&](const Operation& o) {
      return o.verb == Verb::kDelete && o.collection == collection &&
             (id == nullptr || o.id == *id);
    });
  }

  Result<bool> leaves_one(const Collection& collection) {
    DAYBOOK_ASSIGN(const auto rows, find_rows(engine_.store(), collection, Filter(), batch_.at,
                                              batch_.operations.size() + 1));
    return std::any_of(rows.begin(), rows.end(),
                       [&](const Row& row) { return !deletes(&collection, &row.id); });
  }

  // Once there is an account of Daybook itself or a key, there always is one: without any, whoever
  // asks on this machine would be its operator again.
  Result<void> check_guard() {
    const Collection* keys = engine_.own().keys;
    const Collection* accounts = engine_.own().accounts_of({});
    if (!deletes(keys) && !deletes(accounts)) return {};
    one_at_a_time_ = std::unique_lock(engine_.registering());
    DAYBOOK_ASSIGN(const bool is_guarded, engine_.credentials().is_guarded(batch_.at));
    if (!is_guarded) return {};
    for (const Collection* collection : {keys, accounts}) {
      if (collection == nullptr) continue;
      DAYBOOK_ASSIGN(const bool is_good, leaves_one(*collection));
      if (is_good) return {};
    }
    return Error(Code::kConflict,
                 "nobody could sign in any more: make another account of Daybook itself or a key "
                 "first");
  }

  Result<void> describe_all() {
    for (std::size_t i = 0; i < batch_.operations.size(); ++i) {
      const Operation& operation = batch_.operations[i];
      // A session is told of where it is opened and closed, with more than its row says.
      const bool tells_itself = operation.collection == engine_.own().sessions ||
                                operation.collection == engine_.own().trail;
      if (!is_guarded(operation) || tells_itself) continue;
      DAYBOOK_ASSIGN(TrailEntry entry, describe(operation));
      entries_.push_back({i, std::move(entry)});
    }
    return {};
  }

  Result<TrailEntry> describe(const Operation& operation) {
    const Collection& collection = *operation.collection;
    TrailEntry entry;
    entry.action = action_of(operation.verb);
    entry.event = collection.name + "." + std::string(entry.action);
    entry.resource = collection.full_name();
    entry.id = id_of(operation);
    entry.application = collection.application;
    entry.tenant = principal_.tenant;
    if (operation.verb != Verb::kInsert) {
      DAYBOOK_ASSIGN(const auto there, engine_.store().find(collection, {entry.id}, batch_.at));
      if (there[0]) entry.before = row_json(collection, *there[0]);
    }
    if (operation.verb == Verb::kUpdate) entry.after = assignments_json(operation);
    if (operation.verb == Verb::kInsert || operation.verb == Verb::kPut) {
      entry.after = row_json(collection, operation.row);
    }
    return entry;
  }

  Result<void> end_sessions(const Committed& committed) {
    for (std::size_t i = 0; i < committed.verdicts.size(); ++i) {
      const Operation& operation = batch_.operations[i];
      if (!committed.verdicts[i].is_good() || !ends_sessions(operation)) continue;
      Principal author = principal_;
      if (!spares_own_session(operation)) author.credential = nullptr;
      DAYBOOK_TRY(end_other_sessions(engine_, author, *operation.collection, id_of(operation)));
    }
    return {};
  }

  Result<Committed> together() {
    Batch batch = batch_;
    for (const Entry& entry : entries_) {
      DAYBOOK_ASSIGN(Operation operation, trail_operation(engine_, principal_, entry.entry));
      batch.operations.push_back(std::move(operation));
    }
    DAYBOOK_ASSIGN(Committed committed, engine_.store().apply(batch));
    const std::size_t own = std::min(committed.verdicts.size(), batch_.operations.size());
    committed.verdicts.resize(own);
    forget();
    if (committed.applied) DAYBOOK_TRY(end_sessions(committed));
    return committed;
  }

  Result<Committed> one_after_the_other() {
    DAYBOOK_ASSIGN(Committed committed, engine_.store().apply(batch_));
    forget();
    if (batch_.mode == Batch::Mode::kAtomic && !committed.applied) return committed;
    for (const Entry& entry : entries_) {
      if (!committed.verdicts[entry.operation].is_good()) continue;
      DAYBOOK_TRY(record(engine_, principal_, entry.entry));
    }
    DAYBOOK_TRY(end_sessions(committed));
    return committed;
  }

  void forget() {
    engine_.credentials().forget(batch_);
    engine_.quotas().forget();
  }

  Engine& engine_;
  const Principal& principal_;
  const Batch& batch_;
  std::vector<Entry> entries_;
  std::unique_lock<std::mutex> one_at_a_time_;  // held while the last who can sign in may go
};

}  // namespace

Result<Committed> commit(Engine& engine, const Principal& principal, const Batch& batch) {
  DAYBOOK_TRY(check_live(principal, engine.now()));
  DAYBOOK_TRY(engine.quotas().count_rows(batch, engine.now()));
  if (std::none_of(batch.operations.begin(), batch.operations.end(), is_guarded)) {
    return engine.store().apply(batch);
  }
  return GuardedCommit(engine, principal, batch).run();
}

}  // namespace daybook
