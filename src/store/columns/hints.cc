// A hint in a header:
//   varint   number of the field
//   varint   nulls
//   byte     1: zigzag varints follow: the smallest number, the largest
#include "store/columns/hints.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>

#include "base/bug.h"

namespace daybook::columns {

namespace {

bool is_less(Type type, std::int64_t a, std::int64_t b) {
  if (type != Type::kFloat) return a < b;
  return std::bit_cast<double>(a) < std::bit_cast<double>(b);
}

bool has_order(Type type, std::int64_t number) {
  return type != Type::kFloat || !std::isnan(std::bit_cast<double>(number));
}

// Whether a value between low and high can compare so.
bool may_compare(Comparison comparison, const Value& low, const Value& high, const Value& literal) {
  switch (comparison) {
    case Comparison::kEqual:
      return compare(low, literal) <= 0 && compare(literal, high) <= 0;
    case Comparison::kNotEqual:
      return compare(low, literal) != 0 || compare(high, literal) != 0;
    case Comparison::kLess:
      return compare(low, literal) < 0;
    case Comparison::kLessEqual:
      return compare(low, literal) <= 0;
    case Comparison::kGreater:
      return compare(high, literal) > 0;
    case Comparison::kGreaterEqual:
      return compare(high, literal) >= 0;
  }
  bug("unknown comparison");
}

bool is_null_matched(const Filter& leaf, const Collection& collection) {
  Row nothing;
  nothing.values.resize(collection.fields.size());
  return matches(leaf, nothing);
}

bool may_match_leaf(const Hints& hints, const Filter& leaf, const Collection& collection,
                    const FieldNumbers& numbers) {
  if (leaf.ref.is_id()) return true;
  const std::uint32_t number = numbers.number_of(leaf.ref.field);
  const auto hint = std::ranges::lower_bound(hints.hints, number, {}, &Hint::number);
  const bool is_null_throughout = hint == hints.hints.end() || hint->number != number;
  if (is_null_throughout) return is_null_matched(leaf, collection);
  if (hint->nulls > 0 && is_null_matched(leaf, collection)) return true;
  // From here on only values that are there count.
  if (!leaf.ref.key.empty() || leaf.kind == Filter::Kind::kHas) return true;
  const bool asks_for_null = std::ranges::all_of(leaf.values, &Value::is_null);
  if (asks_for_null) {
    return leaf.kind == Filter::Kind::kCompare && leaf.comparison != Comparison::kEqual;
  }
  if (!hint->has_range) return true;
  const Type type = collection.fields[leaf.ref.field].type;
  const Value low = number_value(type, hint->low);
  const Value high = number_value(type, hint->high);
  const Comparison comparison =
      leaf.kind == Filter::Kind::kIn ? Comparison::kEqual : leaf.comparison;
  return std::ranges::any_of(leaf.values, [&](const Value& literal) {
    return may_compare(comparison, low, high, literal);
  });
}

}  // namespace

Hint hint_of(const Column& column, std::uint32_t number,
             const std::vector<std::uint32_t>& positions) {
  Hint hint;
  hint.number = number;
  const bool is_number = column.shape() == Shape::kNumber;
  bool is_ordered = true;
  for (const std::uint32_t position : positions) {
    if (column.is_null(position)) {
      ++hint.nulls;
      continue;
    }
    if (!is_number) continue;
    const std::int64_t value = column.numbers()[position];
    is_ordered = is_ordered && has_order(column.type(), value);
    if (!hint.has_range || is_less(column.type(), value, hint.low)) hint.low = value;
    if (!hint.has_range || is_less(column.type(), hint.high, value)) hint.high = value;
    hint.has_range = true;
  }
  hint.has_range = hint.has_range && is_ordered;
  if (!hint.has_range) hint.low = hint.high = 0;
  return hint;
}

void put_hint(std::string& out, const Hint& hint) {
  put_varint(out, hint.number);
  put_varint(out, hint.nulls);
  put_byte(out, hint.has_range ? 1 : 0);
  if (!hint.has_range) return;
  put_signed(out, hint.low);
  put_signed(out, hint.high);
}

Hint read_hint(ByteReader& in) {
  Hint hint;
  hint.number = static_cast<std::uint32_t>(in.varint());
  hint.nulls = in.varint();
  hint.has_range = in.byte() == 1;
  if (!hint.has_range) return hint;
  hint.low = in.signed_varint();
  hint.high = in.signed_varint();
  return hint;
}

bool may_match(const Hints& hints, const Filter& filter, const Collection& collection,
               const FieldNumbers& numbers) {
  const auto may_part = [&](const Filter& part) {
    return may_match(hints, part, collection, numbers);
  };
  switch (filter.kind) {
    case Filter::Kind::kTrue:
    case Filter::Kind::kNot:
      return true;
    case Filter::Kind::kFalse:
      return false;
    case Filter::Kind::kCompare:
    case Filter::Kind::kIn:
    case Filter::Kind::kHas:
      return may_match_leaf(hints, filter, collection, numbers);
    case Filter::Kind::kAnd:
      return std::ranges::all_of(filter.parts, may_part);
    case Filter::Kind::kOr:
      return std::ranges::any_of(filter.parts, may_part);
  }
  bug("unknown kind of filter");
}

}  // namespace daybook::columns
