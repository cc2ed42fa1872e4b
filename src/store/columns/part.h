// Parts: what a sealed block is stored as. Every part is one blob of its own, so that a question
// reads the parts it needs and no other; and every part lies in pages that are packed one by one,
// so that a single row or one posting list costs a few pages, not the part.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace daybook::columns {

enum class PartKind : std::uint8_t {
  kColumn = 0,    // the values of one field (encoding.h), or of what rows have beside their fields
  kPostings = 1,  // of an indexed field or the ids (postings.h): where which value is
  kTerms = 2,     // of a searchable text field: where which word is
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

// "column", "postings", "terms", "rollup".
std::string_view kind_name(PartKind kind);
// "column 3", "postings 3", "terms 3", "rollup 3".
std::string part_name(PartNumber part);

struct StoredPart {
  PartNumber number;
  std::string bytes;  // packed
};

// How questions mostly read a part: smaller pages cost less where few places are looked at, and
// more where all of it is unpacked.
enum class Reading { kWhole, kPlaces };

// A part's content as it is stored: in pages with checksums, each made small where that pays.
std::string pack_part(std::string_view content, Reading reading = Reading::kWhole);

// Where a stored part lies: memory or a database.
class StoredBytes {
 public:
  virtual ~StoredBytes() = default;
  virtual std::uint64_t size() const = 0;
  // Writes the bytes [offset, offset + size), which are there, to `out`.
  virtual Result<void> read(std::uint64_t offset, std::size_t size, char* out) = 0;
};

class BytesInMemory final : public StoredBytes {
 public:
  // Lives at least as long as this.
  explicit BytesInMemory(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<void> read(std::uint64_t offset, std::size_t size, char* out) override;

 private:
  std::string_view bytes_;
};

// The content of a stored part; pages are fetched and unpacked when first touched. One thread at a
// time. Errors are kInternal and say what is wrong with the bytes, and of which part they are.
class PartContent {
 public:
  static Result<PartContent> open(std::unique_ptr<StoredBytes> bytes,
                                  std::string name = "part of a block");
  // Of bytes that outlive it.
  static Result<PartContent> open(std::string_view bytes) {
    return open(std::make_unique<BytesInMemory>(bytes));
  }

  std::uint64_t size() const { return size_; }
  // The bytes [offset, offset + size), as long as this lives; fails beyond its end.
  Result<std::string_view> read(std::uint64_t offset, std::uint64_t size);
  Result<std::string_view> all() { return read(0, size_); }
  // How many bytes of it were read: what it takes of memory.
  std::uint64_t bytes_read() const;

 private:
  PartContent() = default;
  Error broken(const std::string& what) const { return {Code::kInternal, name_ + ": " + what}; }
  Result<void> read_head();
  Result<void> unpack_page(std::size_t page);

  std::string name_;
  std::unique_ptr<StoredBytes> bytes_;
  std::uint64_t size_ = 0;
  std::uint64_t page_size_ = 0;
  std::uint64_t pages_begin_ = 0;         // in the stored bytes
  std::vector<std::uint32_t> page_ends_;  // in the stored bytes, from pages_begin_
  std::vector<bool> is_unpacked_;
  std::unique_ptr<char[]> content_;  // of pages that are unpacked
};

// Reads all of it and looks at the checksums.
Result<void> check_part(std::string_view bytes);

}  // namespace daybook::columns
