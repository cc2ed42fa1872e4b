#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/mask_spans.h"
#include "base/secret_name.h"

namespace daybook::mask {
namespace {

// What may turn out to be no secret is looked at no further, so that a text of nothing but names
// costs no more than its length times this.
constexpr std::size_t kLongestGuess = 1024;

std::size_t furthest(std::string_view text, std::size_t begin) {
  return std::min(text.size(), begin + kLongestGuess);
}

bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }
bool is_name_char(char c) { return is_token_char(c); }

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<char> escaped_char(std::string_view text, std::size_t at) {
  if (at + 3 > text.size() || text[at] != '%') return std::nullopt;
  const int high = hex_digit(text[at + 1]), low = hex_digit(text[at + 2]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<char>(high * 16 + low);
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto escaped = escaped_char(text, at);
    out += escaped ? *escaped : text[at];
    if (escaped) at += 2;
  }
  return out;
}

// The sign between a name and its value.
struct Sign {
  std::size_t begin = 0, end = 0;
  bool is_equals = false;
  bool is_escaped = false;  // "%3D", inside a query that is a value itself
};

std::optional<Sign> sign_at(std::string_view text, std::size_t at) {
  if (text[at] != '%') return Sign{at, at + 1, text[at] == '=', false};
  const auto escaped = escaped_char(text, at);
  if (escaped != '=' && escaped != ':') return std::nullopt;
  return Sign{at, at + 3, escaped == '=', true};
}

struct Name {
  NameKind kind = NameKind::kPlain;
  bool is_quoted = false;
  bool is_spaced = false;
  bool is_parameter = false;  // of a query string
  bool is_header = false;     // Authorization, Cookie: the value may be several words
};

std::string_view last_word(std::string_view text) {
  while (!text.empty() && !is_name_char(text.back())) text.remove_suffix(1);
  std::size_t begin = text.size();
  while (begin > 0 && is_name_char(text[begin - 1])) --begin;
  return text.substr(begin);
}

bool is_header_name(std::string_view name) {
  constexpr std::array<std::string_view, 4> kHeaders = {"authorization", "cookie", "set-cookie",
                                                        "proxy-authorization"};
  return std::any_of(kHeaders.begin(), kHeaders.end(), [&](std::string_view header) {
    return name.size() == header.size() && starts_with_word(name, header);
  });
}

Name name_before(std::string_view text, const Sign& sign) {
  Name name;
  std::size_t end = sign.begin;
  while (end > 0 && text[end - 1] == ' ' && sign.begin - end < 2) --end;
  name.is_spaced = end != sign.begin;
  while (end > 0 && (is_quote(text[end - 1]) || text[end - 1] == '\\' || text[end - 1] == ']')) {
    name.is_quoted |= is_quote(text[--end]);
  }
  std::size_t begin = end;
  const auto is_part = [](char c) { return is_name_char(c) || c == '%'; };
  while (begin > 0 && end - begin < kMaxSecretName && is_part(text[begin - 1])) --begin;
  if (begin == end) return name;
  const char before = begin > 0 ? text[begin - 1] : ' ';
  std::string_view word = text.substr(begin, end - begin);
  std::string decoded;
  if (word.find('%') != word.npos) {
    decoded = unescaped(word);
    word = last_word(decoded);
  }
  name.is_parameter = sign.is_escaped || before == '?' || before == '&';
  name.kind = name.is_parameter ? kind_of_parameter(word) : kind_of_name(word);
  name.is_header = is_header_name(word);
  return name;
}

bool ends_parameter(std::string_view text, std::size_t at, bool is_escaped) {
  const char c = text[at];
  if (is_blank(c) || is_quote(c) || c == '&' || c == '#' || c == ';' || c == '<') return true;
  if (!is_escaped) return false;
  const auto escaped = escaped_char(text, at);
  return escaped == '&' || escaped == '#' || escaped == '"';
}

bool ends_word(char c) {
  return is_blank(c) || is_quote(c) || c == '&' || c == ';' || c == '<' || c == '\\';
}

Span quoted_value(std::string_view text, std::size_t begin, char quote) {
  std::size_t end = begin;
  bool is_first = true;
  while (end < text.size() && text[end] != '\n') {
    if (text[end] == quote &&
        (is_first || text[end - 1] != '\\' || (begin > 1 && text[begin - 2] == '\\')))
      break;
    is_first = false;
    ++end;
  }
  while (end > begin && text[end - 1] == '\\') --end;
  return {begin, end};
}

// To the end of the line, of the quotes that hold the header, or to the limit.
Span header_value(std::string_view text, std::size_t begin, std::size_t limit) {
  std::size_t end = begin;
  while (end < limit && text[end] != '\n' && text[end] != '\r' && !is_quote(text[end])) ++end;
  return {begin, end};
}

Span plain_value(std::string_view text, const Sign& sign, const Name& name, Span within) {
  std::size_t end = within.begin;
  if (name.is_parameter) {
    while (end < within.end && !ends_parameter(text, end, sign.is_escaped)) ++end;
    return {within.begin, end};
  }
  while (end < within.end && !ends_word(text[end])) ++end;
  constexpr std::string_view kClosing = ",.)]}>";
  while (end > within.begin && kClosing.find(text[end - 1]) != kClosing.npos) --end;
  return {within.begin, end};
}

// "Bearer abc": where the credentials begin, or `begin` itself.
std::size_t behind_scheme(std::string_view text, std::size_t begin) {
  constexpr std::array<std::string_view, 6> kSchemes = {"bearer ", "basic ",  "digest ",
                                                        "token ",  "apikey ", "aws4-hmac-sha256 "};
  for (const std::string_view scheme : kSchemes) {
    if (starts_with_word(text.substr(begin), scheme)) return begin + scheme.size();
  }
  return begin;
}

bool is_header_secret(std::string_view text, Span value, std::size_t behind) {
  const std::string_view said = text.substr(value.begin, value.end - value.begin);
  return behind != value.begin || said.find('=') != said.npos || looks_generated(said);
}

void find_header(std::string_view text, std::size_t begin, Spans& spans) {
  const Span guess = header_value(text, begin, furthest(text, begin));
  const std::size_t behind = behind_scheme(text, begin);
  if (behind < guess.end && is_header_secret(text, guess, behind)) {
    spans.push_back({behind, header_value(text, begin, text.size()).end});
  }
}

// The password of "scheme://user:password@host". One with a '/' in it ends at the last '@' of the
// word, unless what stands before the '/' is a port.
void find_url_password(std::string_view text, std::size_t begin, Spans& spans) {
  const auto ends = [](char c) { return is_blank(c) || is_quote(c) || c == '<' || c == '>'; };
  const std::size_t limit = furthest(text, begin);
  std::size_t end = begin;
  while (end < limit && !ends(text[end])) ++end;
  const std::string_view word = text.substr(begin, end - begin);
  const std::string_view authority = word.substr(0, word.find_first_of("/?#"));
  const std::size_t colon = authority.find(':');
  if (colon == word.npos) return;
  std::size_t at = authority.rfind('@');
  const std::string_view behind = authority.substr(colon + 1);
  const bool is_port = behind.find_first_not_of("0123456789") == behind.npos;
  if (at == word.npos && !is_port) at = word.substr(0, word.find('?')).rfind('@');
  if (at == word.npos || at <= colon + 1) return;
  spans.push_back({begin + colon + 1, begin + at});
}

bool is_number(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

// A count of tokens, a member without a value, or the begin of a nested one.
bool tells_nothing(NameKind kind, std::string_view said) {
  if (kind == NameKind::kTokens && is_number(said)) return true;
  constexpr std::array<std::string_view, 5> kNothing = {"null", "true", "false", "None",
                                                        "undefined"};
  return said.front() == '{' || said.front() == '[' ||
         std::find(kNothing.begin(), kNothing.end(), said) != kNothing.end();
}

bool is_comparison(std::string_view text, const Sign& sign) {
  if (!sign.is_equals || sign.is_escaped) return false;
  constexpr std::string_view kBefore = "=!<>~";
  const bool is_second = sign.begin > 0 && kBefore.find(text[sign.begin - 1]) != kBefore.npos;
  return is_second || (sign.end < text.size() && text[sign.end] == '=');
}

// "Unexpected token: }" and "token = next()" are prose and code; "token: " before what looks
// generated, and anything behind "token=", are not.
bool is_certain(const Sign& sign, const Name& name, bool has_space) {
  if (name.kind == NameKind::kSecret || name.is_quoted) return true;
  return sign.is_equals && !has_space;
}

void find_value(std::string_view text, const Sign& sign, const Name& name, Spans& spans) {
  std::size_t begin = sign.end;
  if (name.is_quoted && begin < text.size() && text[begin] == '>') ++begin;  // Ruby's =>
  const std::size_t unspaced = begin;
  while (begin < text.size() && text[begin] == ' ' && begin - unspaced < 2) ++begin;
  const bool has_space = name.is_spaced || begin != unspaced;
  if (begin < text.size() && text[begin] == '\\') ++begin;
  if (begin >= text.size()) return;
  if (is_quote(text[begin])) {
    const Span value = quoted_value(text, begin + 1, text[begin]);
    if (value.end > value.begin) spans.push_back(value);
    return;
  }
  if (name.is_header && !sign.is_equals) return find_header(text, begin, spans);
  const bool certain = is_certain(sign, name, has_space);
  const std::size_t limit = certain ? text.size() : furthest(text, begin);
  const Span value = plain_value(text, sign, name, {begin, limit});
  if (value.end == value.begin) return;
  const std::string_view said = text.substr(value.begin, value.end - value.begin);
  if (tells_nothing(name.kind, said)) return;
  if (certain || looks_generated(said)) spans.push_back(value);
}

}  // namespace

void find_named(std::string_view text, std::size_t at, Spans& spans) {
  if (text[at] == ':' && text.substr(at).starts_with("://")) {
    return find_url_password(text, at + 3, spans);
  }
  const auto sign = sign_at(text, at);
  if (!sign) return;
  const Name name = name_before(text, *sign);
  if (name.kind == NameKind::kPlain) return;
  if (name.is_parameter || !is_comparison(text, *sign)) find_value(text, *sign, name, spans);
}

}  // namespace daybook::mask
