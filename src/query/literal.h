// What a question says beside a field, turned into what the field holds. Shared by the two ways to
// write a filter: the expression and the query parameter. Internal of query/; pure.
#pragma once

#include <string_view>

#include "base/result.h"
#include "catalog/field.h"
#include "query/filter.h"

namespace daybook {

enum class Operation { kEquality, kRange, kHas };

// Whether questions may use the operation on the field; the error is a sentence that names it. Of
// what cannot be compared (json, lists, maps, secrets) only presence may be asked.
Result<void> check_operation(const Collection& collection, const FieldRef& ref,
                             Operation operation);
Error only_presence(const Collection& collection, const FieldRef& ref);
bool is_comparable(Type type);

// A text as a value of the field, its limits aside: asking for what no row can hold is no mistake,
// except for a choice that does not exist. Errors are sentences that begin with the field's name.
Result<Value> fit_text(const Collection& collection, const FieldRef& ref, std::string_view text);
// The same for a literal of an expression or a parameter's value. Null stays null.
Result<Value> fit_value(const Collection& collection, const FieldRef& ref, const Value& value);
// A duration in the field's declared unit of time.
Result<Value> fit_duration(const Collection& collection, const FieldRef& ref, Duration duration);

// What kHas looks for in the field: an element of a list, a key of a map, a part of a text.
Result<Value> fit_part(const Collection& collection, const FieldRef& ref, const Value& value);

// `field = value`, or one of several; null values ask for absence.
Filter one_of(FieldRef ref, std::vector<Value> values);
Filter compares(FieldRef ref, Comparison comparison, Value value);
Filter has(FieldRef ref, Value part);

}  // namespace daybook
