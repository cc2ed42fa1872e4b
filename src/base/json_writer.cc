#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/json.h"

namespace daybook::json {
namespace {

// From here on a whole double is written with an exponent: its digits alone would read as an
// integer, which beyond 64 bits nobody takes.
constexpr double kExponentFrom = 1e18;

// For each byte: 0 to copy it, 'u' for \u00XX, else the letter behind the backslash.
constexpr std::array<char, 256> kEscapes = [] {
  std::array<char, 256> escapes{};
  for (std::size_t c = 0; c < 0x20; ++c) escapes[c] = 'u';
  escapes['\b'] = 'b';
  escapes['\f'] = 'f';
  escapes['\n'] = 'n';
  escapes['\r'] = 'r';
  escapes['\t'] = 't';
  escapes['"'] = '"';
  escapes['\\'] = '\\';
  return escapes;
}();

void append_escape(std::string& out, char c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const char letter = kEscapes[static_cast<unsigned char>(c)];
  out += '\\';
  out += letter;
  if (letter != 'u') return;
  out += "00";
  out += kDigits[static_cast<unsigned char>(c) >> 4];
  out += kDigits[static_cast<unsigned char>(c) & 15];
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  std::size_t copied = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (kEscapes[static_cast<unsigned char>(text[i])] == 0) continue;
    out.append(text.substr(copied, i - copied));
    append_escape(out, text[i]);
    copied = i + 1;
  }
  out.append(text.substr(copied));
  out += '"';
}

template <typename Integer>
void append_integer(std::string& out, Integer v) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), v).ptr;
  out.append(digits.data(), end);
}

}  // namespace

void Writer::comma() {
  if (needs_comma_) out_ += ',';
  needs_comma_ = true;
}

Writer& Writer::begin_object() {
  comma();
  out_ += '{';
  needs_comma_ = false;
  return *this;
}

Writer& Writer::end_object() {
  out_ += '}';
  needs_comma_ = true;
  return *this;
}

Writer& Writer::begin_array() {
  comma();
  out_ += '[';
  needs_comma_ = false;
  return *this;
}

Writer& Writer::end_array() {
  out_ += ']';
  needs_comma_ = true;
  return *this;
}

Writer& Writer::key(std::string_view name) {
  comma();
  append_quoted(out_, name);
  out_ += ':';
  needs_comma_ = false;
  return *this;
}

Writer& Writer::null() { return raw("null"); }
Writer& Writer::value(bool v) { return raw(v ? "true" : "false"); }

Writer& Writer::value(std::int64_t v) {
  comma();
  append_integer(out_, v);
  return *this;
}

Writer& Writer::value(std::uint64_t v) {
  comma();
  append_integer(out_, v);
  return *this;
}

Writer& Writer::value(double v) {
  if (!std::isfinite(v)) return null();
  if (v == 0 && std::signbit(v)) return raw("-0.0");
  std::array<char, 32> digits;
  char* const last = digits.data() + digits.size();
  const bool is_large = std::fabs(v) >= kExponentFrom;
  const auto end = is_large
                       ? std::to_chars(digits.data(), last, v, std::chars_format::scientific).ptr
                       : std::to_chars(digits.data(), last, v).ptr;
  return raw({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

Writer& Writer::value(std::string_view v) {
  comma();
  append_quoted(out_, v);
  return *this;
}

Writer& Writer::raw(std::string_view json) {
  comma();
  out_.append(json);
  return *this;
}

std::string quote(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  append_quoted(out, text);
  return out;
}

}  // namespace daybook::json
