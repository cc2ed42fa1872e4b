#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>
#include <utility>

#include "query/pair_numbers.h"
#include "query/rollup_plan.h"

namespace daybook {
namespace {

constexpr std::uint32_t kNone = static_cast<std::uint32_t>(-1);

Value value_of(const MeasureCells& measure, std::int64_t bits) {
  return measure.is_whole ? Value(bits) : Value(std::bit_cast<double>(bits));
}

}  // namespace

CellFolder::CellFolder(const RollupPlan& plan, const RollupCells& cells)
    : plan_(plan),
      cells_(cells),
      groups_(project(plan.by_numbers_)),
      is_asked_(judge(plan.summary_->filter)) {
  for (std::size_t i = 0; i < plan.sources_.size(); ++i) {
    const bool is_judged = plan.sources_[i].what == RollupPlan::Source::What::kRows;
    holds_.push_back(is_judged ? judge(plan.plan_.states[i].condition) : std::vector<char>());
  }
  known_.assign(groups_.examples.size(), kNone);
}

CellFolder::Projection CellFolder::project(const std::vector<std::size_t>& by) const {
  Projection projection;
  projection.of_key.assign(cells_.key_count, 0);
  for (const std::size_t field : by) {
    PairNumbers pairs(cells_.key_count);
    for (std::size_t k = 0; k < cells_.key_count; ++k) {
      projection.of_key[k] = pairs.of(projection.of_key[k], cells_.key(k)[field]);
    }
  }
  for (std::uint32_t k = 0; k < cells_.key_count; ++k) {
    // Numbers come in order, so a new one is the next.
    if (projection.of_key[k] == projection.examples.size()) projection.examples.push_back(k);
  }
  return projection;
}

std::vector<char> CellFolder::judge(const Filter& filter) const {
  std::vector<char> holds(cells_.key_count, 1);
  if (filter.kind == Filter::Kind::kTrue) return holds;
  const Rollup& rollup = plan_.rollup();
  std::vector<std::size_t> read;
  for (const std::size_t field : fields_of(filter)) {
    const auto by = std::ranges::find(rollup.by, field);
    read.push_back(static_cast<std::size_t>(by - rollup.by.begin()));
  }
  const Projection projection = project(read);
  Row row;
  row.values.resize(plan_.summary_->collection->fields.size());
  std::vector<char> of_example;
  for (const std::uint32_t key : projection.examples) {
    for (const std::size_t by : read) {
      row.values[rollup.by[by]] = cells_.values[by][cells_.key(key)[by]];
    }
    of_example.push_back(matches(filter, row) ? 1 : 0);
  }
  for (std::size_t k = 0; k < holds.size(); ++k) holds[k] = of_example[projection.of_key[k]];
  return holds;
}

void CellFolder::choose(std::int64_t start, std::int64_t end) {
  for (const std::uint32_t group : in_range_) known_[group] = kNone;
  chosen_.clear();
  group_of_.clear();
  in_range_.clear();
  const auto first = std::ranges::lower_bound(cells_.buckets, start);
  for (auto at = first; at != cells_.buckets.end() && *at < end; ++at) {
    const auto cell = static_cast<std::uint32_t>(at - cells_.buckets.begin());
    const std::uint32_t key = cells_.key_of[cell];
    if (is_asked_[key] == 0) continue;
    const std::uint32_t group = groups_.of_key[key];
    if (known_[group] == kNone) {
      known_[group] = static_cast<std::uint32_t>(in_range_.size());
      in_range_.push_back(group);
    }
    chosen_.push_back(cell);
    group_of_.push_back(known_[group]);
  }
}

// Group after group, so that one array of counts serves them all.
Result<void> CellFolder::fold_slots(const MeasureCells& measure, std::vector<Accumulator>& groups) {
  Numbers ends(groups.size(), 0);
  for (const std::uint32_t group : group_of_) ++ends[group];
  std::partial_sum(ends.begin(), ends.end(), ends.begin());
  Numbers cells(chosen_.size());
  for (std::size_t i = chosen_.size(); i-- > 0;) cells[--ends[group_of_[i]]] = chosen_[i];
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const std::size_t end = g + 1 < groups.size() ? ends[g + 1] : cells.size();
    double least = std::numeric_limits<double>::infinity();
    double most = -least;
    for (std::size_t i = ends[g]; i < end; ++i) {
      const std::uint32_t c = cells[i];
      if (measure.counts[c] == 0) continue;
      if (measure.slots.read(c, slots_) != measure.counts[c]) {
        return Error(Code::kMalformed, "the stored sums are broken: slots of a cell");
      }
      least = std::min(least, measure.number(measure.least[c]));
      most = std::max(most, measure.number(measure.most[c]));
    }
    const auto slots = slots_.take();
    if (!slots.empty()) groups[g].add_slots(slots, least, most);
  }
  return {};
}

