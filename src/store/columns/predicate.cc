#include "store/columns/predicate.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/bug.h"
#include "store/columns/leaf.h"

namespace daybook::columns {

namespace {

bool is_leaf(const Filter& filter) {
  return filter.kind == Filter::Kind::kCompare || filter.kind == Filter::Kind::kIn ||
         filter.kind == Filter::Kind::kHas;
}

Result<Leaf> bind_leaf(const Filter& filter, BlockReader& block) {
  const std::size_t number = filter.ref.is_id() ? block.layout().id : filter.ref.field;
  DAYBOOK_ASSIGN(const Column* column, block.column(number));
  return Leaf(filter, *column, block.collection().fields.size());
}

// A filter asked of one position after the other.
class Predicate {
 public:
  static Result<Predicate> bind(const Filter& filter, BlockReader& block) {
    Predicate predicate(filter.kind);
    if (is_leaf(filter)) {
      DAYBOOK_ASSIGN(Leaf leaf, bind_leaf(filter, block));
      predicate.leaf_ = std::make_unique<Leaf>(std::move(leaf));
    }
    for (const Filter& part : filter.parts) {
      DAYBOOK_ASSIGN(Predicate made, bind(part, block));
      predicate.parts_.push_back(std::move(made));
    }
    return predicate;
  }

  bool holds(std::size_t position) {
    const auto part_holds = [&](Predicate& part) { return part.holds(position); };
    switch (kind_) {
      case Filter::Kind::kTrue:
        return true;
      case Filter::Kind::kFalse:
        return false;
      case Filter::Kind::kCompare:
      case Filter::Kind::kIn:
      case Filter::Kind::kHas:
        return leaf_->holds(position);
      case Filter::Kind::kAnd:
        return std::ranges::all_of(parts_, part_holds);
      case Filter::Kind::kOr:
        return std::ranges::any_of(parts_, part_holds);
      case Filter::Kind::kNot:
        return !parts_.front().holds(position);
    }
    bug("unknown kind of filter");
  }

 private:
  explicit Predicate(Filter::Kind kind) : kind_(kind) {}

  Filter::Kind kind_;
  std::unique_ptr<Leaf> leaf_;
  std::vector<Predicate> parts_;
};

// The dearest of its leaves, and a little more for having several.
int price_of(const Filter& filter, const Collection& collection) {
  if (is_leaf(filter)) return 2 * Leaf::price_of(filter, collection);
  int price = 0;
  for (const Filter& part : filter.parts) price = std::max(price, price_of(part, collection) + 1);
  return price;
}

Result<void> narrow_by_all(const Filter& filter, BlockReader& block, Chosen& chosen) {
  std::vector<const Filter*> parts;
  for (const Filter& part : filter.parts) parts.push_back(&part);
  std::ranges::stable_sort(parts, {},
                           [&](const Filter* part) { return price_of(*part, block.collection()); });
  for (const Filter* part : parts) DAYBOOK_TRY(narrow(*part, block, chosen));
  return {};
}

}  // namespace

Result<void> narrow(const Filter& filter, BlockReader& block, Chosen& chosen) {
  if (chosen.empty() || filter.kind == Filter::Kind::kTrue) return {};
  if (filter.kind == Filter::Kind::kFalse) {
    chosen.clear();
  } else if (filter.kind == Filter::Kind::kAnd) {
    DAYBOOK_TRY(narrow_by_all(filter, block, chosen));
  } else if (is_leaf(filter)) {
    DAYBOOK_ASSIGN(Leaf leaf, bind_leaf(filter, block));
    const bool is_whole = chosen.size() == block.rows();
    leaf.narrow(chosen);
    if (is_whole && chosen.empty() && leaf.is_of_dictionary()) {
      block.rule_out(BlockReader::RuledOut::kByDictionary);
    }
  } else {
    DAYBOOK_ASSIGN(Predicate predicate, Predicate::bind(filter, block));
    chosen.keep_if([&](std::uint32_t position) { return predicate.holds(position); });
  }
  return {};
}

Result<std::vector<std::uint8_t>> judge(const Filter& filter, BlockReader& block,
                                        const Chosen& chosen) {
  DAYBOOK_ASSIGN(Predicate predicate, Predicate::bind(filter, block));
  std::vector<std::uint8_t> verdicts(chosen.size());
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    verdicts[i] = predicate.holds(chosen[i]) ? 1 : 0;
  }
  return verdicts;
}

void add_columns_of(const Filter& filter, const Layout& layout, std::vector<std::size_t>& numbers) {
  if (is_leaf(filter)) numbers.push_back(filter.ref.is_id() ? layout.id : filter.ref.field);
  for (const Filter& part : filter.parts) add_columns_of(part, layout, numbers);
}

}  // namespace daybook::columns
