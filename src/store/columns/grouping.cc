#include "store/columns/grouping.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <unordered_map>
#include <utility>

#include "store/columns/predicate.h"

namespace daybook::columns {

namespace {

// Above this a table of all combinations costs more than it saves.
constexpr std::uint64_t kMaxCombinations = 1u << 18;
constexpr std::uint32_t kNone = static_cast<std::uint32_t>(-1);

using Ids = std::vector<std::uint32_t>;  // a small number for each chosen row

// One thing that rows are grouped by: a number for each chosen row, and what the numbers stand for.
struct Key {
  Ids ids;
  std::uint32_t count = 0;
  std::vector<Value> values;     // by number
  std::vector<Instant> buckets;  // or these
};

bool is_simple(const Collection& collection, const FieldRef& ref) {
  if (ref.is_id() || !ref.key.empty()) return false;
  return shape_of(collection.fields[ref.field].type) != Shape::kUuid;
}

bool is_summed_here(Aggregate state) {
  switch (state) {
    case Aggregate::kCount:
    case Aggregate::kRate:
    case Aggregate::kSum:
    case Aggregate::kMin:
    case Aggregate::kMax:
    case Aggregate::kP50:
      return true;
    case Aggregate::kAvg:
    case Aggregate::kP90:
    case Aggregate::kP95:
    case Aggregate::kP99:
    case Aggregate::kDistinct:
    case Aggregate::kFirst:
    case Aggregate::kLast:
      return false;
  }
  return false;
}

bool is_number(const Collection& collection, const FieldRef& ref) {
  if (ref.is_id() || !ref.key.empty()) return false;
  const Type type = collection.fields[ref.field].type;
  return type == Type::kInt || type == Type::kFloat;
}

Key text_key(const Column& column, const Positions& positions) {
  Key key;
  key.ids.reserve(positions.size());
  Ids renamed;
  for (const std::uint32_t position : positions) {
    const std::uint32_t code = column.codes()[position];
    if (code >= renamed.size()) renamed.resize(std::max<std::size_t>(code + 1, 64), kNone);
    if (renamed[code] == kNone) {
      renamed[code] = key.count++;
      key.values.push_back(code == 0 ? Value() : column.entry(code));
    }
    key.ids.push_back(renamed[code]);
  }
  return key;
}

Key number_key(const Column& column, const Positions& positions) {
  Key key;
  key.ids.reserve(positions.size());
  std::unordered_map<std::int64_t, std::uint32_t> known;
  std::uint32_t null = kNone;
  for (const std::uint32_t position : positions) {
    std::uint32_t* number = &null;
    if (!column.is_null(position)) {
      number = &known.try_emplace(column.numbers()[position], kNone).first->second;
    }
    if (*number == kNone) {
      *number = key.count++;
      key.values.push_back(column.value(position));
    }
    key.ids.push_back(*number);
  }
  return key;
}

Key bucket_key(const Summary& summary, const Column& times, const Positions& positions) {
  Key key;
  key.ids.reserve(positions.size());
  std::unordered_map<std::int64_t, std::uint32_t> known;
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::uint32_t number = 0;
  for (const std::uint32_t position : positions) {
    const std::int64_t time = times.numbers()[position];
    if (time < start || time >= end) {
      const Instant bucket = summary.zone.floor(from_micros(time), *summary.every);
      start = micros(bucket);
      end = micros(summary.zone.next(from_micros(time), *summary.every));
      const auto [it, is_new] = known.try_emplace(start, key.count);
      if (is_new) {
        ++key.count;
        key.buckets.push_back(bucket);
      }
      number = it->second;
    }
    key.ids.push_back(number);
  }
  return key;
}

// The groups of the block: a number for each chosen row, and of each group its numbers by key.
struct Combined {
  Ids ids;
  std::vector<Ids> parts;
};

Combined combine(const std::vector<Key>& keys, std::size_t rows) {
  Combined combined;
  combined.ids.assign(rows, 0);
  if (keys.empty()) {
    combined.parts.emplace_back();
    return combined;
  }
  std::uint64_t size = 1;
  for (const Key& key : keys) size *= key.count;
  Ids numbers(size, kNone);
  for (std::size_t i = 0; i < rows; ++i) {
    std::uint64_t at = 0;
    for (const Key& key : keys) at = at * key.count + key.ids[i];
    if (numbers[at] == kNone) {
      numbers[at] = static_cast<std::uint32_t>(combined.parts.size());
      Ids& parts = combined.parts.emplace_back();
      for (const Key& key : keys) parts.push_back(key.ids[i]);
    }
    combined.ids[i] = numbers[at];
  }
  return combined;
}

// One state of every group. `holds` says for each chosen row whether the condition does; empty:
// all.
class StateFolder {
 public:
  StateFolder(const Ids& ids, const Positions& positions, const std::vector<char>& holds,
              std::size_t groups)
      : ids_(ids), positions_(positions), holds_(holds), groups_(groups) {}

