#include "api/negotiate.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace daybook::api {
namespace {

struct MediaType {
  std::string name;  // lower case, without parameters
  std::string charset;
  double quality = 1;
};

std::string unquoted(std::string_view text) {
  text = trim(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  return std::string(text);
}

// "0", "0.5", "1.000"; anything else counts as 1.
double parse_quality(std::string_view text) {
  if (text.starts_with("0")) {
    double quality = 0, digit = 0.1;
    for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
      if (c < '0' || c > '9') break;
      quality += digit * (c - '0');
      digit /= 10;
    }
    return quality;
  }
  return 1;
}

MediaType parse_media_type(std::string_view text) {
  const auto parts = split(text, ';');
  MediaType type;
  type.name = ascii_lower(trim(parts[0]));
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::size_t equal = parts[i].find('=');
    if (equal == std::string_view::npos) continue;
    const std::string name = ascii_lower(trim(parts[i].substr(0, equal)));
    if (name == "charset") type.charset = ascii_lower(unquoted(parts[i].substr(equal + 1)));
    if (name == "q") type.quality = parse_quality(trim(parts[i].substr(equal + 1)));
  }
  return type;
}

bool covers(std::string_view range, std::string_view type) {
  if (range == "*/*" || range == type) return true;
  return range.ends_with("/*") && type.starts_with(range.substr(0, range.size() - 1));
}

// How exactly a range names a type: its own name, its group, anything.
int exactness(std::string_view range) {
  if (range == "*/*") return 1;
  return range.ends_with("/*") ? 2 : 3;
}

// The quality that Accept gives a type; 0 when it does not take it.
double quality_of(const http::Headers& headers, std::string_view type) {
  const std::string_view accept = headers.get("Accept");
  if (trim(accept).empty()) return 1;
  double quality = 0;
  int best = 0;
  for (const std::string_view part : split(accept, ',')) {
    const MediaType range = parse_media_type(part);
    if (!covers(range.name, type) || exactness(range.name) <= best) continue;
    best = exactness(range.name);
    quality = range.quality;
  }
  return quality;
}

Error unread(std::string_view said, std::string_view expected) {
  const std::string what =
      said.empty() ? "Content-Type is missing" : "'" + std::string(said) + "' is not read here";
  return {Code::kMediaType, what + "; send " + std::string(expected)};
}

constexpr std::string_view kJsonOnly = "Content-Type: application/json";
constexpr std::string_view kRowTypes =
    "Content-Type: application/json (one object or an array) or application/x-ndjson (one object a "
    "line)";

bool is_json(const MediaType& type) {
  return type.name == "application/json" || type.name == "application/merge-patch+json";
}

bool is_ndjson(const MediaType& type) {
  return type.name == "application/x-ndjson" || type.name == "application/ndjson" ||
         type.name == "application/jsonl";
}

bool is_utf8(const MediaType& type) {
  return type.charset.empty() || type.charset == "utf-8" || type.charset == "utf8";
}

struct Tags {
  std::vector<std::string> tags;
  bool any = false;
};

// Whether W/"a" stands for "a" (RFC 9110 8.8.3.2): not where something is written.
enum class Comparing { kStrong, kWeak };

// `"a", W/"b"` or `*`.
Result<Tags> parse_tags(const http::Headers& headers, const char* name, Comparing comparing) {
  Tags tags;
  std::string_view rest = trim(headers.get(name));
  if (rest == "*") {
    tags.any = true;
    return tags;
  }
  while (!rest.empty()) {
    const bool is_weak = rest.starts_with("W/");
    if (is_weak) rest.remove_prefix(2);
    const std::size_t end = rest.starts_with('"') ? rest.find('"', 1) : std::string_view::npos;
    if (end == std::string_view::npos) {
      return Error(Code::kMalformed,
                   std::string(name) + " must be * or a list of entity tags such as \"5f0c\"");
    }
    if (!is_weak || comparing == Comparing::kWeak) tags.tags.emplace_back(rest.substr(1, end - 1));
    rest = trim(rest.substr(end + 1));
    if (rest.starts_with(',')) rest = trim(rest.substr(1));
  }
  return tags;
}

}  // namespace

Result<BodyForm> body_form(const http::Headers& headers) {
  const std::string_view said = headers.get("Content-Type");
  const MediaType type = parse_media_type(said);
  if (!is_utf8(type)) return unread(said, "text in UTF-8");
  if (is_json(type)) return BodyForm::kJson;
  if (is_ndjson(type)) return BodyForm::kNdjson;
  return unread(said, kRowTypes);
}

Result<void> expect_json(const http::Headers& headers) {
  const std::string_view said = headers.get("Content-Type");
  const MediaType type = parse_media_type(said);
  if (!is_utf8(type)) return unread(said, "text in UTF-8");
  if (is_json(type)) return {};
  return unread(said, kJsonOnly);
}

bool accepts(const http::Headers& headers, std::string_view media_type) {
  return quality_of(headers, media_type) > 0;
}

Result<std::optional<RowsForm>> rows_form(const http::Headers& headers,
                                          const std::optional<std::string>& format) {
  if (format) {
    if (*format == "json") return std::optional(RowsForm::kJson);
    if (*format == "ndjson") return std::optional(RowsForm::kNdjson);
    if (*format == "csv") return std::optional(RowsForm::kCsv);
    return Error(Code::kInvalid, "format must be json, ndjson or csv, not '" + *format + "'");
  }
  constexpr std::pair<std::string_view, RowsForm> kForms[] = {
      {"application/json", RowsForm::kJson},
      {"application/x-ndjson", RowsForm::kNdjson},
      {"application/ndjson", RowsForm::kNdjson},
      {"application/jsonl", RowsForm::kNdjson},
      {"text/csv", RowsForm::kCsv}};
  std::optional<RowsForm> chosen;
  double best = 0;
  for (const auto& [type, form] : kForms) {
    const double quality = quality_of(headers, type);
    if (quality <= best) continue;
    best = quality;
    chosen = form;
  }
  return chosen;
}

Result<Conditions> conditions(const http::Headers& headers) {
  DAYBOOK_ASSIGN(Tags match, parse_tags(headers, "If-Match", Comparing::kStrong));
  DAYBOOK_ASSIGN(Tags none_match, parse_tags(headers, "If-None-Match", Comparing::kWeak));
  return Conditions{std::move(match.tags), match.any, std::move(none_match.tags), none_match.any};
}

bool prefers_minimal(const http::Headers& headers) {
  const auto parts = split(headers.get("Prefer"), ',');
  return std::ranges::any_of(parts, [](std::string_view part) {
    return ascii_lower(trim(split(part, ';')[0])) == "return=minimal";
  });
}

}  // namespace daybook::api
