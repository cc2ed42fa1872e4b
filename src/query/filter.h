// Filter: which rows a question is about, as a plain value bound to one collection. Every store
// means the same by it: matches() is the definition, whatever a store does to go faster.
//
// Two-valued logic: `= null` asks for absence; `!=` is the negation of `=` (so an absent value is
// unequal to any literal); an absent value is in no range, has nothing and equals no literal.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "catalog/collection.h"
#include "catalog/expression.h"
#include "catalog/row.h"

namespace daybook {

// What a filter, an order or an aggregate reads of a row: a field, one entry of a map field, or the
// id.
struct FieldRef {
  static constexpr std::size_t kId = static_cast<std::size_t>(-1);
  std::size_t field = kId;
  std::string key;  // of a map field

  bool is_id() const { return field == kId; }
  bool operator==(const FieldRef&) const = default;
};

// "id", "status_code", "buyer.name", "scores.speed"; kInvalid suggests a near name.
Result<FieldRef> find_field(const Collection& collection, std::string_view name);
std::string field_name(const Collection& collection, const FieldRef& ref);
// The declared type of what it reads (of the element for a map's entry; kText for the id).
const Field& field_of(const Collection& collection, const FieldRef& ref);
// The value in a row; the id as text. Absent map entries are null.
Value read(const FieldRef& ref, const Row& row);
// The same without a copy; a null pointer when absent or the id.
inline const Value* peek(const FieldRef& ref, const Row& row) {
  if (ref.is_id()) return nullptr;
  const Value* value = &row.values[ref.field];
  if (!ref.key.empty()) {
    const Map* map = value->get_if<Map>();
    value = map == nullptr ? nullptr : find_key(*map, ref.key);
  }
  return value == nullptr || value->is_null() ? nullptr : value;
}

struct Filter {
  enum class Kind { kTrue, kFalse, kCompare, kIn, kHas, kAnd, kOr, kNot };

  Kind kind = Kind::kTrue;
  FieldRef ref;                                // kCompare, kIn, kHas
  Comparison comparison = Comparison::kEqual;  // kCompare
  // One; of kIn one or more, sorted, unique. A text that kHas looks for in a text is folded.
  std::vector<Value> values;
  std::vector<Filter> parts;  // kAnd, kOr: two or more; kNot: one

  bool operator==(const Filter&) const = default;
};

bool matches(const Filter& filter, const Row& row);

// Builders; both() and either() flatten and drop what decides nothing.
Filter equals(FieldRef ref, Value value);
Filter both(Filter a, Filter b);
Filter either(Filter a, Filter b);
Filter negate(Filter filter);

// Values for :parameters; a name that is missing here is absent.
using Arguments = std::vector<std::pair<std::string, Value>>;

// Checks the tree against the collection: fields exist, literals fit the field's type (choices
// through their aliases, text folded where declared, times from text). A clause that names an
// absent optional parameter is left out. A field of type bool stands for itself: `NOT resolved`. A
// duration stands only beside a number that is declared in a unit of time (ages of rows are what
// windows are for). kInvalid is a sentence that begins with the field's name.
Result<Filter> bind_filter(const Collection& collection, const Expression& expression,
                           const Arguments& arguments);

// One query parameter as a clause: "status_code.gte" = "500", "status" = "a,b", "events.has" = "x",
// "resolved_at.exists" = "false". A value that holds a comma or begins with a quote stands in
// quotes: city="Oslo, Norway". kInvalid names the parameter; so also when the name is not of this
// collection.
Result<Filter> parse_clause(const Collection& collection, std::string_view name,
                            std::string_view text);

// The narrowest range of instants that the filter's top-level conjunction allows for a time field.
struct TimeRange {
  Instant start = min_instant();
  Instant end = max_instant() + Duration(1);  // half-open
  bool operator==(const TimeRange&) const = default;
};
TimeRange time_range(const Filter& filter, std::size_t time_field);

// The ordinals of the fields that the filter reads, ascending; without the id.
std::vector<std::size_t> fields_of(const Filter& filter);

// A canonical text: equal for equal filters. For cursors and plans.
std::string canonical_text(const Filter& filter);

}  // namespace daybook
