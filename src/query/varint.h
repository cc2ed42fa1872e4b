// Numbers in few bytes (LEB128), signed ones zigzag. Internal of query/; the taking functions are
// safe on any bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace daybook {

inline void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7F) | 0x80);
  out += static_cast<char>(value);
}

inline void put_signed(std::string& out, std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  put_varint(out, (bits << 1) ^ (value < 0 ? ~std::uint64_t{0} : 0));
}

// Takes the number off the front; empty when there is no whole one.
inline std::optional<std::uint64_t> take_varint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size() && i < 10; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (i == 9 && byte > 1) return std::nullopt;
    value |= static_cast<std::uint64_t>(byte & 0x7F) << (7 * i);
    if (byte >= 0x80) continue;
    bytes.remove_prefix(i + 1);
    return value;
  }
  return std::nullopt;
}

inline std::optional<std::int64_t> take_signed(std::string_view& bytes) {
  const auto bits = take_varint(bytes);
  if (!bits) return std::nullopt;
  return static_cast<std::int64_t>((*bits >> 1) ^ ((*bits & 1) != 0 ? ~std::uint64_t{0} : 0));
}

}  // namespace daybook
