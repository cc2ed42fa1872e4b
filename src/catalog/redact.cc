#include "catalog/redact.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/mask.h"
#include "catalog/encode.h"

namespace daybook {

namespace {

bool folds(const Field& field) {
  const bool has_elements = field.type == Type::kList || field.type == Type::kMap;
  return has_elements ? folds(field.element_field()) : field.fold_case;
}

bool refuse_mask(std::vector<Refusal>& refusals, std::size_t before) {
  if (refusals.size() == before) refuse(refusals, "is no longer one of its kind");
  for (std::size_t i = before; i < refusals.size(); ++i) {
    refusals[i].phrase = "holds what looks like a password or a token, and with *** in its place " +
                         refusals[i].phrase;
  }
  return false;
}

// The value of a text or of JSON whose secrets are masked.
bool take(const Field& field, std::string_view without, std::size_t depth, Value& value,
          std::vector<Refusal>& refusals) {
  const std::size_t before = refusals.size();
  if (value.get_if<std::string>() != nullptr) {
    return decode_plain_text(field, without, value, refusals) || refuse_mask(refusals, before);
  }
  if (field.type == Type::kJson) {
    value = Value(Json{std::string(without)});
    return true;
  }
  json::Parser parser;
  const auto parsed = parser.parse(without);
  return (parsed.ok() && decode_into(field, *parsed, depth, value, refusals)) ||
         refuse_mask(refusals, before);
}

std::optional<std::string> masked_value(const Value& value) {
  if (const auto* text = value.get_if<std::string>()) return masked(*text);
  std::string text;
  json::Writer out(text);
  encode_value(value, out);
  json::Parser parser;
  const auto parsed = parser.parse(text);
  return parsed.ok() ? masked("", *parsed) : std::nullopt;
}

}  // namespace

Redaction redact(const Field& field, const json::Value& sent, std::size_t depth, Value& value,
                 std::vector<Refusal>& refusals) {
  if (!holds_text(field)) return Redaction::kNone;
  // An alias is a word of the declaration; what it stands for is kept. A text is masked as it is,
  // everything else as JSON, also a json that is a string.
  const auto without = field.type == Type::kChoice ? masked_value(value)
                       : field.type == Type::kText ? masked(sent.as_string())
                                                   : masked("", sent);
  if (without && field.is_content) return Redaction::kExempt;
  if (without && !take(field, *without, depth, value, refusals)) return Redaction::kRefused;
  // Folded, a text may look like a token that it did not look like before.
  const auto folded = folds(field) ? masked_value(value) : std::nullopt;
  if (folded && field.is_content) return Redaction::kExempt;
  if (folded && !take(field, *folded, depth, value, refusals)) return Redaction::kRefused;
  return without || folded ? Redaction::kMasked : Redaction::kNone;
}

}  // namespace daybook
