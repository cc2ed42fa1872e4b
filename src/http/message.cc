#include "http/message.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace daybook::http {
namespace {

constexpr std::array<std::pair<Method, std::string_view>, 7> kMethods = {{
    {Method::kGet, "GET"},
    {Method::kHead, "HEAD"},
    {Method::kPost, "POST"},
    {Method::kPut, "PUT"},
    {Method::kPatch, "PATCH"},
    {Method::kDelete, "DELETE"},
    {Method::kOptions, "OPTIONS"},
}};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return x == y || lower(x) == lower(y);
         });
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (lower(c) >= 'a' && lower(c) <= 'f') return lower(c) - 'a' + 10;
  return -1;
}

Error malformed(std::string_view what, std::string_view where) {
  return {Code::kMalformed, "the target has " + std::string(what) + ": \"" +
                                percent_encode(utf8_prefix(where, 40)) + '"'};
}

enum class Plus { kLiteral, kBlank };

Result<std::string> percent_decode(std::string_view text, Plus plus) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus == Plus::kBlank) {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return malformed("a bad percent escape", text.substr(i, 3));
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  if (decoded.find('\0') != std::string::npos) return malformed("a NUL", text);
  if (find_invalid_utf8(decoded) != std::string::npos) return malformed("invalid UTF-8", text);
  return decoded;
}

// "http://host/path" is the same target as "/path".
std::string_view without_authority(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!same_name(target.substr(0, scheme.size()), scheme)) continue;
    const std::size_t end = target.find_first_of("/?", scheme.size());
    return end == std::string_view::npos ? "/" : target.substr(end);
  }
  return target;
}

Result<std::string> parse_path(std::string_view text) {
  std::vector<std::string> segments;
  bool is_folder = false;  // ends with a slash, or a dot segment
  for (const std::string_view part : split(text.substr(1), '/')) {
    DAYBOOK_ASSIGN(std::string segment, percent_decode(part, Plus::kLiteral));
    if (segment.find('/') != std::string::npos) return malformed("an escaped '/'", part);
    is_folder = segment == "." || segment == "..";
    if (segment == "..") {
      if (segments.empty()) return malformed("a path that climbs out of the root", text);
      segments.pop_back();
    } else if (segment != ".") {
      segments.push_back(std::move(segment));
    }
  }
  if (is_folder) segments.emplace_back();
  return "/" + join(segments, "/");
}

Result<Query> parse_query(std::string_view text) {
  Query query;
  for (const std::string_view pair : split(text, '&')) {
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    DAYBOOK_ASSIGN(std::string name, percent_decode(pair.substr(0, equals), Plus::kBlank));
    const std::string_view given = pair.substr(std::min(equals + 1, pair.size()));
    DAYBOOK_ASSIGN(std::string value, percent_decode(given, Plus::kBlank));
    query.emplace_back(std::move(name), std::move(value));
  }
  return query;
}

}  // namespace

std::string_view method_name(Method method) {
  for (const auto& [known, name] : kMethods) {
    if (known == method) return name;
  }
  return "other";
}

Method parse_method(std::string_view name) {
  for (const auto& [method, known] : kMethods) {
    if (known == name) return method;
  }
  return Method::kOther;
}

void Headers::add(std::string name, std::string value) {
  all_.emplace_back(std::move(name), std::move(value));
}

void Headers::set(std::string_view name, std::string value) {
  std::erase_if(all_, [&](const auto& header) { return same_name(header.first, name); });
  all_.emplace_back(name, std::move(value));
}

std::string_view Headers::get(std::string_view name) const {
  for (const auto& [known, value] : all_) {
    if (same_name(known, name)) return value;
  }
  return {};
}

bool Headers::has(std::string_view name) const {
  return std::any_of(all_.begin(), all_.end(),
                     [&](const auto& header) { return same_name(header.first, name); });
}

Result<Target> parse_target(std::string_view target) {
  target = without_authority(target);
  if (target == "*") target = "/*";  // OPTIONS for the whole server
  const std::size_t question = std::min(target.find('?'), target.size());
  std::string_view path = target.substr(0, question);
  if (path.empty() && question < target.size()) path = "/";
  if (!path.starts_with('/')) return malformed("a path that does not begin with '/'", target);
  if (target.find('#') != std::string_view::npos) return malformed("a fragment", target);
  DAYBOOK_ASSIGN(std::string decoded, parse_path(path));
  DAYBOOK_ASSIGN(Query query, parse_query(target.substr(std::min(question + 1, target.size()))));
  return Target{std::move(decoded), std::move(query)};
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kKept = "-._~";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    const bool is_letter = lower(c) >= 'a' && lower(c) <= 'z';
    if (is_letter || (c >= '0' && c <= '9') || kKept.find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      encoded += '%';
      encoded += kDigits[static_cast<unsigned char>(c) >> 4];
      encoded += kDigits[static_cast<unsigned char>(c) & 15];
    }
  }
  return encoded;
}

std::optional<std::string_view> Request::parameter(std::string_view name) const {
  for (const auto& [known, value] : target.query) {
    if (known == name) return value;
  }
  return std::nullopt;
}

std::string_view reason_phrase(int status) {
  constexpr std::pair<int, std::string_view> kPhrases[] = {
      {100, "Continue"},
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {204, "No Content"},
      {206, "Partial Content"},
      {207, "Multi-Status"},
      {301, "Moved Permanently"},
      {302, "Found"},
      {303, "See Other"},
      {304, "Not Modified"},
      {307, "Temporary Redirect"},
      {308, "Permanent Redirect"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {410, "Gone"},
      {411, "Length Required"},
      {412, "Precondition Failed"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {416, "Range Not Satisfiable"},
      {417, "Expectation Failed"},
      {421, "Misdirected Request"},
      {422, "Unprocessable Content"},
      {428, "Precondition Required"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {502, "Bad Gateway"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
      {505, "HTTP Version Not Supported"},
      {507, "Insufficient Storage"},
  };
  for (const auto& [known, phrase] : kPhrases) {
    if (known == status) return phrase;
  }
  return "Unknown";
}

}  // namespace daybook::http
