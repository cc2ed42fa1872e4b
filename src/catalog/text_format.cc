#include "catalog/text_format.h"

#include <algorithm>

#include "base/address.h"
#include "base/bug.h"

namespace daybook {

namespace {

bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_alnum(char c) { return is_alpha(c) || (c >= '0' && c <= '9'); }
bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

bool is_host_label(std::string_view label) {
  if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') {
    return false;
  }
  return std::all_of(label.begin(), label.end(),
                     [](char c) { return is_alnum(c) || c == '-' || is_beyond_ascii(c); });
}

// RFC 1123 2.1; letters beyond ASCII are taken as they are (RFC 5890).
bool is_hostname(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  while (true) {
    const std::size_t dot = text.find('.');
    if (!is_host_label(text.substr(0, dot))) return false;
    if (dot == text.npos) return true;
    text.remove_prefix(dot + 1);
  }
}

// RFC 5321 4.1.2 without quoted local parts and address literals.
bool is_email(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == text.npos || at == 0 || at > 64 || text.size() > 254) return false;
  const std::string_view local = text.substr(0, at);
  if (local.front() == '.' || local.back() == '.' || local.find("..") != local.npos) return false;
  constexpr std::string_view kMarks = "!#$%&'*+-/=?^_`{|}~.";
  return is_hostname(text.substr(at + 1)) && std::all_of(local.begin(), local.end(), [&](char c) {
           return is_alnum(c) || is_beyond_ascii(c) || kMarks.find(c) != kMarks.npos;
         });
}

// RFC 3986 4.3: a scheme, ':' and no blanks, controls or marks that a URI has to escape.
bool is_uri(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == text.npos || colon == 0 || colon + 1 == text.size() || !is_alpha(text.front())) {
    return false;
  }
  const std::string_view scheme = text.substr(0, colon);
  const bool has_scheme = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return is_alnum(c) || c == '+' || c == '-' || c == '.';
  });
  return has_scheme && std::all_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) > 0x20 && c != 0x7F && c != '<' && c != '>' &&
                  c != '"' && c != '\\' && c != '^' && c != '`' && c != '{' && c != '|' && c != '}';
         });
}

bool is_ip(std::string_view text) { return parse_address(text).has_value(); }

}  // namespace

bool has_format(std::string_view text, Format format) {
  switch (format) {
    case Format::kNone:
      return true;
    case Format::kEmail:
      return is_email(text);
    case Format::kUri:
      return is_uri(text);
    case Format::kIp:
      return is_ip(text);
    case Format::kHostname:
      return is_hostname(text);
  }
  bug("a format of no kind");
}

std::string_view format_description(Format format) {
  switch (format) {
    case Format::kNone:
      return "a text";
    case Format::kEmail:
      return "an e-mail address";
    case Format::kUri:
      return "a URI such as https://example.org/a";
    case Format::kIp:
      return "an IP address";
    case Format::kHostname:
      return "a host name";
  }
  bug("a format of no kind");
}

}  // namespace daybook
