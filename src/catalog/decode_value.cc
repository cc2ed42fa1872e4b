#include "catalog/decode_value.h"

#include "base/bug.h"
#include "base/text.h"
#include "base/uuid.h"
#include "catalog/decode.h"
#include "catalog/text_format.h"

namespace daybook {

namespace {

using JsonKind = json::Kind;

constexpr std::size_t kMaxPointerPart = 256;  // bytes of a key

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

bool refuse(std::vector<Refusal>& refusals, std::string phrase) {
  refusals.push_back({"", std::move(phrase)});
  return false;
}

bool refuse_kind(std::vector<Refusal>& refusals, std::string_view wanted, JsonKind kind) {
  return refuse(refusals,
                "must be " + std::string(wanted) + ", not " + std::string(kind_name(kind)));
}

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
  for (const char c : utf8_prefix(key, kMaxPointerPart)) {
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
