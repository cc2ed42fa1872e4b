// Checks the names and literals of a declared expression against what it may speak of. (query/
// binds expressions for use; this tells a wrong declaration at load.) Private to this folder.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/application.h"
#include "catalog/expression.h"

namespace daybook {

// What an expression may name.
struct Scope {
  const Collection* collection = nullptr;    // whose fields; null: none
  const Application* application = nullptr;  // when set, a dotted name may follow `references`
  std::vector<std::string> parameters;       // a trailing '.' stands for any name that begins so
  bool may_join = false;  // what lies behind a reference may be compared with a field here
};

// Phrases that follow the key, "names 'x', which is no field of shop/orders"; none when it is good.
using Phrases = std::vector<std::string>;

// True or false of one row: what stands in `where`, `rows`, `rates`.
Phrases check_condition(const Expression& expression, const Scope& scope);
// One figure of many rows: count(...), avg(field), ...
Phrases check_aggregate(const Expression& expression, const Scope& scope);
// A parameter, or one figure of many rows.
Phrases check_answer(const Expression& expression, const Scope& scope);

// The field that a name means: itself, or the element of a map for one of its entries; null when
// there is none. "id" is no field.
const Field* find_leaf(const Collection& collection, std::string_view name);

// The fields that an expression names, in any order, with repeats.
std::vector<std::string> named_fields(const Expression& expression);

}  // namespace daybook
