#include "query/literal.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/bug.h"
#include "base/text.h"
#include "catalog/decode.h"

namespace daybook {
namespace {

std::string with_article(Type type) {
  const std::string name(type_name(type));
  return (name == "int" ? "an " : "a ") + name;
}

bool is_ordered(Type type) {
  switch (type) {
    case Type::kText:
    case Type::kUuid:
    case Type::kInt:
    case Type::kFloat:
    case Type::kTime:
    case Type::kDate:
      return true;
    case Type::kBool:
    case Type::kChoice:
    case Type::kJson:
    case Type::kList:
    case Type::kMap:
    case Type::kSecret:
      return false;
  }
  bug("a type without an order");
}

bool has_parts(Type type) {
  return type == Type::kList || type == Type::kMap || type == Type::kText ||
         type == Type::kChoice || type == Type::kUuid;
}

Error wrong(const Collection& collection, const FieldRef& ref, const std::string& phrase) {
  return {Code::kInvalid, field_name(collection, ref) + " " + phrase};
}

std::string shown(const Value& value) { return std::string(utf8_prefix(debug_text(value), 80)); }

// The field without what only rows must keep to.
Field without_limits(const Field& field) {
  Field free = field;
  free.min.reset();
  free.max.reset();
  free.format = Format::kNone;
  return free;
}

Result<Value> decode(const Collection& collection, const FieldRef& ref, const Field& field,
                     std::string_view text) {
  Result<Value> value = decode_text(without_limits(field), text);
  if (!value.ok()) return wrong(collection, ref, value.error().message());
  return value;
}

// A number as the field's own kind, so that equal questions are equal filters. A fraction beside an
// int stays one: no int equals it, and ranges mean the same.
Value fit_number(Type type, const Value& value) {
  if (type == Type::kFloat) return Value(value.number());
  const auto* number = value.get_if<double>();
  constexpr double kExact = 9007199254740992.0;
  if (number != nullptr && std::trunc(*number) == *number && std::abs(*number) <= kExact) {
    return Value(static_cast<std::int64_t>(*number));
  }
  return value;
}

// Whether a value that is no text is of the type already.
std::optional<Value> fit_typed(Type type, const Value& value) {
  if (type == Type::kInt || type == Type::kFloat) {
    if (value.is_number()) return fit_number(type, value);
    return std::nullopt;
  }
  const bool fits = (type == Type::kBool && value.get_if<bool>() != nullptr) ||
                    (type == Type::kTime && value.get_if<Instant>() != nullptr) ||
                    (type == Type::kDate && value.get_if<Date>() != nullptr);
  if (!fits) return std::nullopt;
  return value;
}

std::string expectation(Type type) {
  switch (type) {
    case Type::kText:
    case Type::kUuid:
    case Type::kChoice:
      return "must be a text in quotes";
    case Type::kInt:
    case Type::kFloat:
      return "must be a number";
    case Type::kBool:
      return "must be true or false";
    case Type::kTime:
      return "must be an instant such as 2025-12-05T14:00:00Z";
    case Type::kDate:
      return "must be a date such as 2025-12-05";
    case Type::kJson:
    case Type::kList:
    case Type::kMap:
    case Type::kSecret:
      return "must be null";
  }
  bug("a type without an expectation");
}

Result<Value> fit(const Collection& collection, const FieldRef& ref, const Field& field,
                  const Value& value) {
  if (value.is_null()) return value;
  if (!is_comparable(field.type)) return only_presence(collection, ref);
  if (const auto* text = value.get_if<std::string>()) return decode(collection, ref, field, *text);
  if (auto typed = fit_typed(field.type, value)) return *std::move(typed);
  return wrong(collection, ref, expectation(field.type) + ", not " + shown(value));
}

std::optional<double> micros_per(std::string_view unit) {
  constexpr std::pair<std::string_view, double> kUnits[] = {
      {"us", 1},        {"ms", 1e3},       {"s", 1e6},     {"sec", 1e6},
      {"seconds", 1e6}, {"m", 60e6},       {"min", 60e6},  {"minutes", 60e6},
      {"h", 3600e6},    {"hours", 3600e6}, {"d", 86400e6}, {"days", 86400e6}};
  for (const auto& [name, size] : kUnits) {
    if (name == unit) return size;
  }
  return std::nullopt;
}

}  // namespace

bool is_comparable(Type type) {
  return is_ordered(type) || type == Type::kBool || type == Type::kChoice;
}

Error only_presence(const Collection& collection, const FieldRef& ref) {
  const Type type = field_of(collection, ref).type;
  const bool is_container = type == Type::kList || type == Type::kMap;
  return wrong(collection, ref,
               "is " + with_article(type) + "; it can only be compared with null" +
                   (is_container ? ", or asked whether it has something" : ""));
}

Result<void> check_operation(const Collection& collection, const FieldRef& ref,
                             Operation operation) {
  const Type type = field_of(collection, ref).type;
  if (operation == Operation::kRange && !is_ordered(type)) {
    return wrong(collection, ref, "is " + with_article(type) + ", which has no order for < or >");
  }
  if (operation == Operation::kHas && !has_parts(type)) {
    return wrong(collection, ref,
                 "is " + with_article(type) + "; only a list, a map or a text has parts");
  }
  return {};
}

Result<Value> fit_text(const Collection& collection, const FieldRef& ref, std::string_view text) {
  const Field& field = field_of(collection, ref);
  if (!is_comparable(field.type)) return only_presence(collection, ref);
  return decode(collection, ref, field, text);
}

Result<Value> fit_value(const Collection& collection, const FieldRef& ref, const Value& value) {
  return fit(collection, ref, field_of(collection, ref), value);
}

Result<Value> fit_duration(const Collection& collection, const FieldRef& ref, Duration duration) {
  const Field& field = field_of(collection, ref);
  const std::string& unit = ref.key.empty() || !field.unit.empty() || ref.is_id()
                                ? field.unit
                                : collection.fields[ref.field].unit;
  const auto size = micros_per(unit);
  if (!size || (field.type != Type::kInt && field.type != Type::kFloat)) {
    return wrong(collection, ref,
                 "has no unit of time, so it cannot be compared with " + format_duration(duration));
  }
  return fit_number(field.type, Value(static_cast<double>(duration.count()) / *size));
}

Result<Value> fit_part(const Collection& collection, const FieldRef& ref, const Value& value) {
  const Field& field = field_of(collection, ref);
  if (value.is_null()) return wrong(collection, ref, "has parts; null is none");
  if (field.type == Type::kList) return fit(collection, ref, field.element_field(), value);
  const auto* text = value.get_if<std::string>();
  if (text == nullptr)
    return wrong(collection, ref, "must be a text in quotes, not " + shown(value));
  if (text->empty())
    return wrong(collection, ref, "has an empty text everywhere; say what to look for");
  if (field.type != Type::kMap) return Value(fold_case(*text));
  const FieldRef entry{ref.field, *text};
  DAYBOOK_TRY(find_field(collection, field_name(collection, entry)));
  return value;
}

Filter one_of(FieldRef ref, std::vector<Value> values) {
  std::sort(values.begin(), values.end(),
            [](const Value& a, const Value& b) { return compare(a, b) < 0; });
  const auto same = [](const Value& a, const Value& b) { return compare(a, b) == 0; };
  values.erase(std::unique(values.begin(), values.end(), same), values.end());
  if (values.size() == 1) return equals(std::move(ref), std::move(values.front()));
  Filter filter;
  filter.kind = Filter::Kind::kIn;
  filter.ref = std::move(ref);
  filter.values = std::move(values);
  return filter;
}

Filter compares(FieldRef ref, Comparison comparison, Value value) {
  Filter filter = equals(std::move(ref), std::move(value));
  filter.comparison = comparison;
  return filter;
}

Filter has(FieldRef ref, Value part) {
  Filter filter = equals(std::move(ref), std::move(part));
  filter.kind = Filter::Kind::kHas;
  return filter;
}

}  // namespace daybook
