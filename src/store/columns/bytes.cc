// A value is a tag byte and its content:
//   0 null | 1 false | 2 true | 3 int: zigzag varint | 4 float: 8 bytes | 5 instant: zigzag varint
//   of microseconds | 6 date: zigzag varint of days | 7 text | 8 packed UUID: 16 bytes | 9 json:
//   text | 10 list: count, values | 11 map: count, (text key, value)
// A tag keeps its meaning for ever; new kinds take new tags.
#include "store/columns/bytes.h"

#include <utility>
#include <variant>

namespace daybook::columns {

namespace {

enum Tag : std::uint8_t {
  kNull,
  kFalse,
  kTrue,
  kInt,
  kFloat,
  kInstant,
  kDate,
  kText,
  kPackedUuid,
  kJson,
  kList,
  kMap,
};

// Rows are checked for depth when they come in; this bounds what hostile bytes can do.
constexpr int kMaxDepth = 64;

struct Putter {
  std::string& out;

  void operator()(std::monostate) const { put_byte(out, kNull); }
  void operator()(bool v) const { put_byte(out, v ? kTrue : kFalse); }
  void operator()(std::int64_t v) const {
    put_byte(out, kInt);
    put_signed(out, v);
  }
  void operator()(double v) const {
    put_byte(out, kFloat);
    put_fixed(out, v);
  }
  void operator()(Instant v) const {
    put_byte(out, kInstant);
    put_signed(out, micros(v));
  }
  void operator()(Date v) const {
    put_byte(out, kDate);
    put_signed(out, v.time_since_epoch().count());
  }
  void operator()(const std::string& v) const {
    if (v.size() == 36) {
      if (const auto uuid = parse_uuid(v)) {
        put_byte(out, kPackedUuid);
        put_fixed(out, *uuid);
        return;
      }
    }
    put_byte(out, kText);
    put_text(out, v);
  }
  void operator()(const Json& v) const {
    put_byte(out, kJson);
    put_text(out, v.text);
  }
  void operator()(const List& v) const {
    put_byte(out, kList);
    put_varint(out, v.size());
    for (const Value& element : v) put_value(out, element);
  }
  void operator()(const Map& v) const {
    put_byte(out, kMap);
    put_varint(out, v.size());
    for (const MapEntry& entry : v) {
      put_text(out, entry.key);
      put_value(out, entry.value);
    }
  }
};

Value read_nested(ByteReader& in, int depth);

Value read_list(ByteReader& in, int depth) {
  List list;
  const std::size_t count = in.count();
  for (std::size_t i = 0; i < count && in.ok(); ++i) list.push_back(read_nested(in, depth + 1));
  return Value(std::move(list));
}

Value read_map(ByteReader& in, int depth) {
  Map map;
  const std::size_t count = in.count(2);
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    std::string key(in.text());
    map.push_back({std::move(key), read_nested(in, depth + 1)});
  }
  return Value(std::move(map));
}

Value read_nested(ByteReader& in, int depth) {
  if (depth > kMaxDepth) {
    in.fail();
    return {};
  }
  switch (in.byte()) {
    case kNull:
      return {};
    case kFalse:
      return Value(false);
    case kTrue:
      return Value(true);
    case kInt:
      return Value(in.signed_varint());
    case kFloat:
      return Value(in.fixed<double>());
    case kInstant:
      return Value(from_micros(in.signed_varint()));
    case kDate:
      return Value(Date(std::chrono::days(static_cast<int>(in.signed_varint()))));
    case kText:
      return Value(in.text());
    case kPackedUuid:
      return Value(format_uuid(in.fixed<Uuid>()));
    case kJson:
      return Value(Json{std::string(in.text())});
    case kList:
      return read_list(in, depth);
    case kMap:
      return read_map(in, depth);
    default:
      in.fail();
      return {};
  }
}

}  // namespace

void put_varint(std::string& out, std::uint64_t v) {
  char bytes[10];
  std::size_t size = 0;
  while (v >= 0x80) {
    bytes[size++] = static_cast<char>(v | 0x80);
    v >>= 7;
  }
  bytes[size++] = static_cast<char>(v);
  out.append(bytes, size);
}

void put_text(std::string& out, std::string_view text) {
  put_varint(out, text.size());
  out.append(text);
}

std::uint8_t ByteReader::byte() {
  if (rest_.empty()) {
    fail();
    return 0;
  }
  const auto v = static_cast<std::uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  return v;
}

std::uint64_t ByteReader::varint() {
  std::uint64_t v = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint8_t b = byte();
    v |= static_cast<std::uint64_t>(b & 0x7F) << shift;
    if (b < 0x80) return v;
  }
  fail();
  return 0;
}

std::string_view ByteReader::take(std::uint64_t size) {
  if (size > rest_.size()) {
    fail();
    return {};
  }
  const std::string_view bytes = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return bytes;
}

std::size_t ByteReader::count(std::size_t each) {
  const std::uint64_t n = varint();
  if (n > rest_.size() / each) {
    fail();
    return 0;
  }
  return n;
}

void put_value(std::string& out, const Value& value) { std::visit(Putter{out}, value.data()); }

Value read_value(ByteReader& in) { return read_nested(in, 0); }

}  // namespace daybook::columns
