#include "base/mail.h"

namespace daybook {
namespace {

constexpr std::string_view kEncodedSign = "%40";
// Of the part before the sign; mail allows 64.
constexpr std::size_t kMaxName = 128;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}
bool is_letter_or_digit(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

bool is_of_host(char c) { return is_letter_or_digit(c) || c == '-' || c == '.'; }
bool is_of_name(char c) { return is_of_host(c) || c == '_' || c == '+' || c == '%'; }

// The bytes of the sign that stands there, if one does.
std::size_t sign_at(std::string_view text, std::size_t at) {
  if (text[at] == '@') return 1;
  return text.substr(at).starts_with(kEncodedSign) ? kEncodedSign.size() : 0;
}

// Whether a host may be one of mail: "example.com", not "1.2.3".
bool is_host(std::string_view host) {
  const std::size_t dot = host.rfind('.');
  return dot != std::string_view::npos && dot > 0 && dot + 1 < host.size() &&
         is_letter(host[dot + 1]);
}

}  // namespace

std::string replace_mails(std::string_view text,
                          const std::function<std::string(const std::string&)>& replacement) {
  std::string out;
  std::size_t told = 0;  // so far
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::size_t sign = sign_at(text, at);
    if (sign == 0) continue;
    std::size_t begin = at;
    while (begin > told && at - begin < kMaxName && is_of_name(text[begin - 1])) --begin;
    const std::size_t host = at + sign;
    std::size_t end = host;
    while (end < text.size() && is_of_host(text[end])) ++end;
    while (end > host && !is_letter_or_digit(text[end - 1])) --end;
    if (begin == at || !is_host(text.substr(host, end - host))) continue;
    out += text.substr(told, begin - told);
    out += replacement(std::string(text.substr(begin, at - begin)) + "@" +
                       std::string(text.substr(host, end - host)));
    told = end;
    at = end - 1;
  }
  out += text.substr(told);
  return out;
}

std::string_view without_query(std::string_view text) {
  const bool is_path = text.starts_with('/') || text.find("://") != std::string_view::npos;
  return is_path ? text.substr(0, text.find_first_of("?#")) : text;
}

}  // namespace daybook
