// What a summary's measures need kept of each group: measures that one state can answer share it.
// Internal of query/.
#pragma once

#include <cstddef>
#include <vector>

#include "query/summary.h"

namespace daybook {

struct MeasurePlan {
  // Keeps one accumulator a group.
  struct State {
    Aggregate aggregate;
    std::optional<FieldRef> field;
    Filter condition;

    bool operator==(const State&) const = default;
  };
  // Where a measure finds its result.
  struct Source {
    static constexpr std::size_t kRows = static_cast<std::size_t>(-1);
    std::size_t state = kRows;  // or the group's number of rows
    Aggregate aggregate;
  };

  std::vector<State> states;
  std::vector<Source> sources;  // by Summary::measures

  explicit MeasurePlan(const Summary& summary);
};

}  // namespace daybook
