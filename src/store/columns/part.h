// Parts: what a sealed block is stored as. Every part is one blob of its own, so that a question
// reads the parts it needs and no other.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace daybook::columns {

enum class PartKind : std::uint8_t {
  kColumn = 0,    // the values of one field (column.h), or of what rows have beside their fields
  kPostings = 1,  // of the declared index whose first field has this number: where which value is
  kTerms = 2,     // of the searchable text field with this number: where which word is
  kRollup = 3,    // what the rows come to in one tier of a rollup (rolling.h)
};

struct PartNumber {
  PartKind kind = PartKind::kColumn;
  // A field's number (FieldNumbers) or one of those below; of a rollup its rollup_number().
  std::uint32_t number = 0;

  auto operator<=>(const PartNumber&) const = default;
  // Both in one: unique within a block, below kMaxPart.
  std::uint32_t packed() const { return static_cast<std::uint32_t>(kind) << 12 | number; }
  static PartNumber unpacked(std::uint32_t packed) {
    return {static_cast<PartKind>(packed >> 12 & 3), packed & 0xFFF};
  }
};

// Numbers of what rows have beside their fields, above all field numbers.
constexpr std::uint32_t kIdNumber = 0xFF0;
constexpr std::uint32_t kExtraNumber = 0xFF1;
constexpr std::uint32_t kSequenceNumber = 0xFF2;
constexpr std::uint32_t kMaxPart = 1 << 14;

// "column 3", "postings 3", "terms 3", "rollup 3".
std::string part_name(PartNumber part);

struct StoredPart {
  PartNumber number;
  std::string bytes;  // packed
};

// Where the bytes of a stored part come from, piece by piece, for a part that is not read whole.
class PartSource {
 public:
  virtual ~PartSource() = default;
  // Bytes [begin, begin + size); fewer only where the part ends.
  virtual Result<std::string> read(std::size_t begin, std::size_t size) = 0;
};

// A part's content as it is stored: made small where that pays, with a checksum.
std::string pack_part(std::string_view content);
// kInternal says what is wrong with the bytes.
Result<std::string> unpack_part(std::string_view bytes);
// Looks at the checksum alone.
Result<void> check_part(std::string_view bytes);

}  // namespace daybook::columns
