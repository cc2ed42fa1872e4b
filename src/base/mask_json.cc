#include "base/mask.h"
#include "base/secret_name.h"

namespace daybook {
namespace {

using JsonKind = json::Kind;

bool is_number(JsonKind kind) {
  return kind == JsonKind::kInt || kind == JsonKind::kUint || kind == JsonKind::kFloat;
}

// What a name says of a member holds for everything inside it.
NameKind kind_within(NameKind outer, std::string_view name) {
  return outer == NameKind::kPlain ? kind_of_name(name) : outer;
}

// Whether the name alone says that a text or number is to be masked.
bool is_named_secret(NameKind kind, const json::Value& value) {
  if (value.kind() == JsonKind::kString) {
    return kind != NameKind::kPlain && !value.as_string().empty() && value.as_string() != kMask;
  }
  return kind == NameKind::kSecret && is_number(value.kind());
}

bool holds_secret(NameKind kind, const json::Value& value) {
  if (value.kind() == JsonKind::kObject) {
    auto members = value.members();
    while (const auto member = members.next()) {
      if (holds_secret(kind_within(kind, member->first), member->second)) return true;
    }
    return false;
  }
  if (value.kind() == JsonKind::kArray) {
    auto elements = value.elements();
    while (const auto element = elements.next()) {
      if (holds_secret(kind, *element)) return true;
    }
    return false;
  }
  if (is_named_secret(kind, value)) return true;
  return value.kind() == JsonKind::kString && masked(value.as_string()).has_value();
}

void write_masked(NameKind kind, const json::Value& value, json::Writer& out);

void write_members(NameKind kind, const json::Value& object, json::Writer& out) {
  out.begin_object();
  auto members = object.members();
  while (const auto member = members.next()) {
    out.key(member->first);
    write_masked(kind_within(kind, member->first), member->second, out);
  }
  out.end_object();
}

void write_elements(NameKind kind, const json::Value& array, json::Writer& out) {
  out.begin_array();
  auto elements = array.elements();
  while (const auto element = elements.next()) write_masked(kind, *element, out);
  out.end_array();
}

void write_masked(NameKind kind, const json::Value& value, json::Writer& out) {
  if (value.kind() == JsonKind::kObject) return write_members(kind, value, out);
  if (value.kind() == JsonKind::kArray) return write_elements(kind, value, out);
  if (is_named_secret(kind, value)) {
    out.value(kMask);
    return;
  }
  if (value.kind() == JsonKind::kString) {
    const auto without = masked(value.as_string());
    out.value(without ? std::string_view(*without) : value.as_string());
    return;
  }
  std::string text;
  value.write(text);
  out.raw(text);
}

}  // namespace

std::optional<std::string> masked(std::string_view name, const json::Value& value) {
  const NameKind kind = kind_of_name(name);
  if (!holds_secret(kind, value)) return std::nullopt;
  std::string text;
  json::Writer out(text);
  write_masked(kind, value, out);
  return text;
}

}  // namespace daybook
