#include "store/columns/grouping_states.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

#include "store/columns/predicate.h"

namespace daybook::columns {

namespace {

// Pairs of group and text are marked in a table of at most so many; beyond, every text is added.
constexpr std::uint64_t kLargestPairs = 1u << 23;

bool is_counted(Aggregate aggregate) {
  return aggregate == Aggregate::kCount || aggregate == Aggregate::kRate;
}

// What the numbers of one group come to.
template <typename T>
struct Figures {
  T least = std::numeric_limits<T>::max();
  T most = std::numeric_limits<T>::lowest();
  std::int64_t count = 0;
  std::conditional_t<std::is_same_v<T, double>, double, IntegerSum> sum = 0;
  T lost = 0;  // of floats: what rounding cut off the sum

  void add(T value) {
    least = std::min(least, value);
    most = std::max(most, value);
    ++count;
    if constexpr (std::is_same_v<T, double>) {
      // Knuth's sum of two: exact, and without a branch.
      const double next = sum + value;
      const double taken = next - sum;
      lost += (sum - (next - taken)) + (value - taken);
      sum = next;
    } else {
      sum += value;
    }
  }
};

// The rows of a block that one condition lets through, by group.
class Folder {
 public:
  Folder(const Chosen& chosen, const BlockGroups& groups) : chosen_(chosen), groups_(groups) {}

  // The condition of all that is asked from now on.
  Result<void> set_condition(const Filter& condition, BlockReader& block) {
    figured_ = nullptr;
    if (condition.kind == Filter::Kind::kTrue) {
      passing_.reset();
      return {};
    }
    DAYBOOK_ASSIGN(const auto verdicts, judge(condition, block, chosen_));
    passing_ = groups_.numbers();
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
      if (verdicts[i] == 0) (*passing_)[i] = nowhere();
    }
    return {};
  }

  std::vector<Accumulator> states(Aggregate aggregate, const Column* column) {
    if (is_counted(aggregate)) return counts(aggregate, column);
    if (aggregate == Aggregate::kP50) return percentiles(*column);
    if (aggregate == Aggregate::kDistinct) return distinct(*column);
    return column->type() == Type::kFloat ? figures<double>(aggregate, *column)
                                          : figures<std::int64_t>(aggregate, *column);
  }

 private:
  // The number after the last group's: where rows go that do not count.
  std::uint32_t nowhere() const { return groups_.count(); }
  const Numbers& numbers() const { return passing_ ? *passing_ : groups_.numbers(); }

  // Calls use(group or nowhere, i-th value) for all that are chosen.
  template <typename T, typename Use>
  void for_each(const Growing<T>& values, Use use) const {
    std::vector<T> buffer;
    chosen_.for_each_slice([&](const Slice& slice) {
      const T* data = Chosen::values_of(values, slice, buffer);
      const std::uint32_t* group = numbers().data() + slice.first;
      for (std::size_t i = 0; i < slice.size; ++i) use(group[i], data[i]);
    });
  }

  // Calls use(group or nowhere, bits) for all that are chosen; absent ones are nowhere.
  template <typename Use>
  void for_each_number(const Column& column, Use use) const {
    std::vector<std::int64_t> bits_buffer;
    std::vector<std::uint8_t> marks_buffer;
    const std::uint32_t nowhere = this->nowhere();
    chosen_.for_each_slice([&](const Slice& slice) {
      const std::int64_t* bits = Chosen::values_of(column.numbers(), slice, bits_buffer);
      const std::uint8_t* marks = Chosen::values_of(column.marks(), slice, marks_buffer);
      const std::uint32_t* group = numbers().data() + slice.first;
      for (std::size_t i = 0; i < slice.size; ++i) {
        use(marks[i] == Column::kAbsent ? nowhere : group[i], bits[i]);
      }
    });
  }

  std::vector<std::int64_t> rows_passing(const Column* column) const {
    std::vector<std::int64_t> rows(groups_.count() + 1, 0);
    if (column == nullptr) {
      for (const std::uint32_t group : numbers()) ++rows[group];
    } else if (column->shape() == Shape::kText) {
      for_each(column->codes(),
               [&](std::uint32_t group, std::uint32_t code) { rows[group] += code != 0 ? 1 : 0; });
    } else {
      for_each(column->marks(), [&](std::uint32_t group, std::uint8_t mark) {
        rows[group] += mark != Column::kAbsent ? 1 : 0;
      });
    }
    return rows;
  }

  std::vector<Accumulator> counts(Aggregate aggregate, const Column* column) const {
    const auto rows = rows_of(groups_);
    const auto passing = rows_passing(column);
    std::vector<Accumulator> states(groups_.count(), Accumulator(aggregate));
    for (std::size_t g = 0; g < states.size(); ++g) states[g].add_rows(rows[g], passing[g]);
    return states;
  }

  template <typename T>
  std::vector<Accumulator> figures(Aggregate aggregate, const Column& column) {
    const auto& all = figures_of<T>(column);
    std::vector<Accumulator> states(groups_.count(), Accumulator(aggregate));
    for (std::size_t g = 0; g < states.size(); ++g) {
      const Figures<T>& group = all[g];
      if (group.count == 0) continue;
      if (aggregate != Aggregate::kSum) {
        const T extreme = aggregate == Aggregate::kMin ? group.least : group.most;
        states[g].add(column.number_value(std::bit_cast<std::int64_t>(extreme)), true, {}, {});
      } else if constexpr (std::is_same_v<T, double>) {
        states[g].add_sum(group.count, group.sum, group.lost);
      } else {
        states[g].add_sum(group.count, group.sum);
      }
    }
    return states;
  }

