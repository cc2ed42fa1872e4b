#include "catalog/expression_literal.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace daybook {

namespace {

// Whether a date stands at the start: 2026-03-01.
bool is_civil(std::string_view text) {
  constexpr std::string_view kForm = "0000-00-00";
  return text.size() >= kForm.size() &&
         std::equal(kForm.begin(), kForm.end(), text.begin(),
                    [](char form, char c) { return form == '0' ? is_digit(c) : form == c; });
}

std::size_t civil_end(std::string_view text) {
  std::size_t end = 10;
  if (end == text.size() || (text[end] != 'T' && text[end] != 't')) return end;
  constexpr std::string_view kMarks = ":.+-";
  while (end < text.size() &&
         (is_letter(text[end]) || is_digit(text[end]) || kMarks.find(text[end]) != kMarks.npos)) {
    ++end;
  }
  return end;
}

std::size_t digits_end(std::string_view text, std::size_t from) {
  while (from < text.size() && is_digit(text[from])) ++from;
  return from;
}

// -12, 1.5, 2e9: the length of the number at the start. An 'e' without digits belongs to no number.
std::size_t number_end(std::string_view text) {
  std::size_t end = digits_end(text, text[0] == '-' ? 1 : 0);
  if (end + 1 < text.size() && text[end] == '.' && is_digit(text[end + 1])) {
    end = digits_end(text, end + 1);
  }
  if (end == text.size() || (text[end] != 'e' && text[end] != 'E')) return end;
  std::size_t exponent = end + 1;
  if (exponent < text.size() && (text[exponent] == '+' || text[exponent] == '-')) ++exponent;
  const std::size_t last = digits_end(text, exponent);
  return last > exponent ? last : end;
}

Result<Expression> parse_civil(std::string_view token) {
  constexpr std::size_t kDateBytes = 10;
  if (token.size() == kDateBytes) {
    DAYBOOK_ASSIGN(const Date date, parse_date(token));
    return literal(date);
  }
  DAYBOOK_ASSIGN(const Instant instant, parse_instant(token));
  return literal(instant);
}

Result<Expression> parse_length(std::string_view token) {
  DAYBOOK_ASSIGN(const Duration duration, parse_duration(token));
  Expression e = literal(std::int64_t{duration.count()});
  e.kind = Expression::Kind::kDuration;
  return e;
}

Result<Expression> parse_number(std::string_view token) {
  const char* const end = token.data() + token.size();
  if (token.find_first_of(".eE") == token.npos) {
    std::int64_t whole = 0;
    if (std::from_chars(token.data(), end, whole).ec == std::errc()) return literal(whole);
    return Error(Code::kInvalid, "the number " + std::string(token) + " is beyond 64 bits");
  }
  double number = 0;
  const bool is_read = std::from_chars(token.data(), end, number).ec == std::errc();
  if (is_read && std::isfinite(number)) return literal(number);
  return Error(Code::kInvalid, "the number " + std::string(token) + " is out of range");
}

}  // namespace

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

Expression literal(Value value) {
  Expression e;
  e.literal = std::move(value);
  return e;
}

std::string_view literal_token(std::string_view text) {
  if (is_civil(text)) return text.substr(0, civil_end(text));
  std::size_t end = number_end(text);
  while (end < text.size() && (is_letter(text[end]) || is_digit(text[end]))) ++end;
  return text.substr(0, end);
}

Result<Expression> parse_literal(std::string_view token) {
  if (is_civil(token)) return parse_civil(token);
  return number_end(token) < token.size() ? parse_length(token) : parse_number(token);
}

}  // namespace daybook
