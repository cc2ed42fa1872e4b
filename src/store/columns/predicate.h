// Filters over the columns of one block: texts are judged once per dictionary entry, numbers as
// they lie. What matches() of query/ says of a value is what counts everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "query/filter.h"
#include "store/columns/block_reader.h"
#include "store/columns/chosen.h"

namespace daybook::columns {

// Keeps the positions for which the filter holds. The parts of a conjunction come cheapest first,
// and a column is fetched when its turn comes: where none is left, the others are not.
Result<void> narrow(const Filter& filter, BlockReader& block, Chosen& chosen);

// Of each of the chosen, 1 where the filter holds, else 0.
Result<std::vector<std::uint8_t>> judge(const Filter& filter, BlockReader& block,
                                        const Chosen& chosen);

// The columns that a filter reads, appended; the id by its Layout number.
void add_columns_of(const Filter& filter, const Layout& layout, std::vector<std::size_t>& numbers);

}  // namespace daybook::columns