  // Rows counted: all of a group, and those that hold (and have the field, where there is one).
  std::vector<Accumulator> count(Aggregate aggregate, const Column* column) const {
    std::vector<std::int64_t> rows(groups_, 0);
    std::vector<std::int64_t> holding(groups_, 0);
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      ++rows[ids_[i]];
      const bool counts = is_holding(i) && (column == nullptr || !column->is_null(positions_[i]));
      holding[ids_[i]] += counts ? 1 : 0;
    }
    std::vector<Accumulator> states(groups_, Accumulator(aggregate));
    for (std::size_t g = 0; g < groups_; ++g) states[g].add_rows(rows[g], holding[g]);
    return states;
  }

  std::vector<Accumulator> fold(Aggregate aggregate, const Column& column) const {
    if (aggregate == Aggregate::kMin || aggregate == Aggregate::kMax) {
      return extremes(aggregate, column);
    }
    std::vector<Accumulator> states(groups_, Accumulator(aggregate));
    const bool is_float = column.type() == Type::kFloat;
    for_each(column, [&](std::uint32_t group, std::int64_t bits) {
      if (is_float) {
        states[group].add_number(std::bit_cast<double>(bits));
      } else {
        states[group].add_integer(bits);
      }
    });
    return states;
  }

 private:
  bool is_holding(std::size_t i) const { return holds_.empty() || holds_[i] != 0; }

  template <typename Use>
  void for_each(const Column& column, Use use) const {
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      const std::uint32_t position = positions_[i];
      if (column.marks()[position] == Column::kAbsent || !is_holding(i)) continue;
      use(ids_[i], column.numbers()[position]);
    }
  }

  template <typename T>
  void extreme_of(Aggregate aggregate, const Column& column,
                  std::vector<Accumulator>& states) const {
    const bool is_min = aggregate == Aggregate::kMin;
    const T worst = is_min ? std::numeric_limits<T>::max() : std::numeric_limits<T>::lowest();
    std::vector<T> best(groups_, worst);
    std::vector<char> is_set(groups_, 0);
    for_each(column, [&](std::uint32_t group, std::int64_t bits) {
      const T value = std::bit_cast<T>(bits);
      const bool is_better = is_min ? value < best[group] : value > best[group];
      if (is_better || is_set[group] == 0) best[group] = value;
      is_set[group] = 1;
    });
    for (std::size_t g = 0; g < groups_; ++g) {
      if (is_set[g] == 0) continue;
      if constexpr (std::is_same_v<T, double>) {
        states[g].add_number(best[g]);
      } else {
        states[g].add_integer(best[g]);
      }
    }
  }

  std::vector<Accumulator> extremes(Aggregate aggregate, const Column& column) const {
    std::vector<Accumulator> states(groups_, Accumulator(aggregate));
    if (column.type() == Type::kFloat) {
      extreme_of<double>(aggregate, column, states);
    } else {
      extreme_of<std::int64_t>(aggregate, column, states);
    }
    return states;
  }

