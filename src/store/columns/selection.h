// Selection: which positions of a block a question is about, before its filter: living rows inside
// its window that are not past their keep.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "base/result.h"
#include "base/time.h"
#include "query/filter.h"
#include "query/keep.h"
#include "store/columns/block_reader.h"
#include "store/columns/chosen.h"

namespace daybook::columns {

struct Selection {
  // Microseconds; half-open. The start also hides what is past a fixed keep.
  std::int64_t start = std::numeric_limits<std::int64_t>::min();
  std::int64_t end = std::numeric_limits<std::int64_t>::max();
  // Rows whose value of this time field is at or before `now` are hidden.
  std::optional<std::size_t> expires_field;
  std::int64_t now = 0;
  // Asked of each row, where the block does not tell. Outlives the question.
  const KeepRule* rule = nullptr;

  bool is_empty() const { return start >= end; }
  // Whether it takes all rows from the first to the last of these times, as far as time goes.
  bool covers(std::int64_t first, std::int64_t last) const { return start <= first && last < end; }
};

// Takes out of `chosen` what the selection leaves out. The times are not looked at where the block
// says that they all lie inside.
Result<void> narrow(BlockReader& block, const Selection& selection, Chosen& chosen);
// The rows of the block that both take, the filter first: what it never lets through costs no look
// at anything else.
Result<Chosen> choose(BlockReader& block, const Selection& selection, const Filter& filter);

}  // namespace daybook::columns
