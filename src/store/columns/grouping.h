// Grouping: the chosen rows of one block folded into groups over codes and numbers as they lie,
// without making rows of them. What cannot be folded so is left to GroupTable::add() of rows, which
// is the definition.
#pragma once

#include <cstddef>
#include <vector>

#include "base/result.h"
#include "query/measure_plan.h"
#include "query/summary.h"
#include "store/columns/block_reader.h"
#include "store/columns/chosen.h"

namespace daybook::columns {

// For one summary of a journal, which outlives it. Immutable: several threads may fold blocks.
class Grouping {
 public:
  explicit Grouping(const Summary& summary);

  // Adds the chosen rows to `groups`, which are of the same summary.
  Result<void> fold(BlockReader& block, const Chosen& chosen, GroupTable& groups) const;
  // False: rows are made, one by one.
  bool is_by_columns() const { return is_by_columns_; }

 private:
  Result<void> fold_columns(BlockReader& block, const Chosen& chosen, GroupTable& groups) const;
  Result<void> fold_rows(BlockReader& block, const Chosen& chosen, GroupTable& groups) const;

  const Summary& summary_;
  MeasurePlan plan_;
  bool is_by_columns_;
  std::vector<std::size_t> columns_;  // that rows are made of
};

}  // namespace daybook::columns
