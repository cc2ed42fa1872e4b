#include <algorithm>

#include "base/bug.h"
#include "query/literal.h"
#include "query/summary.h"

namespace daybook {
namespace {

enum class Needs { kNothing, kCondition, kNumber, kOrdered, kField };

Needs needs_of(Aggregate aggregate) {
  switch (aggregate) {
    case Aggregate::kCount:
      return Needs::kNothing;
    case Aggregate::kRate:
      return Needs::kCondition;
    case Aggregate::kSum:
    case Aggregate::kAvg:
    case Aggregate::kP50:
    case Aggregate::kP90:
    case Aggregate::kP95:
    case Aggregate::kP99:
      return Needs::kNumber;
    case Aggregate::kMin:
    case Aggregate::kMax:
      return Needs::kOrdered;
    case Aggregate::kDistinct:
    case Aggregate::kFirst:
    case Aggregate::kLast:
      return Needs::kField;
  }
  bug("an aggregate of no kind");
}

Error invalid(const std::string& call, std::string_view message) {
  return {Code::kInvalid, call + " " + std::string(message)};
}

// A bool field counts where it is true, any other field where it is there.
Result<void> bind_count(const Collection& collection, const Expression& argument,
                        const Arguments& arguments, Measure& measure) {
  if (argument.kind == Expression::Kind::kField) {
    DAYBOOK_ASSIGN(FieldRef ref, find_field(collection, argument.name));
    if (field_of(collection, ref).type != Type::kBool) {
      measure.field = std::move(ref);
      return {};
    }
  }
  DAYBOOK_ASSIGN(measure.condition, bind_filter(collection, argument, arguments));
  return {};
}

}  // namespace

Result<void> check_measure(const Collection& collection, Aggregate aggregate, const FieldRef& ref) {
  const std::string call =
      std::string(aggregate_name(aggregate)) + "(" + field_name(collection, ref) + ")";
  const Field& field = field_of(collection, ref);
  const Needs needs = needs_of(aggregate);
  const bool is_number = field.type == Type::kInt || field.type == Type::kFloat;
  if (needs == Needs::kNumber && !is_number)
    return invalid(call, "needs a field of type int or float");
  if (needs == Needs::kNumber && !collection.fields[ref.field].is_measure) {
    return invalid(call, "needs a field that is declared as a measure");
  }
  if (field.type == Type::kSecret) return invalid(call, "would show a secret");
  if (needs == Needs::kOrdered && !is_comparable(field.type)) {
    return invalid(call, "needs a field whose values have an order");
  }
  return {};
}

Result<Measure> bind_measure(const Collection& collection, std::string name,
                             const Expression& expression, const Arguments& arguments) {
  const std::string text = format_expression(expression);
  const auto aggregate =
      expression.kind == Expression::Kind::kCall ? find_aggregate(expression.name) : std::nullopt;
  if (!aggregate) {
    return invalid("'" + text + "'",
                   "is no aggregate such as count(), rate(condition) or avg(field)");
  }
  Measure measure;
  measure.name = std::move(name);
  measure.aggregate = *aggregate;
  const Needs needs = needs_of(*aggregate);
  if (expression.args.empty()) {
    if (needs == Needs::kNothing) return measure;
    return invalid(text, needs == Needs::kCondition ? "needs a condition" : "needs a field");
  }
  const Expression& argument = expression.args.front();
  if (needs == Needs::kNothing) {
    DAYBOOK_TRY(bind_count(collection, argument, arguments, measure));
    return measure;
  }
  if (needs == Needs::kCondition) {
    DAYBOOK_ASSIGN(measure.condition, bind_filter(collection, argument, arguments));
    return measure;
  }
  if (argument.kind != Expression::Kind::kField) return invalid(text, "needs a field");
  DAYBOOK_ASSIGN(FieldRef ref, find_field(collection, argument.name));
  DAYBOOK_TRY(check_measure(collection, *aggregate, ref));
  measure.field = std::move(ref);
  return measure;
}

}  // namespace daybook
