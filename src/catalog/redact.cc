#include "catalog/redact.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/mask.h"
#include "catalog/decode_value.h"

namespace daybook {

namespace {

bool holds_text(const Field& field) {
  switch (field.type) {
    case Type::kText:
    case Type::kJson:
      return true;
    case Type::kChoice:
      return field.is_open;
    case Type::kList:
    case Type::kMap:
      return holds_text(field.element_field());
    case Type::kUuid:
    case Type::kInt:
    case Type::kFloat:
    case Type::kBool:
    case Type::kTime:
    case Type::kDate:
    case Type::kSecret:
      break;
  }
  return false;
}

// The value of what was sent without its secrets; empty when there are none, or when the field
// cannot hold a mask in their place.
std::optional<Value> without_secrets(const Field& field, const json::Value& sent,
                                     std::size_t depth) {
  const auto text = masked("", sent);
  if (!text) return std::nullopt;
  if (field.type == Type::kJson) return Value(Json{*text});
  json::Parser parser;
  const auto again = parser.parse(*text);
  Value value;
  std::vector<Refusal> refusals;
  if (!again.ok() || !decode_into(field, *again, depth, value, refusals)) return std::nullopt;
  return value;
}

}  // namespace

Redaction redact(const Field& field, const json::Value& sent, std::size_t depth, Value& value) {
  if (!holds_text(field)) return Redaction::kNone;
  std::optional<Value> redacted;
  if (const auto* text = value.get_if<std::string>()) {
    if (auto without = masked(*text)) redacted = Value(*std::move(without));
  } else {
    redacted = without_secrets(field, sent, depth);
  }
  if (!redacted) return Redaction::kNone;
  if (field.is_content) return Redaction::kExempt;
  value = *std::move(redacted);
  return Redaction::kMasked;
}

}  // namespace daybook
