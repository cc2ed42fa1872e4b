// Column: the values of one field for the rows of one block, in memory; the same thing whether the
// block is open and growing or sealed and decoded. One writer appends; readers may look at the
// positions that were published to them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/uuid.h"
#include "catalog/field.h"
#include "catalog/row.h"
#include "store/columns/dictionary.h"
#include "store/columns/growing.h"

namespace daybook::columns {

// How a type's values lie in memory.
enum class Shape : std::uint8_t {
  kNumber,  // 8 bytes: an int, the bits of a float, microseconds, days, 0 or 1
  kText,    // a code of the column's dictionary; lists and maps as their bytes
  kUuid,    // 16 bytes; what is not a UUID is a code of the dictionary
};
Shape shape_of(Type type);

// A value of shape kNumber or kText from what a column keeps of it.
Value number_value(Type type, std::int64_t number);
Value text_value(Type type, std::string_view text);

// Whether the value is null or what a field of this type holds (Field, catalog/value.h).
bool fits(Type type, const Value& value);

class Column {
 public:
  explicit Column(Type type) : type_(type), shape_(shape_of(type)) {}
  Column(Column&&) noexcept = default;
  Column& operator=(Column&&) noexcept = default;

  Type type() const { return type_; }
  Shape shape() const { return shape_; }

  // Writer. Only a value that fits().
  void append(const Value& value);
  void append_text(std::string_view text);  // of shape kText or kUuid
  void append_number(std::int64_t number);  // of shape kNumber
  void append_null();
  // The value at `position` once more.
  void append_copy(std::size_t position);
  // Forgets what comes after the first n; only what was never published.
  void truncate(std::size_t n) { size_ = n; }
  std::size_t size() const { return size_; }
  // Roughly, of memory.
  std::size_t bytes() const;

  // Readers.
  Value value(std::size_t position) const;
  bool is_null(std::size_t position) const;
  // Of text and UUID shapes: appends the text of a value that is not null.
  std::string text(std::size_t position) const;
  bool equals_text(std::size_t position, std::string_view text) const;
  // The value of a dictionary entry of shape kText.
  Value entry(std::uint32_t code) const { return text_value(type_, dictionary_[code]); }
  Value number_value(std::int64_t number) const {
    return daybook::columns::number_value(type_, number);
  }

  const Growing<std::int64_t>& numbers() const { return numbers_; }
  const Growing<std::uint32_t>& codes() const { return codes_; }
  const Growing<Uuid>& uuids() const { return uuids_; }
  // Of numbers: 1 where there is one. Of UUIDs: kAbsent, kPacked, kCode.
  const Growing<std::uint8_t>& marks() const { return marks_; }
  const Dictionary& dictionary() const { return dictionary_; }
  // The smallest and largest of each kRangeRows numbers; of what was decoded only.
  struct Range {
    std::int64_t low, high;
  };
  static constexpr std::size_t kRangeRows = 1024;
  const std::vector<Range>& ranges() const { return ranges_; }

  enum Mark : std::uint8_t { kAbsent, kPacked, kCode };
  void append_uuid(const Uuid& uuid);

  // For decoders, on an empty column: entries of the dictionary, then all rows at once, as
  // Growing::put_all() writes them. Every code must be that of an entry.
  void limit_entries_to(std::size_t n) { dictionary_.limit_to(n); }
  std::uint32_t add_entry(std::string_view text) { return dictionary_.add(text); }
  template <typename Write>
  Result<void> put_numbers(std::size_t n, Write write) {
    return numbers_.put_all(n, write);
  }
  template <typename Write>
  Result<void> put_codes(std::size_t n, Write write) {
    size_ = n;
    return codes_.put_all(n, write);
  }
  template <typename Write>
  Result<void> put_uuids(std::size_t n, Write write) {
    return uuids_.put_all(n, write);
  }
  template <typename Write>
  Result<void> put_marks(std::size_t n, Write write) {
    size_ = n;
    return marks_.put_all(n, write);
  }
  // Last.
  void find_ranges();

 private:
  Type type_;
  Shape shape_;
  std::size_t size_ = 0;
  Growing<std::int64_t> numbers_;
  Growing<std::uint32_t> codes_;
  Growing<Uuid> uuids_;
  Growing<std::uint8_t> marks_;
  Dictionary dictionary_;
  std::vector<Range> ranges_;
};

// A code kept in the place of a UUID.
Uuid uuid_of_code(std::uint32_t code);
std::uint32_t code_of_uuid(const Uuid& uuid);

// The columns of a block beside its fields, by number after the last field.
struct Layout {
  explicit Layout(std::size_t fields) : id(fields), extra(fields + 1), sequence(fields + 2) {}
  std::size_t id, extra, sequence;
  std::size_t size() const { return sequence + 1; }
};

}  // namespace daybook::columns
