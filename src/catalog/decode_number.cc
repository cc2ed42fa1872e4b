#include "catalog/decode_value.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "base/bug.h"

namespace daybook {

namespace {

using JsonKind = json::Kind;

// Whole numbers up to here are the same as int and as double.
constexpr double kExactDouble = 9007199254740992.0;  // 2^53

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

// The double that is the same number, if there is one.
template <typename Whole>
std::optional<double> exact_double(Whole whole) {
  const auto number = static_cast<double>(whole);
  // The largest values round up to a power of two that the integer cannot hold.
  if (number >= std::ldexp(1.0, std::numeric_limits<Whole>::digits)) return std::nullopt;
  return static_cast<Whole>(number) == whole ? std::optional(number) : std::nullopt;
}

}  // namespace

std::string number_text(double number) {
  if (number == std::trunc(number) && std::abs(number) <= kExactDouble) {
    return std::to_string(static_cast<std::int64_t>(number));
  }
  std::string out;
  json::Writer(out).value(number);
  return out;
}

std::string range_text(const Field& field) {
  if (field.min && field.max) {
    return "between " + number_text(*field.min) + " and " + number_text(*field.max);
  }
  return field.min ? "at least " + number_text(*field.min) : "at most " + number_text(*field.max);
}

bool is_within(const Field& field, double number) {
  return (!field.min || number >= *field.min) && (!field.max || number <= *field.max);
}

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

}  // namespace daybook