  // Sum, least and greatest come of one pass; the last one is kept, as measures of a field stand
  // together.
  template <typename T>
  const std::vector<Figures<T>>& figures_of(const Column& column) {
    auto& known = known_figures<T>();
    if (std::exchange(figured_, &column) == &column) return known;
    known.assign(groups_.count() + 1, {});
    Figures<T>* figures = known.data();
    for_each_number(column, [&](std::uint32_t group, std::int64_t bits) {
      figures[group].add(std::bit_cast<T>(bits));
    });
    return known;
  }

  // The values of each group side by side.
  std::vector<Accumulator> percentiles(const Column& column) const {
    const auto passing = rows_passing(&column);
    std::vector<std::size_t> begin(groups_.count() + 2, 0);
    for (std::size_t g = 0; g < passing.size(); ++g) {
      begin[g + 1] = begin[g] + static_cast<std::size_t>(passing[g]);
    }
    // Those nowhere are not counted: they share a place after all others.
    std::vector<double> values(begin[groups_.count()] + 1);
    std::vector<std::size_t> next(begin.begin(), begin.end() - 1);
    const std::uint32_t nowhere = this->nowhere();
    const bool is_float = column.type() == Type::kFloat;
    for_each_number(column, [&](std::uint32_t group, std::int64_t bits) {
      const double value = is_float ? std::bit_cast<double>(bits) : static_cast<double>(bits);
      values[next[group]] = value;
      next[group] += group != nowhere ? 1 : 0;
    });
    std::vector<Accumulator> states(groups_.count(), Accumulator(Aggregate::kP50));
    for (std::size_t g = 0; g < states.size(); ++g) {
      states[g].add_values(std::span(values).subspan(begin[g], begin[g + 1] - begin[g]));
    }
    return states;
  }

  std::vector<Accumulator> distinct(const Column& column) const {
    std::vector<Accumulator> states(groups_.count() + 1, Accumulator(Aggregate::kDistinct));
    if (column.shape() == Shape::kText) {
      add_texts(column, states);
    } else {
      for_each_number(column, [&](std::uint32_t group, std::int64_t bits) {
        states[group].add(column.number_value(bits), true, {}, {});
      });
    }
    states.pop_back();
    return states;
  }

  // Every text once for each group, as far as a table tells.
  void add_texts(const Column& column, std::vector<Accumulator>& states) const {
    std::uint32_t most = 0;
    for_each(column.codes(),
             [&](std::uint32_t, std::uint32_t code) { most = std::max(most, code); });
    const std::uint64_t codes = std::uint64_t{most} + 1;
    std::vector<bool> is_added;
    if (codes * states.size() <= kLargestPairs) is_added.resize(codes * states.size());
    for_each(column.codes(), [&](std::uint32_t group, std::uint32_t code) {
      if (code == 0 || group == nowhere()) return;
      if (!is_added.empty()) {
        if (is_added[group * codes + code]) return;
        is_added[group * codes + code] = true;
      }
      states[group].add(column.entry(code), true, {}, {});
    });
  }

  template <typename T>
  auto& known_figures() {
    if constexpr (std::is_same_v<T, double>) {
      return floats_;
    } else {
      return integers_;
    }
  }

  const Chosen& chosen_;
  const BlockGroups& groups_;
  std::optional<Numbers> passing_;
  std::vector<Figures<double>> floats_;
  std::vector<Figures<std::int64_t>> integers_;
  const Column* figured_ = nullptr;  // whose figures these are
};

bool is_plain_text(Type type) {
  return type == Type::kText || type == Type::kChoice || type == Type::kSecret;
}

}  // namespace

bool can_be_computed(const Collection& collection, const MeasurePlan::State& state) {
  if (state.field && (state.field->is_id() || !state.field->key.empty())) return false;
  if (is_counted(state.aggregate)) return true;
  if (!state.field) return false;
  const Type type = collection.fields[state.field->field].type;
  const bool is_number = shape_of(type) == Shape::kNumber;
  switch (state.aggregate) {
    case Aggregate::kSum:
    case Aggregate::kP50:
      return type == Type::kInt || type == Type::kFloat;
    case Aggregate::kMin:
    case Aggregate::kMax:
      return is_number;
    case Aggregate::kDistinct:
      return is_number || is_plain_text(type);
    case Aggregate::kCount:
    case Aggregate::kRate:
    case Aggregate::kAvg:
    case Aggregate::kP90:
    case Aggregate::kP95:
    case Aggregate::kP99:
    case Aggregate::kFirst:
    case Aggregate::kLast:
      break;
  }
  return false;
}

std::vector<std::int64_t> rows_of(const BlockGroups& groups) {
  std::vector<std::int64_t> rows(groups.count(), 0);
  for (const std::uint32_t group : groups.numbers()) ++rows[group];
  return rows;
}

Result<States> states_of(const MeasurePlan& plan, BlockReader& block, const Chosen& chosen,
                         const BlockGroups& groups) {
  Folder folder(chosen, groups);
  States states;
  const Filter* condition = nullptr;
  for (const MeasurePlan::State& state : plan.states) {
    if (condition == nullptr || *condition != state.condition) {
      DAYBOOK_TRY(folder.set_condition(state.condition, block));
      condition = &state.condition;
    }
    const Column* column = nullptr;
    if (state.field) {
      DAYBOOK_ASSIGN(column, block.column(state.field->field));
    }
    states.push_back(folder.states(state.aggregate, column));
  }
  return states;
}

}  // namespace daybook::columns
