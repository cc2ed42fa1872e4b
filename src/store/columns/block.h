// Sealed blocks: the rows of a partition that an open block held, each column as one small blob,
// and a header that says what is inside without reading it. Pure; any thread. Bytes that are no
// block are refused, never believed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/columns/block_reader.h"
#include "store/columns/column.h"
#include "store/columns/field_numbers.h"
#include "store/columns/frame.h"

namespace daybook::columns {

// Columns beside the fields have numbers of their own, above all field numbers.
constexpr std::uint32_t kIdNumber = 0xFF0;
constexpr std::uint32_t kExtraNumber = 0xFF1;
constexpr std::uint32_t kSequenceNumber = 0xFF2;
constexpr std::uint32_t kMaxNumber = 0xFFF;
std::uint32_t stored_number(std::size_t column, const Layout& layout, const FieldNumbers& numbers);

constexpr std::uint64_t kMaxBlockRows = std::uint64_t{1} << 24;

struct BlockHeader {
  std::uint64_t rows = 0;
  std::int64_t first_time = 0, last_time = 0;  // microseconds, both inclusive
  Sequence first_sequence = 0, last_sequence = 0;
  std::uint64_t bytes = 0;  // of all columns as stored
  // Whether each id is a UUIDv7 of its row's own millisecond, so that ids tell where they are.
  bool has_timed_ids = false;
  // Hashes of the ids, sorted, when they are not timed.
  std::vector<std::uint32_t> id_hashes;
  std::vector<std::uint32_t> columns;  // numbers of those that are not null throughout

  // False: no row of the block has this id.
  bool may_hold(std::string_view id) const;
};

std::string write_header(const BlockHeader& header);
Result<BlockHeader> read_header(std::string_view bytes);

struct StoredColumn {
  std::uint32_t number;
  std::string bytes;
};

struct SealedRows {
  BlockHeader header;
  std::vector<StoredColumn> columns;
  // The positions in the open block that the sealed rows had, in order: sealed row i was row
  // positions[i].
  Positions positions;
};

// The rows at `positions` (living ones, in any order) as a block, sorted by sequence.
Result<SealedRows> seal(BlockReader& block, Positions positions, const FieldNumbers& numbers);

// One column of a block of `rows` rows.
std::string write_column(const Column& column, const Positions& positions);
Result<Column> read_column(Type type, std::size_t rows, std::string_view bytes);
// A column that is null throughout, as blocks leave it out.
Column null_column(Type type, std::size_t rows);
// Looks at the checksum alone.
Result<void> check_column(std::string_view bytes);

}  // namespace daybook::columns
