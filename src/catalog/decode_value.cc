#include "catalog/decode_value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "base/bug.h"
#include "base/text.h"
#include "base/uuid.h"
#include "catalog/decode.h"
#include "catalog/text_format.h"

namespace daybook {

namespace {

using JsonKind = json::Kind;

// Whole numbers up to here are the same as int and as double.
constexpr double kExactDouble = 9007199254740992.0;  // 2^53

bool refuse(std::vector<Refusal>& refusals, std::string phrase) {
  refusals.push_back({"", std::move(phrase)});
  return false;
}

bool refuse_kind(std::vector<Refusal>& refusals, std::string_view wanted, JsonKind kind) {
  return refuse(refusals,
                "must be " + std::string(wanted) + ", not " + std::string(kind_name(kind)));
}

std::string number_text(double number) {
  if (number == std::trunc(number) && std::abs(number) <= kExactDouble) {
    return std::to_string(static_cast<std::int64_t>(number));
  }
  std::string out;
  json::Writer(out).value(number);
  return out;
}

// "between 100 and 599", "at least 1", "at most 5".
std::string range_text(const Field& field) {
  if (field.min && field.max) {
    return "between " + number_text(*field.min) + " and " + number_text(*field.max);
  }
  return field.min ? "at least " + number_text(*field.min) : "at most " + number_text(*field.max);
}

bool is_within(const Field& field, double number) {
  return (!field.min || number >= *field.min) && (!field.max || number <= *field.max);
}

bool keep_number(const Field& field, Value number, Value& out, std::vector<Refusal>& refusals) {
  if (!is_within(field, number.number())) {
    return refuse(refusals, "must be " + range_text(field) + ", not " + debug_text(number));
  }
  out = std::move(number);
  return true;
}

std::optional<std::int64_t> parse_whole(std::string_view text) {
  std::int64_t whole = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return whole;
}

// As text, for clients whose own numbers are doubles.
bool decode_whole_text(const Field& field, std::string_view text, Value& out,
                       std::vector<Refusal>& refusals) {
  const auto whole = parse_whole(text);
  if (!whole) return refuse(refusals, "must be a whole number of 64 bits, not " + shown(text));
  return keep_number(field, *whole, out, refusals);
}

bool decode_int(const Field& field, const json::Value& value, Value& out,
                std::vector<Refusal>& refusals) {
  switch (value.kind()) {
    case JsonKind::kInt:
      return keep_number(field, value.as_int(), out, refusals);
    case JsonKind::kUint:
      return refuse(refusals,
                    "must be a whole number of 64 bits, not " + std::to_string(value.as_uint()));
    case JsonKind::kFloat: {
      const double number = value.as_float();
      if (number != std::trunc(number) || std::abs(number) > kExactDouble) {
        return refuse(refusals, "must be a whole number, not " + number_text(number));
      }
      return keep_number(field, static_cast<std::int64_t>(number), out, refusals);
    }
    case JsonKind::kString:
      return decode_whole_text(field, value.as_string(), out, refusals);
    case JsonKind::kNull:
    case JsonKind::kBool:
    case JsonKind::kArray:
    case JsonKind::kObject:
    case JsonKind::kUnreadable:
      return refuse_kind(refusals, "a whole number", value.kind());
  }
  bug("a JSON value of no kind");
}

// The double that is the same number, if there is one.
template <typename Whole>
std::optional<double> exact_double(Whole whole) {
  const auto number = static_cast<double>(whole);
  // The largest values round up to a power of two that the integer cannot hold.
  if (number >= std::ldexp(1.0, std::numeric_limits<Whole>::digits)) return std::nullopt;
  return static_cast<Whole>(number) == whole ? std::optional(number) : std::nullopt;
}

bool decode_float(const Field& field, const json::Value& value, Value& out,
                  std::vector<Refusal>& refusals) {
  const JsonKind kind = value.kind();
  if (kind == JsonKind::kFloat) return keep_number(field, value.as_float(), out, refusals);
  if (kind != JsonKind::kInt && kind != JsonKind::kUint)
    return refuse_kind(refusals, "a number", kind);
  const auto number =
      kind == JsonKind::kInt ? exact_double(value.as_int()) : exact_double(value.as_uint());
  if (!number) {
    return refuse(refusals, "must be a number that a float keeps exactly, such as 2^53 or less");
  }
  return keep_number(field, *number, out, refusals);
}

bool decode_uuid(std::string_view text, Value& out, std::vector<Refusal>& refusals) {
  std::string canonical = ascii_lower(text);
  if (!parse_uuid(canonical)) {
    return refuse(refusals, "must be a UUID such as 0197a0c4-5d1e-7c3a-9f00-2b6d3c1e8a55, not " +
                                shown(text));
  }
  out = Value(std::move(canonical));
  return true;
}

bool decode_time(std::string_view text, Value& out, std::vector<Refusal>& refusals) {
  const Result<Instant> instant = parse_instant(text);
  if (!instant.ok()) {
    return refuse(refusals, "must be a time such as 2025-12-05T14:00:00Z, not " + shown(text));
  }
  out = Value(*instant);
  return true;
}

bool decode_date(std::string_view text, Value& out, std::vector<Refusal>& refusals) {
  const Result<Date> date = parse_date(text);
  if (!date.ok()) {
    return refuse(refusals, "must be a date such as 2025-12-05, not " + shown(text));
  }
  out = Value(*date);
  return true;
}

bool decode_choice(const Field& field, std::string_view text, Value& out,
                   std::vector<Refusal>& refusals) {
  for (const std::string& choice : field.choices) {
    if (choice != text) continue;
    out = Value(text);
    return true;
  }
  for (const auto& [said, stored] : field.aliases) {
    if (said != text) continue;
    out = Value(stored);
    return true;
  }
  if (field.is_open) return decode_plain_text(field, text, out, refusals);
  return refuse(refusals, shown(text) + " is not one of " + join(field.choices, ", "));
}

// What comes as a JSON string.
bool decode_string(const Field& field, std::string_view text, Value& out,
                   std::vector<Refusal>& refusals) {
  switch (field.type) {
    case Type::kUuid:
      return decode_uuid(text, out, refusals);
    case Type::kTime:
      return decode_time(text, out, refusals);
    case Type::kDate:
      return decode_date(text, out, refusals);
    case Type::kChoice:
      return decode_choice(field, text, out, refusals);
    case Type::kText:
    case Type::kInt:
    case Type::kFloat:
    case Type::kBool:
    case Type::kJson:
    case Type::kList:
    case Type::kMap:
    case Type::kSecret:
      return decode_plain_text(field, text, out, refusals);
  }
  bug("a field of no type");
}

// What decode_string() wants, for the message when it is no string.
std::string_view string_name(Type type) {
  if (type == Type::kUuid) return "a UUID";
  if (type == Type::kTime) return "a time such as 2025-12-05T14:00:00Z";
  if (type == Type::kDate) return "a date such as 2025-12-05";
  return "a text";
}

bool check_count(const Field& field, std::size_t count, std::vector<Refusal>& refusals) {
  if (is_within(field, static_cast<double>(count))) return true;
  return refuse(refusals,
                "must have " + range_text(field) + " entries, not " + std::to_string(count));
}

bool is_too_deep(std::size_t depth, std::vector<Refusal>& refusals) {
  if (depth <= kMaxRowDepth) return false;
  refuse(refusals, "is nested deeper than " + std::to_string(kMaxRowDepth));
  return true;
}

// One element of a list or map; what is wrong is said to be below `key`.
bool decode_element(const Field& field, std::string_view key, const json::Value& value,
                    std::size_t depth, Value& out, std::vector<Refusal>& refusals) {
  const std::size_t before = refusals.size();
  bool taken = false;
  if (value.kind() == JsonKind::kNull) {
    refuse(refusals, "must not be null");
  } else {
    taken = decode_into(field.element_field(), value, depth, out, refusals);
  }
  for (std::size_t i = before; i < refusals.size(); ++i) {
    refusals[i].at.insert(0, pointer_part(key));
  }
  return taken;
}

bool decode_list(const Field& field, const json::Value& value, std::size_t depth, Value& out,
                 std::vector<Refusal>& refusals) {
  if (value.kind() != JsonKind::kArray) return refuse_kind(refusals, "an array", value.kind());
  if (is_too_deep(depth, refusals)) return false;
  List list;
  bool taken = true;
  auto elements = value.elements();
  while (const auto element = elements.next()) {
    Value item;
    taken &=
        decode_element(field, std::to_string(list.size()), *element, depth + 1, item, refusals);
    list.push_back(std::move(item));
  }
  if (!taken || !check_count(field, list.size(), refusals)) return false;
  out = Value(std::move(list));
  return true;
}

constexpr std::size_t kMaxMapKey = 256;

bool check_map_key(const Field& field, std::string_view key, std::vector<Refusal>& refusals) {
  if (key.empty() || key.size() > kMaxMapKey) {
    refusals.push_back(
        {pointer_part(key), "must have a name of 1 to " + std::to_string(kMaxMapKey) + " bytes"});
    return false;
  }
  const auto& keys = field.keys;
  if (keys.empty() || field.is_open) return true;
  if (std::find(keys.begin(), keys.end(), key) != keys.end()) return true;
  refusals.push_back({pointer_part(key), "is not one of " + join(keys, ", ")});
  return false;
}

bool decode_map(const Field& field, const json::Value& value, std::size_t depth, Value& out,
                std::vector<Refusal>& refusals) {
  if (value.kind() != JsonKind::kObject) return refuse_kind(refusals, "an object", value.kind());
  if (is_too_deep(depth, refusals)) return false;
  Map map;
  bool taken = true;
  auto members = value.members();
  while (const auto member = members.next()) {
    if (member->second.kind() == JsonKind::kNull) continue;  // as if it were not there
    MapEntry entry{std::string(member->first), {}};
    taken &= check_map_key(field, entry.key, refusals);
    taken &= decode_element(field, entry.key, member->second, depth + 1, entry.value, refusals);
    map.push_back(std::move(entry));
  }
  std::sort(map.begin(), map.end(),
            [](const MapEntry& a, const MapEntry& b) { return a.key < b.key; });
  const auto twice = std::adjacent_find(
      map.begin(), map.end(), [](const MapEntry& a, const MapEntry& b) { return a.key == b.key; });
  if (twice != map.end()) {
    refusals.push_back({pointer_part(twice->key), "is given twice"});
    return false;
  }
  if (!taken || !check_count(field, map.size(), refusals)) return false;
  out = Value(std::move(map));
  return true;
}

bool decode_json(const json::Value& value, std::size_t depth, Value& out,
                 std::vector<Refusal>& refusals) {
  if (!check_tree(value, depth, refusals)) return false;
  Json json;
  value.write(json.text);
  out = Value(std::move(json));
  return true;
}

// The phrases as one message that names the entries.
Error one_error(const std::vector<Refusal>& refusals) {
  std::string message;
  for (const Refusal& refusal : refusals) {
    if (!message.empty()) message += "; ";
    if (!refusal.at.empty()) message += "entry " + refusal.at.substr(1) + " ";
    message += refusal.phrase;
  }
  return {Code::kInvalid, message};
}

bool decode_json_text(const Field& field, std::string_view text, Value& out,
                      std::vector<Refusal>& refusals) {
  json::Parser parser;
  const Result<json::Value> value = parser.parse(text);
  if (!value.ok()) {
    return refuse(refusals, "must be JSON: " + value.error().message());
  }
  if (value->kind() == JsonKind::kNull) return refuse(refusals, "must not be null");
  return decode_into(field, *value, 2, out, refusals);
}

bool decode_float_text(const Field& field, std::string_view text, Value& out,
                       std::vector<Refusal>& refusals) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end || !std::isfinite(number)) {
    return refuse(refusals, "must be a number, not " + shown(text));
  }
  return keep_number(field, number, out, refusals);
}

