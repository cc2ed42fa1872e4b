#include "store/columns/leaf.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <optional>
#include <utility>

#include "base/bug.h"

namespace daybook::columns {

namespace {

// Calls use() with the comparison as a function, so that a loop around it has no switch inside.
template <typename Use>
auto with(Comparison comparison, Use use) {
  switch (comparison) {
    case Comparison::kEqual:
      return use(std::equal_to<>());
    case Comparison::kNotEqual:
      return use(std::not_equal_to<>());
    case Comparison::kLess:
      return use(std::less<>());
    case Comparison::kLessEqual:
      return use(std::less_equal<>());
    case Comparison::kGreater:
      return use(std::greater<>());
    case Comparison::kGreaterEqual:
      return use(std::greater_equal<>());
  }
  bug("unknown comparison");
}

// The literal as the column keeps its numbers, when both are of one kind.
std::optional<std::int64_t> same_kind(Type type, const Value& literal) {
  if (type == Type::kInt) {
    if (const auto* v = literal.get_if<std::int64_t>()) return *v;
  } else if (type == Type::kTime) {
    if (const auto* v = literal.get_if<Instant>()) return micros(*v);
  } else if (type == Type::kDate) {
    if (const auto* v = literal.get_if<Date>()) return v->time_since_epoch().count();
  } else if (type == Type::kBool) {
    if (const auto* v = literal.get_if<bool>()) return *v ? 1 : 0;
  }
  return std::nullopt;
}

bool holds_texts(Type type) {
  return type == Type::kText || type == Type::kChoice || type == Type::kSecret;
}

bool is_equality(Comparison comparison) {
  return comparison == Comparison::kEqual || comparison == Comparison::kNotEqual;
}

}  // namespace

int Leaf::price_of(const Filter& filter, const Collection& collection) {
  enum Price { kCheap, kByEntry, kWide, kByRow };
  if (filter.ref.is_id()) return kWide;
  if (!filter.ref.key.empty()) return kByRow;
  switch (shape_of(collection.fields[filter.ref.field].type)) {
    case Shape::kNumber:
      return kCheap;
    case Shape::kText:
      return filter.kind == Filter::Kind::kHas ? kByRow : kByEntry;
    case Shape::kUuid:
      return kWide;
  }
  bug("unknown shape");
}

Leaf::Leaf(const Filter& filter, const Column& column, std::size_t fields)
    : filter_(filter), column_(column) {
  scratch_.values.resize(fields);
  if (column.shape() == Shape::kText) how_ = How::kCodes;
  if (!filter.ref.key.empty()) return;
  const bool are_texts = std::ranges::all_of(
      filter.values, [](const Value& value) { return value.get_if<std::string>() != nullptr; });
  if (filter.kind == Filter::Kind::kCompare) bind_comparison();
  if (filter.kind == Filter::Kind::kIn) bind_set();
  const bool is_exact = filter.kind == Filter::Kind::kIn ||
                        (filter.kind == Filter::Kind::kCompare && is_equality(filter.comparison));
  compares_text_ = is_exact && are_texts && holds_texts(column.type());
  if (!compares_text_) return;
  for (const Value& value : filter.values) texts_.push_back(*value.get_if<std::string>());
  std::ranges::sort(texts_);
}

void Leaf::bind_comparison() {
  const Value& literal = filter_.values.front();
  // An absent value is unequal to any literal and in no range.
  holds_of_absent_ = filter_.comparison == Comparison::kNotEqual;
  if (literal.is_null() && is_equality(filter_.comparison)) {
    how_ = How::kPresence;
  } else if (column_.shape() == Shape::kUuid) {
    const auto* text = literal.get_if<std::string>();
    const auto packed = text == nullptr ? std::nullopt : parse_uuid(*text);
    if (!packed || filter_.comparison != Comparison::kEqual) return;
    how_ = How::kUuids;
    uuid_ = *packed;
  } else if (column_.type() == Type::kFloat && literal.is_number()) {
    how_ = How::kFloats;
    number_ = literal.number();
  } else if (const auto same = same_kind(column_.type(), literal)) {
    how_ = How::kIntegers;
    integer_ = *same;
  }
}

void Leaf::bind_set() {
  if (column_.shape() != Shape::kNumber) return;
  for (const Value& value : filter_.values) {
    if (value.is_null()) {
      holds_of_absent_ = true;
    } else if (const auto same = same_kind(column_.type(), value)) {
      integers_.push_back(*same);
    } else {
      return;
    }
  }
  std::ranges::sort(integers_);
  how_ = How::kOneOf;
}

bool Leaf::judge(Value value) {
  if (filter_.ref.is_id()) {
    scratch_.id = value.is_null() ? std::string() : value.get<std::string>();
  } else {
    scratch_.values[filter_.ref.field] = std::move(value);
  }
  return matches(filter_, scratch_);
}

bool Leaf::judge_code(std::uint32_t code) {
  if (code == 0 || !compares_text_) return judge(code == 0 ? Value() : column_.entry(code));
  const bool is_there = std::ranges::binary_search(texts_, column_.dictionary()[code]);
  const bool is_negated =
      filter_.kind == Filter::Kind::kCompare && filter_.comparison == Comparison::kNotEqual;
  return is_there != is_negated;
}

bool Leaf::holds_code(std::uint32_t code) {
  if (code >= verdicts_.size()) verdicts_.resize(std::bit_ceil(std::size_t{code} + 64), -1);
  if (verdicts_[code] < 0) verdicts_[code] = judge_code(code) ? 1 : 0;
  return verdicts_[code] != 0;
}

bool Leaf::is_one_of(std::int64_t number) const {
  constexpr std::size_t kFew = 8;
  if (integers_.size() > kFew) return std::ranges::binary_search(integers_, number);
  return std::ranges::find(integers_, number) != integers_.end();
}

bool Leaf::holds_number(std::int64_t bits, std::uint8_t mark) const {
  if (mark == Column::kAbsent) return holds_of_absent_;
  if (how_ == How::kOneOf) return is_one_of(bits);
  return with(filter_.comparison, [&](auto compares) {
    return how_ == How::kIntegers ? compares(bits, integer_)
                                  : compares(std::bit_cast<double>(bits), number_);
  });
}

bool Leaf::holds(std::size_t position) {
  switch (how_) {
    case How::kPresence:
      return column_.is_null(position) == (filter_.comparison == Comparison::kEqual);
    case How::kIntegers:
    case How::kFloats:
    case How::kOneOf:
      return holds_number(column_.numbers()[position], column_.marks()[position]);
    case How::kCodes:
      return holds_code(column_.codes()[position]);
    case How::kUuids:
      return column_.marks()[position] == Column::kPacked && column_.uuids()[position] == uuid_;
    case How::kValues:
      return judge(column_.value(position));
  }
  bug("unknown kind of condition");
}

void Leaf::narrow_numbers(Chosen& chosen) const {
  const auto keep = [&](auto test) {
    chosen.keep(column_.numbers(), column_.marks(), [&](std::int64_t bits, std::uint8_t mark) {
      const bool is_there = mark != Column::kAbsent;
      return (is_there & test(bits)) | (!is_there & holds_of_absent_);
    });
  };
  if (how_ == How::kOneOf) return keep([&](std::int64_t bits) { return is_one_of(bits); });
  with(filter_.comparison, [&](auto compares) {
    if (how_ == How::kIntegers) {
      keep([&](std::int64_t bits) { return compares(bits, integer_); });
    } else {
      keep([&](std::int64_t bits) { return compares(std::bit_cast<double>(bits), number_); });
    }
  });
}

void Leaf::narrow(Chosen& chosen) {
  switch (how_) {
    case How::kIntegers:
    case How::kFloats:
    case How::kOneOf:
      return narrow_numbers(chosen);
    case How::kCodes:
      return chosen.keep(column_.codes(), [&](std::uint32_t code) { return holds_code(code); });
    case How::kUuids:
      return chosen.keep(column_.uuids(), column_.marks(),
                         [&](const Uuid& uuid, std::uint8_t mark) {
                           return mark == Column::kPacked && uuid == uuid_;
                         });
    case How::kPresence:
    case How::kValues:
      return chosen.keep_if([&](std::uint32_t position) { return holds(position); });
  }
}

}  // namespace daybook::columns
