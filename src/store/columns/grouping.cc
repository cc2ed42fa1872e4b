#include "store/columns/grouping.h"

#include <algorithm>
#include <utility>

#include "store/columns/grouping_keys.h"
#include "store/columns/grouping_states.h"
#include "store/columns/predicate.h"

namespace daybook::columns {

namespace {

// The columns that rows are made of for GroupTable::add().
std::vector<std::size_t> columns_of(const Summary& summary) {
  const Layout layout(summary.collection->fields.size());
  std::vector<std::size_t> numbers{layout.id, summary.collection->time_field};
  const auto add = [&](const FieldRef& ref) {
    numbers.push_back(ref.is_id() ? layout.id : ref.field);
  };
  for (const FieldRef& ref : summary.by) add(ref);
  for (const Measure& measure : summary.measures) {
    if (measure.field) add(*measure.field);
    add_columns_of(measure.condition, layout, numbers);
  }
  std::ranges::sort(numbers);
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

}  // namespace

Grouping::Grouping(const Summary& summary)
    : summary_(summary), plan_(summary), columns_(columns_of(summary)) {
  const Collection& collection = *summary.collection;
  is_by_columns_ =
      std::ranges::all_of(summary.by,
                          [&](const FieldRef& ref) { return can_be_numbered(collection, ref); }) &&
      std::ranges::all_of(plan_.states, [&](const MeasurePlan::State& state) {
        return can_be_computed(collection, state);
      });
}

Result<void> Grouping::fold(BlockReader& block, const Chosen& chosen, GroupTable& groups) const {
  if (chosen.empty()) return {};
  return is_by_columns_ ? fold_columns(block, chosen, groups) : fold_rows(block, chosen, groups);
}

Result<void> Grouping::fold_columns(BlockReader& block, const Chosen& chosen,
                                    GroupTable& groups) const {
  DAYBOOK_ASSIGN(const BlockGroups here, BlockGroups::make(summary_, block, chosen));
  DAYBOOK_ASSIGN(States states, states_of(plan_, block, chosen, here));
  const auto rows = rows_of(here);
  for (std::uint32_t g = 0; g < here.count(); ++g) {
    if (rows[g] == 0) continue;
    GroupTable::Partial partial;
    partial.rows = rows[g];
    here.describe(g, partial);
    for (auto& state : states) partial.states.push_back(std::move(state[g]));
    DAYBOOK_TRY(groups.add(std::move(partial)));
  }
  return {};
}

Result<void> Grouping::fold_rows(BlockReader& block, const Chosen& chosen,
                                 GroupTable& groups) const {
  DAYBOOK_TRY(block.want(columns_));
  for (std::size_t i = 0; i < chosen.size(); ++i) DAYBOOK_TRY(groups.add(block.row(chosen[i])));
  return {};
}

}  // namespace daybook::columns