  const Ids& ids_;
  const Positions& positions_;
  const std::vector<char>& holds_;
  std::size_t groups_;
};

Result<std::vector<Key>> make_keys(const Summary& summary, BlockReader& block,
                                   const Positions& positions) {
  std::vector<Key> keys;
  if (summary.every) {
    DAYBOOK_ASSIGN(const Column* times, block.column(summary.collection->time_field));
    keys.push_back(bucket_key(summary, *times, positions));
  }
  for (const FieldRef& ref : summary.by) {
    DAYBOOK_ASSIGN(const Column* column, block.column(ref.field));
    const bool is_text = column->shape() == Shape::kText;
    keys.push_back(is_text ? text_key(*column, positions) : number_key(*column, positions));
  }
  return keys;
}

Result<std::vector<char>> judge(const Filter& condition, BlockReader& block,
                                const Positions& positions) {
  std::vector<char> holds;
  if (condition.kind == Filter::Kind::kTrue) return holds;
  DAYBOOK_ASSIGN(Predicate predicate, Predicate::bind(condition, block));
  holds.reserve(positions.size());
  for (const std::uint32_t position : positions) holds.push_back(predicate.holds(position) ? 1 : 0);
  return holds;
}

}  // namespace

Grouping::Grouping(const Summary& summary) : summary_(summary), plan_(summary) {
  const Collection& collection = *summary.collection;
  is_possible_ = collection.is_journal() && std::ranges::all_of(summary.by, [&](const auto& ref) {
                   return is_simple(collection, ref);
                 });
  for (const MeasurePlan::State& state : plan_.states) {
    const bool is_counted =
        state.aggregate == Aggregate::kCount || state.aggregate == Aggregate::kRate;
    const bool is_readable = is_counted
                                 ? !state.field || is_simple(collection, *state.field)
                                 : state.field.has_value() && is_number(collection, *state.field);
    is_possible_ = is_possible_ && is_summed_here(state.aggregate) && is_readable;
  }
}

Result<bool> Grouping::fold(BlockReader& block, const Positions& positions,
                            GroupTable& groups) const {
  DAYBOOK_ASSIGN(const std::vector<Key> keys, make_keys(summary_, block, positions));
  std::uint64_t combinations = 1;
  for (const Key& key : keys) {
    combinations *= key.count;
    if (combinations > kMaxCombinations) return false;
  }
  const Combined combined = combine(keys, positions.size());
  const std::size_t count = combined.parts.size();
  std::vector<GroupTable::Partial> partials(count);
  for (const std::uint32_t group : combined.ids) ++partials[group].rows;
  for (const MeasurePlan::State& state : plan_.states) {
    DAYBOOK_ASSIGN(const std::vector<char> holds, judge(state.condition, block, positions));
    const StateFolder folder(combined.ids, positions, holds, count);
    const Column* column = nullptr;
    if (state.field) {
      DAYBOOK_ASSIGN(column, block.column(state.field->field));
    }
    const bool is_counted =
        state.aggregate == Aggregate::kCount || state.aggregate == Aggregate::kRate;
    auto states =
        is_counted ? folder.count(state.aggregate, column) : folder.fold(state.aggregate, *column);
    for (std::size_t g = 0; g < count; ++g) partials[g].states.push_back(std::move(states[g]));
  }
  for (std::size_t g = 0; g < count; ++g) {
    for (std::size_t k = 0; k < keys.size(); ++k) {
      const std::uint32_t number = combined.parts[g][k];
      if (!keys[k].buckets.empty()) {
        partials[g].bucket = keys[k].buckets[number];
      } else {
        partials[g].key.push_back(keys[k].values[number]);
      }
    }
    DAYBOOK_TRY(groups.add(std::move(partials[g])));
  }
  return true;
}

}  // namespace daybook::columns
