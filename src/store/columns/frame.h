// Frames: what one commit did to one partition, as one blob: rows that came, or rows that changed
// and went. A frame lives until a sealed block covers it; at start the open blocks are rebuilt from
// them. Pure; any thread. Bytes that are no frame are refused, never believed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/collection.h"
#include "catalog/row.h"
#include "store/columns/bytes.h"
#include "store/columns/field_numbers.h"

namespace daybook::columns {

// Counts a partition's rows in commit order: with the partition a row's lasting address.
using Sequence = std::uint64_t;

enum class FrameKind : std::uint8_t { kRows = 1, kChanges = 2 };

// One row's bytes inside a frame.
void put_row(std::string& out, const Row& row, const FieldNumbers& numbers);
Row read_row(ByteReader& in, const Collection& collection, const FieldNumbers& numbers);

// A row that was there: its new version, or that it is gone.
struct RowChange {
  enum class Kind : std::uint8_t { kVersion = 1, kGone = 2 };
  Kind kind = Kind::kVersion;
  Sequence sequence = 0;
  Row row;  // of kVersion
  bool operator==(const RowChange&) const = default;
};
void put_version(std::string& out, Sequence sequence, const Row& row, const FieldNumbers& numbers);
void put_gone(std::string& out, Sequence sequence);

// Rows' or changes' bytes, made small where that pays. May be done ahead, by whoever has time.
std::string pack(std::string_view bytes);

class FrameWriter {
 public:
  // Rows have the sequences from `first` on; of changes it is not used.
  FrameWriter(FrameKind kind, Sequence first);
  void add_packed(std::string_view packed);
  std::string finish() &&;

 private:
  std::string bytes_;
};

struct Frame {
  FrameKind kind = FrameKind::kRows;
  Sequence first = 0;
  std::vector<Row> rows;           // of kRows
  std::vector<RowChange> changes;  // of kChanges
};
// kInternal says what is wrong with the bytes.
Result<Frame> read_frame(std::string_view bytes, const Collection& collection,
                         const FieldNumbers& numbers);
// Looks at the checksum alone.
Result<void> check_frame(std::string_view bytes);

}  // namespace daybook::columns
