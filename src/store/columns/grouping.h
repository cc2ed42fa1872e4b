// Grouping: the rows of one block folded into groups over codes and numbers as they lie, without
// making rows of them. What it cannot do faster it leaves to GroupTable::add(), which is the
// definition.
#pragma once

#include "base/result.h"
#include "query/measure_plan.h"
#include "query/summary.h"
#include "store/columns/block_reader.h"

namespace daybook::columns {

// For one summary, which outlives it; one thread.
class Grouping {
 public:
  explicit Grouping(const Summary& summary);

  // Whether the summary is of the kind that is folded here.
  bool is_possible() const { return is_possible_; }
  // Folds the rows at `positions`. False, and nothing is folded, where this block has too many
  // combinations of keys.
  Result<bool> fold(BlockReader& block, const Positions& positions, GroupTable& groups) const;

 private:
  const Summary& summary_;
  MeasurePlan plan_;
  bool is_possible_;
};

}  // namespace daybook::columns