bool decode_text_into(const Field& field, std::string_view text, Value& out,
                      std::vector<Refusal>& refusals) {
  switch (field.type) {
    case Type::kInt:
      return decode_whole_text(field, text, out, refusals);
    case Type::kFloat:
      return decode_float_text(field, text, out, refusals);
    case Type::kBool:
      if (text != "true" && text != "false") {
        return refuse(refusals, "must be true or false, not " + shown(text));
      }
      out = Value(text == "true");
      return true;
    case Type::kJson:
    case Type::kList:
    case Type::kMap:
      return decode_json_text(field, text, out, refusals);
    case Type::kText:
    case Type::kUuid:
    case Type::kTime:
    case Type::kDate:
    case Type::kChoice:
    case Type::kSecret:
      return decode_string(field, text, out, refusals);
  }
  bug("a field of no type");
}

Error secret_error() {
  return {Code::kInvalid, "is a secret; it is taken with its row only, and never compared"};
}

}  // namespace

std::string_view kind_name(json::Kind kind) {
  switch (kind) {
    case JsonKind::kNull:
      return "null";
    case JsonKind::kBool:
      return "true or false";
    case JsonKind::kInt:
    case JsonKind::kUint:
    case JsonKind::kFloat:
      return "a number";
    case JsonKind::kString:
      return "a string";
    case JsonKind::kArray:
      return "an array";
    case JsonKind::kObject:
      return "an object";
    case JsonKind::kUnreadable:
      return "an unreadable value";
  }
  bug("a JSON value of no kind");
}

