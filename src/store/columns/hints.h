// Hints: what a block's header says of its columns, so that questions pass by blocks without
// reading them: how many values are null, and the smallest and largest number.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "query/filter.h"
#include "store/columns/bytes.h"
#include "store/columns/column.h"
#include "store/columns/field_numbers.h"

namespace daybook::columns {

struct Hint {
  std::uint32_t number = 0;  // of the field
  std::uint64_t nulls = 0;
  // Of numbers, as columns keep them, when there is one and they have an order.
  bool has_range = false;
  std::int64_t low = 0, high = 0;

  bool operator==(const Hint&) const = default;
};

// Of a column's values at `positions`.
Hint hint_of(const Column& column, std::uint32_t number,
             const std::vector<std::uint32_t>& positions);

void put_hint(std::string& out, const Hint& hint);
Hint read_hint(ByteReader& in);

// What is known of a block of `rows` rows. Hints by number, ascending; a field without one is null
// throughout.
struct Hints {
  std::uint64_t rows = 0;
  const std::vector<Hint>& hints;
};
// False: no row of the block matches.
bool may_match(const Hints& hints, const Filter& filter, const Collection& collection,
               const FieldNumbers& numbers);

}  // namespace daybook::columns
