#include "catalog/check_expression.h"

#include <algorithm>
#include <optional>

#include "base/bug.h"
#include "base/text.h"
#include "catalog/decode.h"
#include "catalog/readers.h"

namespace daybook {

namespace {

using Node = Expression::Kind;

const Field& id_field() {
  static const Field kField;  // a text
  return kField;
}

bool takes_key(const Field& map, std::string_view key) {
  if (map.keys.empty() || map.is_open) return true;
  return std::find(map.keys.begin(), map.keys.end(), key) != map.keys.end();
}

bool is_number(const Field& field) {
  return field.type == Type::kInt || field.type == Type::kFloat;
}

// Whether a literal can stand beside a field; null stands beside any.
std::optional<std::string> mismatch(const Field& field, const Value& literal) {
  if (literal.is_null()) return std::nullopt;
  if (field.type == Type::kSecret) return "compares a secret";
  if (is_number(field) && literal.is_number()) return std::nullopt;
  if (field.type == Type::kBool && literal.get_if<bool>() != nullptr) return std::nullopt;
  if (field.type == Type::kTime && literal.get_if<Instant>() != nullptr) return std::nullopt;
  if (field.type == Type::kDate && literal.get_if<Date>() != nullptr) return std::nullopt;
  if (const auto* text = literal.get_if<std::string>()) {
    const bool is_text = field.type == Type::kText || field.type == Type::kUuid ||
                         field.type == Type::kChoice || field.type == Type::kTime ||
                         field.type == Type::kDate;
    Field without_limits = field;
    without_limits.min.reset();
    without_limits.format = Format::kNone;
    if (is_text && decode_text(without_limits, *text).ok()) return std::nullopt;
  }
  return "compares " + (field.name.empty() ? "an entry" : "'" + field.name + "'") + ", a " +
         std::string(type_name(field.type)) + ", with " + debug_text(literal);
}

class Checker {
 public:
  explicit Checker(const Scope& scope) : scope_(scope) {}

  Phrases take() && { return std::move(phrases_); }

  void condition(const Expression& e) {
    switch (e.kind) {
      case Node::kAnd:
      case Node::kOr:
      case Node::kNot:
        for (const Expression& arg : e.args) condition(arg);
        return;
      case Node::kCompare:
      case Node::kIn:
        return comparison(e);
      case Node::kHas:
        return has(e);
      case Node::kField:
        return claim(e);
      case Node::kLiteral:
        if (e.literal.get_if<bool>() == nullptr) say("is no condition");
        return;
      case Node::kDuration:
      case Node::kParameter:
        return say("is no condition");
      case Node::kCall:
        return say("asks for " + e.name + "() of many rows where a condition of one is expected");
    }
  }

  void aggregate(const Expression& e) {
    if (e.kind != Node::kCall) {
      return say("is no aggregate; expected one such as count() or avg(field)");
    }
    if (e.name == "count" || e.name == "rate") return counted(e);
    if (e.args.size() != 1 || e.args.front().kind != Node::kField) {
      return say("needs a field in " + e.name + "()");
    }
    const Field* field = leaf(e.args.front());
    if (field == nullptr || e.name == "distinct" || e.name == "first" || e.name == "last") return;
    // A map is summed entry by entry.
    const bool is_map = field->type == Type::kMap && is_number(field->element_field());
    const bool has_order = field->type == Type::kTime || field->type == Type::kDate;
    const bool is_extreme = e.name == "min" || e.name == "max";
    if (is_number(*field) || is_map || (is_extreme && has_order)) return;
    say("asks for " + e.name + "() of '" + e.args.front().name + "', a " +
        std::string(type_name(field->type)) + "; expected a number");
  }

  void parameter(const Expression& e) {
    for (const std::string& known : scope_.parameters) {
      if (known == e.name || (known.ends_with('.') && e.name.starts_with(known))) return;
    }
    say("names the parameter ':" + e.name + "', which is not declared" +
        suggestion(e.name, scope_.parameters));
  }

  void say(std::string phrase) { phrases_.push_back(std::move(phrase)); }

 private:
  void counted(const Expression& e) {
    if (e.args.empty()) {
      if (e.name == "rate") say("needs a condition in rate()");
      return;
    }
    const Expression& arg = e.args.front();
    // count(field) counts the rows that have it; a bool field is a condition anyway.
    if (e.name == "count" && arg.kind == Node::kField) {
      leaf(arg);
      return;
    }
    condition(arg);
  }

  void claim(const Expression& e) {
    const Field* field = leaf(e);
    if (field != nullptr && field->type != Type::kBool) {
      say("takes '" + e.name + "', a " + std::string(type_name(field->type)) + ", for a condition");
    }
  }

  void comparison(const Expression& e) {
    const Expression& left = e.args.front();
    if (left.kind != Node::kField) return say("must have a field on the left of a comparison");
    const Field* field = leaf(left);
    if (scope_.may_join && e.args[1].kind == Node::kField) return joined(e, field);
    for (std::size_t i = 1; i < e.args.size(); ++i) beside(field, e.args[i]);
  }

