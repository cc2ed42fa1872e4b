#include "query/measure_plan.h"

#include <algorithm>

namespace daybook {
namespace {

bool is_row_count(const Measure& measure) {
  return measure.aggregate == Aggregate::kCount && !measure.field &&
         measure.condition.kind == Filter::Kind::kTrue;
}

// A sum knows how many numbers it summed, so counting them needs no state of its own.
Aggregate state_for(const Collection& collection, const Measure& measure) {
  if (measure.aggregate == Aggregate::kCount && measure.field) {
    const Type type = field_of(collection, *measure.field).type;
    if (type == Type::kInt || type == Type::kFloat) return Aggregate::kSum;
  }
  return Accumulator::state_of(measure.aggregate);
}

}  // namespace

MeasurePlan::MeasurePlan(const Summary& summary) {
  for (const Measure& measure : summary.measures) {
    if (is_row_count(measure)) {
      sources.push_back({Source::kRows, Aggregate::kCount});
      continue;
    }
    const State state{state_for(*summary.collection, measure), measure.field, measure.condition};
    const auto at = std::find(states.begin(), states.end(), state);
    sources.push_back({static_cast<std::size_t>(at - states.begin()), measure.aggregate});
    if (at == states.end()) states.push_back(state);
  }
}

}  // namespace daybook
