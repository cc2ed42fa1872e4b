// Texts and bits beside varint.h, and a reader that never reads beyond its end. Internal of query/.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "query/varint.h"

namespace daybook {

inline void put_text(std::string& out, std::string_view text) {
  put_varint(out, text.size());
  out += text;
}

template <typename T>
void put_bits(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

// Takes values off the front; after a failure it gives zeros.
class ByteTaker {
 public:
  explicit ByteTaker(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return !has_failed_; }
  bool is_at_end() const { return rest_.empty(); }
  std::size_t size() const { return rest_.size(); }
  void fail() {
    has_failed_ = true;
    rest_ = {};
  }

  std::uint64_t number() {
    // Most take one byte.
    if (!rest_.empty() && static_cast<unsigned char>(rest_.front()) < 0x80) {
      const auto small = static_cast<std::uint64_t>(rest_.front());
      rest_.remove_prefix(1);
      return small;
    }
    return checked(take_varint(rest_));
  }
  std::int64_t signed_number() {
    const std::uint64_t bits = number();
    return static_cast<std::int64_t>((bits >> 1) ^ ((bits & 1) != 0 ? ~std::uint64_t{0} : 0));
  }
  // Goes past so many numbers, whatever they are.
  void skip_numbers(std::uint64_t count) {
    constexpr std::uint64_t kTops = 0x8080808080808080;
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    // Eight bytes at once: the top bit is clear in the last byte of each number.
    while (count > 0 && rest_.size() >= sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, rest_.data(), sizeof(word));
      std::uint64_t ends = ~word & kTops;
      const std::uint64_t found = ((ends >> 7) * kOnes) >> 56;
      if (found < count) {
        count -= found;
        rest_.remove_prefix(sizeof(word));
        continue;
      }
      for (; count > 1; --count) ends &= ends - 1;
      rest_.remove_prefix(static_cast<std::size_t>(std::countr_zero(ends)) / 8 + 1);
      return;
    }
    for (; count > 0 && !rest_.empty(); rest_.remove_prefix(1)) {
      if (static_cast<unsigned char>(rest_.front()) < 0x80) --count;
    }
    if (count > 0) fail();
  }
  std::string_view bytes(std::uint64_t size) {
    if (size > rest_.size()) {
      fail();
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::string_view text() { return bytes(number()); }
  template <typename T>
  T bits() {
    T value{};
    const std::string_view taken = bytes(sizeof(T));
    if (taken.size() == sizeof(T)) std::memcpy(&value, taken.data(), sizeof(T));
    return value;
  }
  // A number of things of at least one byte each.
  std::size_t count() {
    const std::uint64_t n = number();
    if (n > rest_.size()) fail();
    return ok() ? n : 0;
  }
  // Below `bound`.
  std::uint32_t index(std::size_t bound) {
    const std::uint64_t n = number();
    if (n >= bound) fail();
    return ok() ? static_cast<std::uint32_t>(n) : 0;
  }
  std::string_view& rest() { return rest_; }

 private:
  template <typename T>
  T checked(const std::optional<T>& taken) {
    if (!taken) fail();
    return taken.value_or(0);
  }

  std::string_view rest_;
  bool has_failed_ = false;
};

}  // namespace daybook
