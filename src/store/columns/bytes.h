// Writing and reading the small parts that all formats of this folder are made of. Integers are
// little-endian or LEB128 varints; texts carry their length. A ByteReader never reads beyond its
// end: it remembers that it failed and gives zeros, so a decoder asks ok() once, before it uses a
// size.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/uuid.h"
#include "catalog/value.h"

namespace daybook::columns {

constexpr std::uint64_t zigzag(std::int64_t v) {
  return (static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t v) {
  return static_cast<std::int64_t>(v >> 1) ^ -static_cast<std::int64_t>(v & 1);
}

inline void put_byte(std::string& out, std::uint8_t v) { out.push_back(static_cast<char>(v)); }
void put_varint(std::string& out, std::uint64_t v);
inline void put_signed(std::string& out, std::int64_t v) { put_varint(out, zigzag(v)); }
void put_text(std::string& out, std::string_view text);

// The bytes of a number as this machine has them; Daybook runs on little-endian machines only.
template <typename T>
void put_fixed(std::string& out, T v) {
  static_assert(std::is_trivially_copyable_v<T>);
  out.append(reinterpret_cast<const char*>(&v), sizeof v);
}

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return !failed_; }
  bool at_end() const { return rest_.empty(); }
  std::size_t size() const { return rest_.size(); }

  std::uint8_t byte();
  std::uint64_t varint();
  std::int64_t signed_varint() { return unzigzag(varint()); }
  std::string_view text() { return take(varint()); }
  std::string_view take(std::uint64_t size);
  // A count of things that take at least `each` bytes: fails when they cannot be there.
  std::size_t count(std::size_t each = 1);

  template <typename T>
  T fixed() {
    T v{};
    const std::string_view bytes = take(sizeof v);
    if (bytes.size() == sizeof v) std::memcpy(&v, bytes.data(), sizeof v);
    return v;
  }

  void fail() {
    failed_ = true;
    rest_ = {};
  }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

// A value with a tag for its kind, so that it reads back as the same value whatever is declared.
void put_value(std::string& out, const Value& value);
// Fails the reader on an unknown tag or lists nested too deep.
Value read_value(ByteReader& in);

}  // namespace daybook::columns