  // device_id.home_id = home_id
  void joined(const Expression& e, const Field* there) {
    const Field* here = find_leaf(*scope_.collection, e.args[1].name);
    const bool is_followed = followed(e.args[0].name) != nullptr;
    const bool is_equality = e.kind == Node::kCompare && e.comparison == Comparison::kEqual;
    if (here == nullptr || !is_followed || !is_equality) return beside(there, e.args[1]);
    if (here->type != there->type) {
      say("compares '" + e.args[0].name + "' with '" + e.args[1].name + "', which is a " +
          std::string(type_name(here->type)));
    }
  }

  void has(const Expression& e) {
    const Expression& left = e.args.front();
    if (left.kind != Node::kField) return say("must have a field on the left of ':'");
    const Field* field = leaf(left);
    if (field == nullptr) return beside(nullptr, e.args[1]);
    if (field->type == Type::kList) return beside(&field->element_field(), e.args[1]);
    if (field->type != Type::kMap && field->type != Type::kText && field->type != Type::kChoice) {
      return say("asks what '" + left.name + "' has, but it is a " +
                 std::string(type_name(field->type)));
    }
    beside(&id_field(), e.args[1]);
  }

  // What stands on the right; the field is null when it is unknown.
  void beside(const Field* field, const Expression& right) {
    switch (right.kind) {
      case Node::kLiteral:
        if (field != nullptr) {
          if (auto phrase = mismatch(*field, right.literal)) say(std::move(*phrase));
        }
        return;
      case Node::kDuration:
        if (field != nullptr && (!is_number(*field) || field->unit.empty())) {
          say("compares '" + field->name + "' with a duration; expected a number with a unit");
        }
        return;
      case Node::kParameter:
        return parameter(right);
      case Node::kField:
      case Node::kCompare:
      case Node::kIn:
      case Node::kHas:
      case Node::kAnd:
      case Node::kOr:
      case Node::kNot:
      case Node::kCall:
        return say("must have a value or a parameter on the right of a comparison, not " +
                   format_expression(right));
    }
  }

  const Field* leaf(const Expression& e) {
    if (scope_.collection == nullptr) {
      say("names the field '" + e.name + "', but asks no collection");
      return nullptr;
    }
    if (e.name == "id") return &id_field();
    if (const Field* field = find_leaf(*scope_.collection, e.name)) return field;
    if (const Field* field = followed(e.name)) return field;
    say(unknown_field(*scope_.collection, e.name));
    return nullptr;
  }

  // home_id.owner_id: the field of the row that home_id refers to.
  const Field* followed(const std::string& name) const {
    const std::size_t dot = name.rfind('.');
    if (scope_.application == nullptr || dot == std::string::npos) return nullptr;
    const auto ordinal = scope_.collection->find_field(name.substr(0, dot));
    if (!ordinal) return nullptr;
    const Collection* other =
        scope_.application->find(scope_.collection->fields[*ordinal].references);
    return other == nullptr ? nullptr : find_leaf(*other, name.substr(dot + 1));
  }

  const Scope& scope_;
  Phrases phrases_;
};

void collect_fields(const Expression& e, std::vector<std::string>& out) {
  if (e.kind == Node::kField) out.push_back(e.name);
  for (const Expression& arg : e.args) collect_fields(arg, out);
}

}  // namespace

const Field* find_leaf(const Collection& collection, std::string_view name) {
  if (const auto ordinal = collection.find_field(name)) return &collection.fields[*ordinal];
  for (std::size_t dot = name.find('.'); dot != name.npos; dot = name.find('.', dot + 1)) {
    const auto ordinal = collection.find_field(name.substr(0, dot));
    if (!ordinal || collection.fields[*ordinal].type != Type::kMap) continue;
    const Field& map = collection.fields[*ordinal];
    return takes_key(map, name.substr(dot + 1)) ? &map.element_field() : nullptr;
  }
  return nullptr;
}

std::vector<std::string> named_fields(const Expression& expression) {
  std::vector<std::string> out;
  collect_fields(expression, out);
  return out;
}

Phrases check_condition(const Expression& expression, const Scope& scope) {
  Checker checker(scope);
  checker.condition(expression);
  return std::move(checker).take();
}

Phrases check_aggregate(const Expression& expression, const Scope& scope) {
  Checker checker(scope);
  checker.aggregate(expression);
  return std::move(checker).take();
}

Phrases check_answer(const Expression& expression, const Scope& scope) {
  Checker checker(scope);
  if (expression.kind == Node::kParameter) {
    checker.parameter(expression);
  } else if (scope.collection == nullptr && expression.kind == Node::kCall) {
    checker.say("is over rows, but neither it nor the route says `from`");
  } else {
    checker.aggregate(expression);
  }
  return std::move(checker).take();
}

}  // namespace daybook