std::string shown(std::string_view text) {
  constexpr std::size_t kShownBytes = 60;
  if (text.size() <= kShownBytes) return "'" + std::string(text) + "'";
  return "'" + std::string(utf8_prefix(text, kShownBytes)) + "...'";
}

std::string pointer_part(std::string_view key) {
  constexpr std::string_view kPlain = "-._~!$&'()*+,;=:@?";
  std::string out = "/";
  for (const char c : key) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || kPlain.find(c) != kPlain.npos;
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else if (is_plain) {
      out += c;
    } else {
      out += '%';
      out += hex(std::string_view(&c, 1));
    }
  }
  return out;
}

bool check_tree(const json::Value& value, std::size_t depth, std::vector<Refusal>& refusals) {
  const JsonKind kind = value.kind();
  if (kind == JsonKind::kUnreadable) return refuse(refusals, std::string(value.reason()));
  if (kind != JsonKind::kArray && kind != JsonKind::kObject) return true;
  if (is_too_deep(depth, refusals)) return false;
  if (kind == JsonKind::kArray) {
    auto elements = value.elements();
    while (const auto element = elements.next()) {
      if (!check_tree(*element, depth + 1, refusals)) return false;
    }
    return true;
  }
  auto members = value.members();
  while (const auto member = members.next()) {
    if (check_tree(member->second, depth + 1, refusals)) continue;
    refusals.back().at.insert(0, pointer_part(member->first));
    return false;
  }
  return true;
}

