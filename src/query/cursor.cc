// A cursor is base64url of
//
//   byte      1, the version
//   8 bytes   hash64 of the question, little end first
//   byte      1 when there is a time, 2 more when there is a tenant
//   varint    the time: its microseconds, zigzag
//   text      the id: varint of its size, then the bytes
//   varint    number of keys, each a byte for its kind and then
//             0 null, 1 false, 2 true; 3 varint int; 4 8 bytes float; 5 varint instant; 6 varint
//             days; 7 text
//   a key     the tenant
#include "query/cursor.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>

#include "base/hash.h"
#include "base/text.h"
#include "query/varint.h"

namespace daybook {
namespace {

constexpr char kVersion = 1;
// More than any cursor of ours needs: eight keys, texts of the greatest size among them.
constexpr std::size_t kMaxBytes = std::size_t{1} << 20;

constexpr int kHasTime = 1;
constexpr int kHasTenant = 2;

enum Tag : char { kNull, kFalse, kTrue, kInt, kFloat, kInstant, kDate, kText };

void put_fixed(std::string& out, std::uint64_t value) {
  for (int i = 0; i < 8; ++i) out += static_cast<char>(value >> (8 * i));
}

std::optional<std::uint64_t> take_fixed(std::string_view& bytes) {
  if (bytes.size() < 8) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  bytes.remove_prefix(8);
  return value;
}

void put_text(std::string& out, std::string_view text) {
  put_varint(out, text.size());
  out += text;
}

std::optional<std::string> take_text(std::string_view& bytes) {
  const auto size = take_varint(bytes);
  if (!size || *size > bytes.size()) return std::nullopt;
  const std::string_view text = bytes.substr(0, *size);
  if (find_invalid_utf8(text) != text.npos || text.find('\0') != text.npos) return std::nullopt;
  bytes.remove_prefix(*size);
  return std::string(text);
}

std::optional<char> take_byte(std::string_view& bytes) {
  if (bytes.empty()) return std::nullopt;
  const char byte = bytes.front();
  bytes.remove_prefix(1);
  return byte;
}

// Only kinds that rows can be ordered by.
void put_value(std::string& out, const Value& value) {
  if (const auto* truth = value.get_if<bool>()) {
    out += *truth ? kTrue : kFalse;
  } else if (const auto* whole = value.get_if<std::int64_t>()) {
    out += kInt;
    put_signed(out, *whole);
  } else if (const auto* number = value.get_if<double>()) {
    out += kFloat;
    put_fixed(out, std::bit_cast<std::uint64_t>(*number));
  } else if (const auto* instant = value.get_if<Instant>()) {
    out += kInstant;
    put_signed(out, micros(*instant));
  } else if (const auto* date = value.get_if<Date>()) {
    out += kDate;
    put_signed(out, date->time_since_epoch().count());
  } else if (const auto* text = value.get_if<std::string>()) {
    out += kText;
    put_text(out, *text);
  } else {
    out += kNull;
  }
}

std::optional<Instant> take_instant(std::string_view& bytes) {
  const auto us = take_signed(bytes);
  if (!us || *us < micros(min_instant()) || *us > micros(max_instant())) return std::nullopt;
  return from_micros(*us);
}

std::optional<Value> take_date(std::string_view& bytes) {
  const auto days = take_signed(bytes);
  const Date first = std::chrono::floor<std::chrono::days>(min_instant());
  const Date last = std::chrono::floor<std::chrono::days>(max_instant());
  if (!days || *days < first.time_since_epoch().count() ||
      *days > last.time_since_epoch().count()) {
    return std::nullopt;
  }
  return Value(Date(std::chrono::days(*days)));
}

std::optional<Value> take_float(std::string_view& bytes) {
  const auto bits = take_fixed(bytes);
  if (!bits || !std::isfinite(std::bit_cast<double>(*bits))) return std::nullopt;
  return Value(std::bit_cast<double>(*bits));
}

template <typename T>
std::optional<Value> as_value(std::optional<T> taken) {
  if (!taken) return std::nullopt;
  return Value(*std::move(taken));
}

std::optional<Value> take_value(std::string_view& bytes) {
  switch (take_byte(bytes).value_or(-1)) {
    case kNull:
      return Value();
    case kFalse:
      return Value(false);
    case kTrue:
      return Value(true);
    case kInt:
      return as_value(take_signed(bytes));
    case kFloat:
      return take_float(bytes);
    case kInstant:
      return as_value(take_instant(bytes));
    case kDate:
      return take_date(bytes);
    case kText:
      return as_value(take_text(bytes));
    default:
      return std::nullopt;
  }
}

std::optional<Place> take_place(std::string_view& bytes) {
  Place place;
  const auto parts = take_byte(bytes);
  if (!parts || (*parts & ~(kHasTime | kHasTenant)) != 0) return std::nullopt;
  if ((*parts & kHasTime) != 0) {
    place.time = take_instant(bytes);
    if (!place.time) return std::nullopt;
  }
  auto id = take_text(bytes);
  const auto keys = take_varint(bytes);
  if (!id || !keys || *keys > bytes.size()) return std::nullopt;
  place.id = *std::move(id);
  for (std::uint64_t i = 0; i < *keys; ++i) {
    auto value = take_value(bytes);
    if (!value) return std::nullopt;
    place.keys.push_back(*std::move(value));
  }
  if ((*parts & kHasTenant) != 0) {
    auto tenant = take_value(bytes);
    if (!tenant || tenant->is_null()) return std::nullopt;
    place.tenant = *std::move(tenant);
  }
  if (!bytes.empty()) return std::nullopt;
  return place;
}

Error malformed(std::string_view why) {
  return {Code::kMalformed, "the cursor " + std::string(why)};
}

}  // namespace

std::string encode_cursor(const Place& place, std::string_view question) {
  std::string out(1, kVersion);
  put_fixed(out, hash64(question));
  const bool has_tenant = !place.tenant.is_null();
  out += static_cast<char>((place.time ? kHasTime : 0) | (has_tenant ? kHasTenant : 0));
  if (place.time) put_signed(out, micros(*place.time));
  put_text(out, place.id);
  put_varint(out, place.keys.size());
  for (const Value& value : place.keys) put_value(out, value);
  if (has_tenant) put_value(out, place.tenant);
  return base64url(out);
}

Result<Place> decode_cursor(std::string_view cursor, std::string_view question) {
  if (cursor.size() > kMaxBytes) return malformed("is longer than any that was given out");
  const auto bytes = parse_base64url(cursor);
  if (!bytes || !bytes->starts_with(kVersion)) return malformed("was not given out here");
  std::string_view rest = *bytes;
  rest.remove_prefix(1);
  const auto hash = take_fixed(rest);
  if (!hash) return malformed("was not given out here");
  if (*hash != hash64(question)) {
    return malformed("belongs to another question; leave it out to begin anew");
  }
  auto place = take_place(rest);
  if (!place) return malformed("was not given out here");
  return *std::move(place);
}

}  // namespace daybook