Result<void> CellFolder::fold_measure(const MeasurePlan::State& state,
                                      std::vector<Accumulator>& groups) {
  const auto found = std::ranges::find(cells_.measures, *state.field, &MeasureCells::field);
  if (found == cells_.measures.end()) return {};  // an entry that no map has
  const MeasureCells& measure = *found;
  if (state.aggregate == Aggregate::kP50) return fold_slots(measure, groups);
  for (std::size_t i = 0; i < chosen_.size(); ++i) {
    const std::uint32_t c = chosen_[i];
    const std::int64_t count = measure.counts[c];
    if (count == 0) continue;
    Accumulator& group = groups[group_of_[i]];
    const auto add_value = [&](std::int64_t bits) {
      if (measure.is_whole) return group.add_integer(bits);
      group.add_number(std::bit_cast<double>(bits));
    };
    const auto add_place = [&](const MeasureCells::Place& place) {
      group.add(value_of(measure, place.value), true, from_micros(place.time),
                cells_.ids[place.id]);
    };
    switch (state.aggregate) {
      case Aggregate::kSum:
        if (measure.is_whole) {
          group.add_sum(count, measure.wholes[c]);
        } else {
          group.add_sum(count, measure.sums[c].sum, measure.sums[c].rest);
        }
        break;
      case Aggregate::kMin:
        add_value(measure.least[c]);
        break;
      case Aggregate::kMax:
        add_value(measure.most[c]);
        break;
      case Aggregate::kFirst:
        add_place(measure.first[c]);
        break;
      case Aggregate::kLast:
        add_place(measure.last[c]);
        break;
      case Aggregate::kCount:
      case Aggregate::kAvg:
      case Aggregate::kP50:
      case Aggregate::kP90:
      case Aggregate::kP95:
      case Aggregate::kP99:
      case Aggregate::kDistinct:
      case Aggregate::kRate:
        break;
    }
  }
  return {};
}

Result<std::vector<Accumulator>> CellFolder::fold_state(std::size_t number) {
  using What = RollupPlan::Source::What;
  const MeasurePlan::State& state = plan_.plan_.states[number];
  const RollupPlan::Source& source = plan_.sources_[number];
  std::vector<Accumulator> groups(in_range_.size(), Accumulator(state.aggregate));
  if (source.what == What::kMeasure) {
    DAYBOOK_TRY(fold_measure(state, groups));
    return groups;
  }
  for (std::size_t i = 0; i < chosen_.size(); ++i) {
    const std::uint32_t cell = chosen_[i];
    const std::uint32_t key = cells_.key_of[cell];
    const std::int64_t rows = cells_.rows[cell];
    Accumulator& group = groups[group_of_[i]];
    switch (source.what) {
      case What::kMeasure:
        break;
      case What::kRows:
        group.add_rows(rows, holds_[number][key] != 0 ? rows : 0);
        break;
      case What::kRate:
        group.add_rows(rows, cells_.holding[source.number][cell]);
        break;
      case What::kDistinct:
        group.add_distinct(cells_.distinct[source.number][cell]);
        break;
      case What::kKey: {
        const Value& value = cells_.values[source.number][cells_.key(key)[source.number]];
        if (state.aggregate == Aggregate::kCount) {
          group.add_rows(rows, value.is_null() ? 0 : rows);
        } else {
          group.add(value, true, {}, {});
        }
        break;
      }
    }
  }
  return groups;
}

Result<void> CellFolder::fold(std::int64_t start, std::int64_t end, Instant bucket,
                              GroupTable& groups) {
  choose(start, end);
  std::vector<GroupTable::Partial> partials(in_range_.size());
  for (std::size_t i = 0; i < chosen_.size(); ++i) {
    partials[group_of_[i]].rows += cells_.rows[chosen_[i]];
    folded_rows_ += static_cast<std::uint64_t>(cells_.rows[chosen_[i]]);
  }
  for (const std::uint32_t cell : chosen_) folded_cells_ += cells_.stands_for(cell);
  for (std::size_t s = 0; s < plan_.sources_.size(); ++s) {
    DAYBOOK_ASSIGN(auto states, fold_state(s));
    for (std::size_t g = 0; g < states.size(); ++g) {
      partials[g].states.push_back(std::move(states[g]));
    }
  }
  for (std::size_t g = 0; g < partials.size(); ++g) {
    partials[g].bucket = bucket;
    const std::uint32_t* key = cells_.key(groups_.examples[in_range_[g]]);
    for (const std::size_t by : plan_.by_numbers_) {
      partials[g].key.push_back(cells_.values[by][key[by]]);
    }
    DAYBOOK_TRY(groups.add(std::move(partials[g])));
  }
  return {};
}

}  // namespace daybook
