#include "catalog/change.h"

#include <algorithm>
#include <optional>

namespace daybook {

namespace {

enum class Move { kForward, kBack, kForbidden };

const std::vector<std::string>* next_states(const ChangeRule& rule, std::string_view state) {
  for (const auto& [from, to] : rule.moves) {
    if (from == state) return &to;
  }
  return nullptr;
}

// Whether a chain of moves leads from one state to another.
bool is_reachable(const ChangeRule& rule, std::string_view from, std::string_view to) {
  std::vector<std::string_view> seen = {from};
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const auto* next = next_states(rule, seen[i]);
    if (next == nullptr) continue;
    for (const std::string& state : *next) {
      if (state == to) return true;
      if (std::find(seen.begin(), seen.end(), state) == seen.end()) seen.push_back(state);
    }
  }
  return false;
}

Move judge(const ChangeRule& rule, std::string_view from, std::string_view to) {
  const auto* next = next_states(rule, from);
  if (next != nullptr && std::find(next->begin(), next->end(), to) != next->end()) {
    return Move::kForward;
  }
  const bool is_earlier = is_reachable(rule, to, from) && !is_reachable(rule, from, to);
  return is_earlier ? Move::kBack : Move::kForbidden;
}

const ChangeRule* find_rule(const Collection& collection, std::size_t field) {
  for (const ChangeRule& rule : collection.changes) {
    if (rule.field == field) return &rule;
  }
  return nullptr;
}

// kForward for what no state machine guards; a row without a state may take any.
Result<Move> judge(const Collection& collection, const Value& now, const Assignment& assignment) {
  const ChangeRule* rule = find_rule(collection, assignment.field);
  if (rule == nullptr || rule->any || now.is_null()) return Move::kForward;
  const std::string& name = collection.fields[assignment.field].name;
  const std::string& from = now.get<std::string>();
  const auto* to = assignment.value.get_if<std::string>();
  if (to == nullptr) {
    return Error(Code::kConflict, name + " cannot go from '" + from + "' to null");
  }
  const Move move = judge(*rule, from, *to);
  if (move == Move::kForbidden) {
    return Error(Code::kConflict, name + " cannot go from '" + from + "' to '" + *to + "'");
  }
  return move;
}

bool is_assigned(const std::vector<Assignment>& assignments, std::size_t field) {
  return std::any_of(assignments.begin(), assignments.end(),
                     [&](const Assignment& a) { return a.field == field; });
}

Value paired_value(const PairRule& pair, Instant at) {
  switch (pair.set) {
    case PairRule::Set::kNow:
      return at;
    case PairRule::Set::kNull:
      return {};
    case PairRule::Set::kLiteral:
      return pair.literal;
  }
  return {};
}

void set(Changed& changed, std::size_t field, Value value) {
  if (changed.row.values[field] == value) return;
  changed.row.values[field] = std::move(value);
  changed.fields.push_back(field);
}

// What was said itself wins over what a pair would set.
void apply_pairs(const Collection& collection, const std::vector<Assignment>& assignments,
                 Instant at, Changed& changed) {
  const std::vector<std::size_t> said = changed.fields;
  for (const PairRule& pair : collection.pairs) {
    const bool has_changed = std::find(said.begin(), said.end(), pair.field) != said.end();
    if (!has_changed || is_assigned(assignments, pair.other)) continue;
    if (is_met(pair, changed.row.values[pair.field])) {
      set(changed, pair.other, paired_value(pair, at));
    }
  }
}

void note_time(const Collection& collection, Instant at, Changed& changed) {
  for (std::size_t i = 0; i < collection.fields.size(); ++i) {
    if (collection.fields[i].derive == Derive::kNowOnChange) set(changed, i, at);
  }
}

// A hash with a salt, or a ciphertext with a nonce, differs each time.
bool is_comparable(const Field& field) {
  return field.secret != SecretForm::kArgon2id && field.secret != SecretForm::kEncrypted;
}

}  // namespace

bool is_met(const PairRule& pair, const Value& said) {
  return pair.value.is_null() ? !said.is_null() : said == pair.value;
}

Result<Changed> change_row(const Collection& collection, const Row& row,
                           const std::vector<Assignment>& assignments, Instant at) {
  Changed changed;
  changed.row = row;
  for (const Assignment& assignment : assignments) {
    const Value& now = row.values[assignment.field];
    if (now == assignment.value) continue;
    DAYBOOK_ASSIGN(const Move move, judge(collection, now, assignment));
    if (move == Move::kForward) set(changed, assignment.field, assignment.value);
  }
  if (changed.fields.empty()) return changed;
  changed.kind = Changed::Kind::kChanged;
  apply_pairs(collection, assignments, at, changed);
  note_time(collection, at, changed);
  return changed;
}

bool is_same_row(const Collection& collection, const Row& stored, const Row& sent_row,
                 const std::vector<bool>& sent) {
  for (std::size_t i = 0; i < collection.fields.size(); ++i) {
    const Field& field = collection.fields[i];
    const bool may_differ = collection.is_journal() && collection.may_change(i);
    if (!sent[i] || may_differ || field.derive != Derive::kNone || !is_comparable(field)) continue;
    if (!(stored.values[i] == sent_row.values[i])) return false;
  }
  return stored.extra == sent_row.extra;
}

}  // namespace daybook
