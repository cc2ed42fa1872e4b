#include <algorithm>

#include "base/text.h"
#include "catalog/decode.h"
#include "catalog/readers.h"
#include "catalog/row_key.h"

namespace daybook {

namespace {

// A state that the field can hold; an open choice may hold any.
void check_state(const Field& field, const std::string& state, TableReader& table,
                 const std::string& key) {
  const auto& choices = field.choices;
  if (field.is_open || std::find(choices.begin(), choices.end(), state) != choices.end()) return;
  table.wrong(key, "names the state '" + state + "'; expected one of " + join(choices, ", "));
}

void read_moves(TableReader& table, const Field& field, ChangeRule& rule) {
  if (field.type != Type::kChoice) {
    return table.wrong("has states, but is of type " + std::string(type_name(field.type)) +
                       "; expected a choice, or \"any\"");
  }
  for (const auto& [from, value] : table.toml().members) {
    check_state(field, from, table, from);
    auto to = table.texts(from);
    if (!to) continue;
    for (const std::string& state : *to) {
      check_state(field, state, table, from);
      if (state == from) table.wrong(from, "leads to itself; staying is no change");
    }
    rule.moves.emplace_back(from, std::move(*to));
  }
  if (rule.moves.empty()) table.wrong("has no moves; expected { state = [states] } or \"any\"");
}

void check_changeable(TableReader& table, const std::string& name, const Collection& collection,
                      std::size_t field) {
  if (field == collection.time_field) {
    table.wrong(name, "is the time of the journal; a row keeps its place");
  }
  if (field == key_tenant(collection)) {
    table.wrong(name, "is the tenant; a row keeps its tenant");
  }
  if (collection.fields[field].derive != Derive::kNone) {
    table.wrong(name, "is derived; it changes by itself");
  }
}

PairRule::Set how(const Expression& right) {
  if (right.kind == Expression::Kind::kField) return PairRule::Set::kNow;
  return right.literal.is_null() ? PairRule::Set::kNull : PairRule::Set::kLiteral;
}

// "resolved_at = now", "resolved_at = null", "state = 'open'".
bool is_setting(const Expression& e) {
  using Node = Expression::Kind;
  if (e.kind != Node::kCompare || e.comparison != Comparison::kEqual) return false;
  if (e.args[0].kind != Node::kField) return false;
  const Expression& right = e.args[1];
  return right.kind == Node::kLiteral || (right.kind == Node::kField && right.name == "now");
}

std::optional<Value> literal_of(const Field& field, const Value& literal) {
  if (const auto* text = literal.get_if<std::string>()) {
    Result<Value> value = decode_text(field, *text);
    return value.ok() ? std::optional(std::move(value).value()) : std::nullopt;
  }
  const bool fits = (field.type == Type::kBool && literal.get_if<bool>() != nullptr) ||
                    (field.type == Type::kInt && literal.get_if<std::int64_t>() != nullptr) ||
                    (field.type == Type::kTime && literal.get_if<Instant>() != nullptr);
  if (fits) return literal;
  if (field.type == Type::kFloat && literal.is_number()) return Value(literal.number());
  return std::nullopt;
}

void read_pair(TableReader& table, const std::string& key, const Collection& collection,
               PairRule rule, std::vector<PairRule>& out) {
  const auto expression = table.expression(key);
  if (!expression) return;
  if (!is_setting(*expression)) {
    return table.wrong(key, "must set a field: \"resolved_at = now\", \"... = null\" or a literal");
  }
  const auto other = field_named(collection, expression->args[0].name, table, key);
  if (!other) return;
  const Field& field = collection.fields[*other];
  if (*other == key_tenant(collection)) {
    return table.wrong(key, "sets '" + field.name + "', the tenant; a row keeps its tenant");
  }
  const Expression& right = expression->args[1];
  rule.other = *other;
  rule.set = how(right);
  if (rule.set == PairRule::Set::kNow && field.type != Type::kTime) {
    return table.wrong(key, "sets '" + field.name + "' to now, but it is no time");
  }
  if (rule.set == PairRule::Set::kNull && field.required) {
    return table.wrong(key, "sets '" + field.name + "' to null, but it is required");
  }
  if (rule.set == PairRule::Set::kLiteral) {
    auto literal = literal_of(field, right.literal);
    if (!literal) {
      return table.wrong(key, "sets '" + field.name + "' to " + debug_text(right.literal) +
                                  ", which does not fit its type");
    }
    rule.literal = std::move(*literal);
  }
  out.push_back(std::move(rule));
}

}  // namespace

void read_changes(TableReader& file, Collection& collection) {
  auto changes = file.table("changes", "[changes]");
  if (!changes) return;
  if (!collection.is_journal()) {
    return file.wrong("changes", "belongs to a journal; every field of a register may change");
  }
  for (const auto& [name, value] : changes->toml().members) {
    const auto field = field_named(collection, name, *changes, name);
    if (!field) continue;
    ChangeRule rule;
    rule.field = *field;
    check_changeable(*changes, name, collection, *field);
    if (value.kind == Toml::Kind::kText) {
      rule.any = value.text == "any";
      if (!rule.any) changes->wrong(name, "must be \"any\", or { state = [states] }");
    } else if (auto moves = changes->table(name)) {
      read_moves(*moves, collection.fields[*field], rule);
    }
    collection.changes.push_back(std::move(rule));
  }
}

void read_pairs(TableReader& file, Collection& collection) {
  auto pairs = file.table("pairs", "[pairs]");
  if (!pairs) return;
  for (const auto& [name, value] : pairs->toml().members) {
    const auto field = field_named(collection, name, *pairs, name);
    auto table = pairs->table(name);
    if (!field || !table) continue;
    for (const auto& [said, expression] : table->toml().members) {
      PairRule rule;
      rule.field = *field;
      if (said != "*") {
        Result<Value> when = decode_text(collection.fields[*field], said);
        if (!when.ok()) {
          table->wrong(said, "is no value of '" + name + "': " + when.error().message());
          continue;
        }
        rule.value = std::move(when).value();
      }
      read_pair(*table, said, collection, std::move(rule), collection.pairs);
    }
  }
}

}  // namespace daybook
