#include "query/filter.h"

#include <algorithm>

#include "base/bug.h"
#include "query/contains.h"

namespace daybook {
namespace {

// compare() without its detour for the kinds that rows are full of.
std::strong_ordering order_of(const Value& a, const Value& b) {
  if (const auto* x = a.get_if<std::string>()) {
    if (const auto* y = b.get_if<std::string>()) return x->compare(*y) <=> 0;
  } else if (const auto* i = a.get_if<std::int64_t>()) {
    if (const auto* j = b.get_if<std::int64_t>()) return *i <=> *j;
  }
  return compare(a, b);
}

bool holds(Comparison comparison, std::strong_ordering order) {
  switch (comparison) {
    case Comparison::kEqual:
      return order == 0;
    case Comparison::kNotEqual:
      return order != 0;
    case Comparison::kLess:
      return order < 0;
    case Comparison::kLessEqual:
      return order <= 0;
    case Comparison::kGreater:
      return order > 0;
    case Comparison::kGreaterEqual:
      return order >= 0;
  }
  bug("a comparison of no kind");
}

// Of an absent value, or with null: only presence can be told.
bool holds_without_value(Comparison comparison, bool is_absent, bool with_null) {
  if (comparison == Comparison::kEqual) return is_absent && with_null;
  if (comparison == Comparison::kNotEqual) return !(is_absent && with_null);
  return false;
}

const std::string* text_of(const Value& value) { return value.get_if<std::string>(); }

bool compare_id(const Filter& filter, const Row& row) {
  const std::string* literal = text_of(filter.values.front());
  if (literal == nullptr) return holds_without_value(filter.comparison, false, true);
  return holds(filter.comparison, row.id.compare(*literal) <=> 0);
}

bool compare_field(const Filter& filter, const Row& row) {
  if (filter.ref.is_id()) return compare_id(filter, row);
  const Value& literal = filter.values.front();
  const Value* value = peek(filter.ref, row);
  if (value == nullptr || literal.is_null()) {
    return holds_without_value(filter.comparison, value == nullptr, literal.is_null());
  }
  return holds(filter.comparison, order_of(*value, literal));
}

bool is_in(const Filter& filter, const Row& row) {
  const std::vector<Value>& values = filter.values;
  if (filter.ref.is_id()) {
    return std::any_of(values.begin(), values.end(), [&](const Value& v) {
      const std::string* text = text_of(v);
      return text != nullptr && *text == row.id;
    });
  }
  const Value* value = peek(filter.ref, row);
  if (value == nullptr) return values.front().is_null();  // null sorts first
  const auto at =
      std::lower_bound(values.begin(), values.end(), *value,
                       [](const Value& a, const Value& b) { return order_of(a, b) < 0; });
  return at != values.end() && order_of(*at, *value) == 0;
}

bool has(const Filter& filter, const Row& row) {
  const Value& wanted = filter.values.front();
  if (filter.ref.is_id()) {
    const std::string* needle = text_of(wanted);
    return needle != nullptr && contains_folded(row.id, *needle);
  }
  const Value* value = peek(filter.ref, row);
  if (value == nullptr) return false;
  if (const List* list = value->get_if<List>()) {
    return std::any_of(list->begin(), list->end(),
                       [&](const Value& element) { return order_of(element, wanted) == 0; });
  }
  const std::string* needle = text_of(wanted);
  if (needle == nullptr) return false;
  if (const Map* map = value->get_if<Map>()) return find_key(*map, *needle) != nullptr;
  const std::string* text = text_of(*value);
  return text != nullptr && contains_folded(*text, *needle);
}

// The joined parts of two filters, with parts of the same kind taken up.
Filter join_parts(Filter::Kind kind, Filter a, Filter b) {
  Filter joined;
  joined.kind = kind;
  for (Filter* side : {&a, &b}) {
    if (side->kind != kind) {
      joined.parts.push_back(std::move(*side));
      continue;
    }
    for (Filter& part : side->parts) joined.parts.push_back(std::move(part));
  }
  return joined;
}

Filter constant(Filter::Kind kind) {
  Filter filter;
  filter.kind = kind;
  return filter;
}

void narrow(TimeRange& range, Instant start, Instant end) {
  range.start = std::max(range.start, start);
  range.end = std::min(range.end, end);
}

void narrow_by_comparison(TimeRange& range, Comparison comparison, Instant t) {
  const TimeRange all;
  const Instant after = t + Duration(1);
  switch (comparison) {
    case Comparison::kEqual:
      return narrow(range, t, after);
    case Comparison::kLess:
      return narrow(range, all.start, t);
    case Comparison::kLessEqual:
      return narrow(range, all.start, after);
    case Comparison::kGreater:
      return narrow(range, after, all.end);
    case Comparison::kGreaterEqual:
      return narrow(range, t, all.end);
    case Comparison::kNotEqual:
      return;
  }
}

void narrow_by(TimeRange& range, const Filter& filter, std::size_t time_field) {
  if (filter.kind == Filter::Kind::kFalse) range.end = range.start;
  if (filter.kind == Filter::Kind::kAnd) {
    for (const Filter& part : filter.parts) narrow_by(range, part, time_field);
  }
  if (filter.ref != FieldRef{time_field, ""}) return;
  if (filter.kind == Filter::Kind::kCompare) {
    if (const auto* t = filter.values.front().get_if<Instant>()) {
      narrow_by_comparison(range, filter.comparison, *t);
    }
  }
  if (filter.kind == Filter::Kind::kIn) {
    const auto* first = filter.values.front().get_if<Instant>();
    const auto* last = filter.values.back().get_if<Instant>();
    if (first != nullptr && last != nullptr) narrow(range, *first, *last + Duration(1));
  }
}

void collect_fields(const Filter& filter, std::vector<std::size_t>& fields) {
  const bool reads = filter.kind == Filter::Kind::kCompare || filter.kind == Filter::Kind::kIn ||
                     filter.kind == Filter::Kind::kHas;
  if (reads && !filter.ref.is_id()) fields.push_back(filter.ref.field);
  for (const Filter& part : filter.parts) collect_fields(part, fields);
}

std::string canonical_parts(const Filter& filter) {
  std::vector<std::string> parts;
  for (const Filter& part : filter.parts) parts.push_back(canonical_text(part));
  std::sort(parts.begin(), parts.end());
  std::string out = "(";
  for (const std::string& part : parts) out += part;
  return out + ")";
}

std::string canonical_leaf(char mark, const Filter& filter) {
  std::string out(1, mark);
  out += filter.ref.is_id() ? "id" : std::to_string(filter.ref.field);
  append_canonical(Value(filter.ref.key), out);
  for (const Value& value : filter.values) append_canonical(value, out);
  return out + ";";
}

}  // namespace

bool matches(const Filter& filter, const Row& row) {
  switch (filter.kind) {
    case Filter::Kind::kTrue:
      return true;
    case Filter::Kind::kFalse:
      return false;
    case Filter::Kind::kCompare:
      return compare_field(filter, row);
    case Filter::Kind::kIn:
      return is_in(filter, row);
    case Filter::Kind::kHas:
      return has(filter, row);
    case Filter::Kind::kAnd:
      for (const Filter& part : filter.parts) {
        if (!matches(part, row)) return false;
      }
      return true;
    case Filter::Kind::kOr:
      for (const Filter& part : filter.parts) {
        if (matches(part, row)) return true;
      }
      return false;
    case Filter::Kind::kNot:
      return !matches(filter.parts.front(), row);
  }
  bug("a filter of no kind");
}

Filter equals(FieldRef ref, Value value) {
  Filter filter;
  filter.kind = Filter::Kind::kCompare;
  filter.ref = std::move(ref);
  filter.values.push_back(std::move(value));
  return filter;
}

Filter both(Filter a, Filter b) {
  using K = Filter::Kind;
  if (a.kind == K::kFalse || b.kind == K::kFalse) return constant(K::kFalse);
  if (a.kind == K::kTrue || a == b) return b;
  if (b.kind == K::kTrue) return a;
  return join_parts(K::kAnd, std::move(a), std::move(b));
}

Filter either(Filter a, Filter b) {
  using K = Filter::Kind;
  if (a.kind == K::kTrue || b.kind == K::kTrue) return constant(K::kTrue);
  if (a.kind == K::kFalse || a == b) return b;
  if (b.kind == K::kFalse) return a;
  return join_parts(K::kOr, std::move(a), std::move(b));
}

Filter negate(Filter filter) {
  using K = Filter::Kind;
  if (filter.kind == K::kTrue) return constant(K::kFalse);
  if (filter.kind == K::kFalse) return constant(K::kTrue);
  if (filter.kind == K::kNot) {
    Filter inner = std::move(filter.parts.front());
    return inner;
  }
  if (filter.kind == K::kCompare && filter.comparison == Comparison::kEqual) {
    filter.comparison = Comparison::kNotEqual;
    return filter;
  }
  if (filter.kind == K::kCompare && filter.comparison == Comparison::kNotEqual) {
    filter.comparison = Comparison::kEqual;
    return filter;
  }
  Filter negated = constant(K::kNot);
  negated.parts.push_back(std::move(filter));
  return negated;
}

TimeRange time_range(const Filter& filter, std::size_t time_field) {
  TimeRange range;
  narrow_by(range, filter, time_field);
  range.end = std::max(range.start, range.end);
  return range;
}

std::vector<std::size_t> fields_of(const Filter& filter) {
  std::vector<std::size_t> fields;
  collect_fields(filter, fields);
  std::sort(fields.begin(), fields.end());
  fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
  return fields;
}

std::string canonical_text(const Filter& filter) {
  switch (filter.kind) {
    case Filter::Kind::kTrue:
      return "T";
    case Filter::Kind::kFalse:
      return "F";
    case Filter::Kind::kCompare:
      return canonical_leaf(static_cast<char>('0' + static_cast<int>(filter.comparison)), filter);
    case Filter::Kind::kIn:
      return canonical_leaf('i', filter);
    case Filter::Kind::kHas:
      return canonical_leaf('h', filter);
    case Filter::Kind::kAnd:
      return "&" + canonical_parts(filter);
    case Filter::Kind::kOr:
      return "|" + canonical_parts(filter);
    case Filter::Kind::kNot:
      return "!" + canonical_parts(filter);
  }
  bug("a filter of no kind");
}

}  // namespace daybook
