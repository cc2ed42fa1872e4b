// Expression -> Filter: the fields exist, the literals fit, parameters are filled in.
#include <algorithm>
#include <optional>

#include "base/bug.h"
#include "base/text.h"
#include "query/filter.h"
#include "query/literal.h"

namespace daybook {
namespace {

// A clause that named an absent optional parameter is nothing.
using Clause = std::optional<Filter>;

// A literal or a filled parameter.
struct Operand {
  Value value;
  bool is_duration = false;
};

class Binder {
 public:
  Binder(const Collection& collection, const Arguments& arguments)
      : collection_(collection), arguments_(arguments) {}

  Result<Clause> bind(const Expression& e) const {
    using K = Expression::Kind;
    switch (e.kind) {
      case K::kLiteral:
        return bind_constant(e);
      case K::kField:
        return bind_flag(e);
      case K::kCompare:
        return bind_compare(e);
      case K::kIn:
        return bind_in(e);
      case K::kHas:
        return bind_has(e);
      case K::kAnd:
      case K::kOr:
        return bind_joined(e);
      case K::kNot:
        return bind_not(e);
      case K::kCall:
        return invalid(e.name + "() computes over many rows and cannot filter one");
      case K::kDuration:
      case K::kParameter:
        return invalid("'" + format_expression(e) +
                       "' alone is no condition; compare a field with it");
    }
    bug("an expression of no kind");
  }

 private:
  static Error invalid(std::string message) { return {Code::kInvalid, std::move(message)}; }

  Result<Clause> bind_constant(const Expression& e) const {
    const bool* truth = e.literal.get_if<bool>();
    if (truth == nullptr) {
      return invalid("'" + format_expression(e) +
                     "' alone is no condition; compare a field with it");
    }
    return Clause(*truth ? Filter{} : negate(Filter{}));
  }

  // A field of type bool stands for itself: `NOT resolved`.
  Result<Clause> bind_flag(const Expression& e) const {
    DAYBOOK_ASSIGN(FieldRef ref, find_field(collection_, e.name));
    if (field_of(collection_, ref).type != Type::kBool) {
      return invalid("'" + e.name +
                     "' alone is no condition, since it is no bool; compare it with a value");
    }
    return Clause(equals(std::move(ref), Value(true)));
  }

  Result<Clause> bind_compare(const Expression& e) const {
    DAYBOOK_ASSIGN(FieldRef ref, left_field(e));
    if (e.comparison != Comparison::kEqual && e.comparison != Comparison::kNotEqual) {
      DAYBOOK_TRY(check_operation(collection_, ref, Operation::kRange));
    }
    DAYBOOK_ASSIGN(std::optional<Operand> right, operand(e.args[1]));
    if (!right) return Clause();
    DAYBOOK_ASSIGN(Value value, fit(ref, *right));
    if (value.is_null() && e.comparison != Comparison::kEqual &&
        e.comparison != Comparison::kNotEqual) {
      return invalid(e.args[0].name + " can be = null or != null; null has no place in an order");
    }
    return Clause(compares(std::move(ref), e.comparison, std::move(value)));
  }

  Result<Clause> bind_in(const Expression& e) const {
    DAYBOOK_ASSIGN(FieldRef ref, left_field(e));
    std::vector<Value> values;
    for (std::size_t i = 1; i < e.args.size(); ++i) {
      DAYBOOK_ASSIGN(std::optional<Operand> member, operand(e.args[i]));
      if (!member) return Clause();
      DAYBOOK_TRY(add_member(ref, *member, values));
    }
    if (values.empty()) return Clause(negate(Filter{}));
    return Clause(one_of(std::move(ref), std::move(values)));
  }

  // A parameter may hold a list: each of its elements is a member.
  Result<void> add_member(const FieldRef& ref, const Operand& member,
                          std::vector<Value>& values) const {
    const List* list = member.value.get_if<List>();
    if (list == nullptr) {
      DAYBOOK_ASSIGN(Value value, fit(ref, member));
      values.push_back(std::move(value));
      return {};
    }
    for (const Value& element : *list) {
      DAYBOOK_ASSIGN(Value value, fit(ref, Operand{element, false}));
      values.push_back(std::move(value));
    }
    return {};
  }

  Result<Clause> bind_has(const Expression& e) const {
    DAYBOOK_ASSIGN(FieldRef ref, left_field(e));
    DAYBOOK_TRY(check_operation(collection_, ref, Operation::kHas));
    DAYBOOK_ASSIGN(std::optional<Operand> right, operand(e.args[1]));
    if (!right) return Clause();
    if (right->is_duration) {
      return invalid("'" + format_expression(e.args[1]) + "' is a duration; " + e.args[0].name +
                     " has none");
    }
    DAYBOOK_ASSIGN(Value part, fit_part(collection_, ref, right->value));
    return Clause(has(std::move(ref), std::move(part)));
  }

  Result<Clause> bind_joined(const Expression& e) const {
    Clause joined;
    for (const Expression& arg : e.args) {
      DAYBOOK_ASSIGN(Clause part, bind(arg));
      if (!part) continue;
      if (!joined) {
        joined = std::move(part);
        continue;
      }
      joined = e.kind == Expression::Kind::kAnd ? both(*std::move(joined), *std::move(part))
                                                : either(*std::move(joined), *std::move(part));
    }
    return joined;
  }

  Result<Clause> bind_not(const Expression& e) const {
    DAYBOOK_ASSIGN(Clause inner, bind(e.args.front()));
    if (!inner) return Clause();
    return Clause(negate(*std::move(inner)));
  }

  Result<FieldRef> left_field(const Expression& e) const {
    const Expression& left = e.args.front();
    if (left.kind != Expression::Kind::kField) {
      return invalid("'" + format_expression(left) +
                     "' stands on the left of a comparison, where a field is expected");
    }
    return find_field(collection_, left.name);
  }

  // Empty for an optional parameter that is absent.
  Result<std::optional<Operand>> operand(const Expression& e) const {
    using K = Expression::Kind;
    if (e.kind == K::kLiteral) return std::optional(Operand{e.literal, false});
    if (e.kind == K::kDuration) return std::optional(Operand{e.literal, true});
    if (e.kind != K::kParameter) {
      return invalid(
          "'" + format_expression(e) +
          "' stands on the right of a comparison, where a value or a :parameter is expected" +
          (e.kind == K::kField ? "; a text needs quotes" : ""));
    }
    const auto given = std::find_if(arguments_.begin(), arguments_.end(),
                                    [&](const auto& argument) { return argument.first == e.name; });
    if (given != arguments_.end()) return std::optional(Operand{given->second, false});
    if (e.optional) return std::optional<Operand>();
    return invalid("the parameter '" + e.name + "' is missing");
  }

  Result<Value> fit(const FieldRef& ref, const Operand& operand) const {
    if (!operand.is_duration) return fit_value(collection_, ref, operand.value);
    return fit_duration(collection_, ref, Duration(operand.value.get<std::int64_t>()));
  }

  const Collection& collection_;
  const Arguments& arguments_;
};

}  // namespace

Result<Filter> bind_filter(const Collection& collection, const Expression& expression,
                           const Arguments& arguments) {
  DAYBOOK_ASSIGN(Clause clause, Binder(collection, arguments).bind(expression));
  return clause ? *std::move(clause) : Filter{};
}

}  // namespace daybook
