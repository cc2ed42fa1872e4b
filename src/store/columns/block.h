// Sealed blocks: the rows of a partition that an open block held, as parts (part.h), and a header
// that says what is inside without reading them. Pure; any thread. Bytes that are no block are
// refused, never believed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/columns/block_reader.h"
#include "store/columns/column.h"
#include "store/columns/field_numbers.h"
#include "store/columns/frame.h"
#include "store/columns/hints.h"
#include "store/columns/part.h"

namespace daybook::columns {

// The part of a column of the Layout.
PartNumber part_of(PartKind kind, std::size_t column, const Layout& layout,
                   const FieldNumbers& numbers);

constexpr std::uint64_t kMaxBlockRows = std::uint64_t{1} << 24;

struct BlockHeader {
  std::uint64_t rows = 0;
  std::int64_t first_time = 0, last_time = 0;  // microseconds, both inclusive
  Sequence first_sequence = 0, last_sequence = 0;
  std::uint64_t bytes = 0;  // of all parts as stored
  // Whether each id is a UUIDv7 of its row's own millisecond, so that ids tell where they are; else
  // the ids have posting lists.
  bool has_timed_ids = false;
  // Of the fields' columns that are there, by number; columns that are null throughout are not.
  std::vector<Hint> hints;
  // Those that are there, ascending.
  std::vector<PartNumber> parts;

  bool has(PartNumber part) const { return std::ranges::binary_search(parts, part); }
  // False: no row of the block has this id.
  bool may_hold(std::string_view id) const;
  // False: no row of the block matches.
  bool may_match(const Filter& filter, const Collection& collection,
                 const FieldNumbers& numbers) const {
    return columns::may_match({rows, hints}, filter, collection, numbers);
  }
};

std::string write_header(const BlockHeader& header);
Result<BlockHeader> read_header(std::string_view bytes);

struct SealedRows {
  BlockHeader header;
  std::vector<StoredPart> parts;
  // The positions in the open block that the sealed rows had, in order: sealed row i was row
  // positions[i].
  Positions positions;
};

// The rows at `positions` (living ones, in any order) as a block, sorted by sequence.
Result<SealedRows> seal(BlockReader& block, Positions positions, const FieldNumbers& numbers);

// The columns of a block of `rows` rows, as parts.
std::string write_column(const Column& column, const Positions& positions);
Result<Column> read_column(Type type, std::size_t rows, PartContent& content);
Result<Column> read_column(Type type, std::size_t rows, std::string_view bytes);
// The value of one row, from the pages that hold it.
Result<Value> read_one(Type type, std::size_t rows, PartContent& content, std::size_t row);
// "texts, 12 different, codes 1 byte each".
Result<std::string> describe_column(std::size_t rows, PartContent& content);
// A column that is null throughout, as blocks leave it out.
Column null_column(Type type, std::size_t rows);

}  // namespace daybook::columns
