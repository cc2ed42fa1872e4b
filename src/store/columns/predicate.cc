#include "store/columns/predicate.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/bug.h"

namespace daybook::columns {

namespace {

template <typename T>
bool compares(Comparison comparison, T a, T b) {
  switch (comparison) {
    case Comparison::kEqual:
      return a == b;
    case Comparison::kNotEqual:
      return a != b;
    case Comparison::kLess:
      return a < b;
    case Comparison::kLessEqual:
      return a <= b;
    case Comparison::kGreater:
      return a > b;
    case Comparison::kGreaterEqual:
      return a >= b;
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

}  // namespace

struct Predicate::Node {
  enum class How {
    kConstant,  // holds_always
    kIntegers,  // integer against the numbers as they lie
    kFloats,
    kCodes,   // judged once per code
    kUuids,   // uuid against the packed ids
    kValues,  // every value is judged
    kAnd,
    kOr,
    kNot,
  };

  How how = How::kConstant;
  bool holds_always = false;
  const Filter* filter = nullptr;
  const Column* column = nullptr;
  std::int64_t integer = 0;
  double number = 0;
  Uuid uuid{};
  std::vector<std::int8_t> verdicts;  // by code: -1 not judged yet
  Row scratch;                        // a row that holds nothing but the value to be judged
  std::vector<std::unique_ptr<Node>> parts;

  bool judge(Value value) {
    if (filter->ref.is_id()) {
      scratch.id = value.is_null() ? std::string() : value.get<std::string>();
    } else {
      scratch.values[filter->ref.field] = std::move(value);
    }
    return matches(*filter, scratch);
  }

  bool holds_code(std::uint32_t code) {
    if (code >= verdicts.size()) verdicts.resize(std::max<std::size_t>(code + 1, 64), -1);
    if (verdicts[code] < 0) verdicts[code] = judge(code == 0 ? Value() : column->entry(code));
    return verdicts[code] != 0;
  }

  bool holds_number(std::size_t position) const {
    // An absent value is unequal to any literal and in no range.
    if (column->marks()[position] == Column::kAbsent) {
      return filter->comparison == Comparison::kNotEqual;
    }
    const std::int64_t bits = column->numbers()[position];
    if (how == How::kIntegers) return compares(filter->comparison, bits, integer);
    return compares(filter->comparison, std::bit_cast<double>(bits), number);
  }

  bool holds(std::size_t position) {
    switch (how) {
      case How::kConstant:
        return holds_always;
      case How::kIntegers:
      case How::kFloats:
        return holds_number(position);
      case How::kCodes:
        return holds_code(column->codes()[position]);
      case How::kUuids:
        return column->marks()[position] == Column::kPacked && column->uuids()[position] == uuid;
      case How::kValues:
        return judge(column->value(position));
      case How::kAnd:
        return std::ranges::all_of(parts, [&](auto& part) { return part->holds(position); });
      case How::kOr:
        return std::ranges::any_of(parts, [&](auto& part) { return part->holds(position); });
      case How::kNot:
        return !parts.front()->holds(position);
    }
    bug("unknown kind of node");
  }

  void narrow(Positions& positions) {
    if (how == How::kConstant) {
      if (!holds_always) positions.clear();
    } else if (how == How::kAnd) {
      for (auto& part : parts) part->narrow(positions);
    } else {
      std::erase_if(positions, [&](std::uint32_t position) { return !holds(position); });
    }
  }

  void bind_leaf(const Filter& leaf, const Column& of, std::size_t fields) {
    filter = &leaf;
    column = &of;
    scratch.values.resize(fields);
    how = of.shape() == Shape::kText ? How::kCodes : How::kValues;
    if (leaf.kind != Filter::Kind::kCompare) return;
    const Value& literal = leaf.values.front();
    if (of.shape() == Shape::kUuid) {
      const auto* text = literal.get_if<std::string>();
      const auto packed = text == nullptr ? std::nullopt : parse_uuid(*text);
      if (!packed || leaf.comparison != Comparison::kEqual) return;
      how = How::kUuids;
      uuid = *packed;
    } else if (of.type() == Type::kFloat && literal.is_number()) {
      how = How::kFloats;
      number = literal.number();
    } else if (const auto same = same_kind(of.type(), literal)) {
      how = How::kIntegers;
      integer = *same;
    }
  }
};

Predicate::Predicate(std::unique_ptr<Node> root) : root_(std::move(root)) {}
Predicate::~Predicate() = default;
Predicate::Predicate(Predicate&&) noexcept = default;
Predicate& Predicate::operator=(Predicate&&) noexcept = default;

Result<Predicate> Predicate::bind(const Filter& filter, BlockReader& block) {
  DAYBOOK_ASSIGN(auto root, make(filter, block));
  return Predicate(std::move(root));
}

Result<std::unique_ptr<Predicate::Node>> Predicate::make(const Filter& filter, BlockReader& block) {
  auto node = std::make_unique<Node>();
  switch (filter.kind) {
    case Filter::Kind::kTrue:
      node->holds_always = true;
      return node;
    case Filter::Kind::kFalse:
      return node;
    case Filter::Kind::kCompare:
    case Filter::Kind::kIn:
    case Filter::Kind::kHas: {
      const std::size_t number = filter.ref.is_id() ? block.layout().id : filter.ref.field;
      DAYBOOK_ASSIGN(const Column* column, block.column(number));
      node->bind_leaf(filter, *column, block.collection().fields.size());
      return node;
    }
    case Filter::Kind::kAnd:
      node->how = Node::How::kAnd;
      break;
    case Filter::Kind::kOr:
      node->how = Node::How::kOr;
      break;
    case Filter::Kind::kNot:
      node->how = Node::How::kNot;
      break;
  }
  for (const Filter& part : filter.parts) {
    DAYBOOK_ASSIGN(auto made, make(part, block));
    node->parts.push_back(std::move(made));
  }
  return node;
}

void Predicate::narrow(Positions& positions) { root_->narrow(positions); }
bool Predicate::holds(std::size_t position) { return root_->holds(position); }

void add_columns_of(const Filter& filter, const Layout& layout, std::vector<std::size_t>& numbers) {
  const bool is_leaf = filter.kind == Filter::Kind::kCompare || filter.kind == Filter::Kind::kIn ||
                       filter.kind == Filter::Kind::kHas;
  if (is_leaf) numbers.push_back(filter.ref.is_id() ? layout.id : filter.ref.field);
  for (const Filter& part : filter.parts) add_columns_of(part, layout, numbers);
}

}  // namespace daybook::columns