bool decode_plain_text(const Field& field, std::string_view text, Value& out,
                       std::vector<Refusal>& refusals) {
  const auto size = static_cast<double>(text.size());
  if (field.min && size < *field.min) {
    return refuse(refusals, "must have at least " + number_text(*field.min) + " bytes, not " +
                                std::to_string(text.size()));
  }
  const double max = field.max.value_or(static_cast<double>(kMaxTextBytes));
  if (size > max) {
    return refuse(refusals, "must have at most " + number_text(max) + " bytes, not " +
                                std::to_string(text.size()));
  }
  if (field.format != Format::kNone && !has_format(text, field.format)) {
    return refuse(refusals, "must be " + std::string(format_description(field.format)) + ", not " +
                                shown(text));
  }
  out = field.fold_case ? Value(fold_case(text)) : Value(text);
  return true;
}

bool decode_into(const Field& field, const json::Value& value, std::size_t depth, Value& out,
                 std::vector<Refusal>& refusals) {
  const JsonKind kind = value.kind();
  if (kind == JsonKind::kUnreadable) return refuse(refusals, std::string(value.reason()));
  switch (field.type) {
    case Type::kText:
    case Type::kUuid:
    case Type::kTime:
    case Type::kDate:
    case Type::kChoice:
    case Type::kSecret:
      if (kind != JsonKind::kString) return refuse_kind(refusals, string_name(field.type), kind);
      return decode_string(field, value.as_string(), out, refusals);
    case Type::kInt:
      return decode_int(field, value, out, refusals);
    case Type::kFloat:
      return decode_float(field, value, out, refusals);
    case Type::kBool:
      if (kind != JsonKind::kBool) return refuse_kind(refusals, "true or false", kind);
      out = Value(value.as_bool());
      return true;
    case Type::kJson:
      return decode_json(value, depth, out, refusals);
    case Type::kList:
      return decode_list(field, value, depth, out, refusals);
    case Type::kMap:
      return decode_map(field, value, depth, out, refusals);
  }
  bug("a field of no type");
}

Result<Value> decode_value(const Field& field, const json::Value& value) {
  if (field.type == Type::kSecret) return secret_error();
  if (value.kind() == JsonKind::kNull) return Value();
  Value out;
  std::vector<Refusal> refusals;
  if (!decode_into(field, value, 2, out, refusals)) return one_error(refusals);
  return out;
}

Result<Value> decode_text(const Field& field, std::string_view text) {
  if (field.type == Type::kSecret) return secret_error();
  if (find_invalid_utf8(text) != text.npos) {
    return Error(Code::kInvalid, "is not valid UTF-8");
  }
  if (text.find('\0') != text.npos) return Error(Code::kInvalid, "must not contain NUL");
  Value out;
  std::vector<Refusal> refusals;
  if (!decode_text_into(field, text, out, refusals)) return one_error(refusals);
  return out;
}

}  // namespace daybook
