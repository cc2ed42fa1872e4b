// The one expression language of the product: of filter=, of the catalog's `where`, of aggregates
// in answers. This is its syntax tree, not yet checked against a collection; query/ binds it.
//
//   status_code >= 500 AND (method = 'GET' OR endpoint : '/auth') AND NOT resolved
//   count(status = 'success')   rate(severity in ['error', 'critical'])   avg(duration_ms)
//   device_id = :device_id      job_type = :job_type?      (a clause with an absent optional is
//   left out)
//
// Operators: = != < <= > >= in : AND OR NOT. `:` (has) is containment: of a list or map, an element
// or key; of text, a substring without case. Literals: 'text' "text" 12 1.5 true false null,
// 2025-12-05T14:00:00Z (instant), 24h (duration). Keywords without case.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/value.h"

namespace daybook {

// Where in a declaration (or a request) a text stands; line 0 when it does not matter.
struct Origin {
  std::string file;
  int line = 0;
  std::string key;

  bool operator==(const Origin&) const = default;
};

// "catalogs/x/y.toml:12: field 'state'", or what of it there is.
std::string describe(const Origin& origin);

enum class Comparison { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual };

struct Expression {
  enum class Kind {
    kLiteral,    // literal
    kDuration,   // literal is an int of microseconds
    kField,      // name: dotted
    kParameter,  // name, without the ':'; optional
    kCompare,    // comparison, args: left, right
    kIn,         // args: left, then the list's members
    kHas,        // args: left, right
    kAnd,        // args: two or more
    kOr,         // args: two or more
    kNot,        // args: one
    kCall,       // name: count, sum, ...; args: none or one
  };

  Kind kind = Kind::kLiteral;
  Value literal;
  std::string name;
  bool optional = false;
  Comparison comparison = Comparison::kEqual;
  std::vector<Expression> args;

  bool operator==(const Expression&) const = default;
};

constexpr std::size_t kMaxExpressionBytes = 8 * 1024;
constexpr std::size_t kMaxExpressionDepth = 32;

// kInvalid with the place ("at character 17: expected a value after '>='").
Result<Expression> parse_expression(std::string_view text);
// Whether it names the parameter, `:name` or `:name?`.
bool names_parameter(const Expression& expression, std::string_view name);
// A text that parses back to the same tree.
std::string format_expression(const Expression& expression);

}  // namespace daybook
