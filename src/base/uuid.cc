#include "base/uuid.h"

#include <algorithm>

#include "base/hash.h"

namespace daybook {
namespace {

constexpr std::size_t kTextSize = 36;
constexpr std::uint64_t kLowMask = (std::uint64_t{1} << 62) - 1;
// The random base leaves the highest of the 74 bits free, so that counting up never wraps around.
constexpr std::uint64_t kHighMask = (std::uint64_t{1} << 11) - 1;

bool is_dash_place(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

void put_big_endian(Uuid& uuid, std::size_t at, std::size_t size, std::uint64_t value) {
  for (std::size_t i = size; i-- > 0; value >>= 8) uuid[at + i] = static_cast<std::uint8_t>(value);
}

}  // namespace

std::optional<Uuid> parse_uuid(std::string_view text) {
  if (text.size() != kTextSize) return std::nullopt;
  Uuid uuid{};
  std::size_t nibble = 0;
  for (std::size_t i = 0; i < kTextSize; ++i) {
    if (is_dash_place(i)) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const int digit = digit_of(text[i]);
    if (digit < 0) return std::nullopt;
    uuid[nibble / 2] = static_cast<std::uint8_t>(uuid[nibble / 2] << 4 | digit);
    ++nibble;
  }
  return uuid;
}

std::string format_uuid(const Uuid& uuid) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(kTextSize, '-');
  std::size_t at = 0;
  for (const std::uint8_t byte : uuid) {
    if (is_dash_place(at)) ++at;
    text[at++] = kDigits[byte >> 4];
    text[at++] = kDigits[byte & 15];
  }
  return text;
}

std::optional<Instant> uuid_time(const Uuid& uuid) {
  if (uuid[6] >> 4 != 7) return std::nullopt;
  std::int64_t milliseconds = 0;
  for (std::size_t i = 0; i < 6; ++i) milliseconds = milliseconds << 8 | uuid[i];
  return Instant(std::chrono::milliseconds(milliseconds));
}

IdMaker::IdMaker() : high_(random64() & kHighMask), low_(random64() & kLowMask) {}

std::string IdMaker::make(Instant time) {
  // Version 7 has no room for times before 1970.
  const auto since_epoch =
      std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
  Uuid uuid{};
  put_big_endian(uuid, 0, 6, static_cast<std::uint64_t>(std::max<std::int64_t>(since_epoch, 0)));
  put_big_endian(uuid, 6, 2, 0x7000 | high_);
  put_big_endian(uuid, 8, 8, std::uint64_t{0b10} << 62 | low_);
  low_ = (low_ + 1) & kLowMask;
  if (low_ == 0) ++high_;
  return format_uuid(uuid);
}

}  // namespace daybook
