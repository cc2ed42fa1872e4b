#include "http/router.h"

#include <algorithm>

#include "base/text.h"

namespace daybook::http {
namespace {

Error bad_pattern(std::string_view pattern, std::string_view why) {
  return {Code::kInvalid, "the path pattern \"" + std::string(pattern) + "\" " + std::string(why)};
}

bool is_literal(std::string_view segment) {
  return !segment.empty() && segment.find_first_of("{}") == std::string_view::npos;
}

}  // namespace

std::vector<std::string_view> path_segments(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.empty()) return {};
  return split(path, '/');
}

Result<Pattern> Pattern::parse(std::string_view text) {
  if (!text.starts_with('/')) return bad_pattern(text, "must begin with '/'");
  Pattern pattern;
  pattern.text_ = text;
  for (const std::string_view segment : path_segments(text)) {
    if (is_literal(segment)) {
      pattern.segments_.emplace_back(segment);
      continue;
    }
    if (segment.empty()) return bad_pattern(text, "has an empty segment");
    const std::string_view name =
        segment.substr(1, segment.size() - std::min<std::size_t>(2, segment.size()));
    if (segment.front() != '{' || segment.back() != '}' || !is_literal(name)) {
      return bad_pattern(text, "has a segment that is neither plain text nor one {name}");
    }
    if (std::find(pattern.names_.begin(), pattern.names_.end(), name) != pattern.names_.end()) {
      return bad_pattern(text, "has {" + std::string(name) + "} twice");
    }
    pattern.names_.emplace_back(name);
    pattern.segments_.emplace_back();
  }
  return pattern;
}

std::optional<std::vector<std::string>> Pattern::match(std::string_view path) const {
  return match(path_segments(path));
}

std::optional<std::vector<std::string>> Pattern::match(
    const std::vector<std::string_view>& segments) const {
  const auto fits = [](const std::string& mine, std::string_view given) {
    return mine.empty() ? !given.empty() : mine == given;
  };
  if (!std::equal(segments_.begin(), segments_.end(), segments.begin(), segments.end(), fits)) {
    return std::nullopt;
  }
  std::vector<std::string> values;
  values.reserve(names_.size());
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (segments_[i].empty()) values.emplace_back(segments[i]);
  }
  return values;
}

bool Pattern::overlaps(const Pattern& other) const {
  return std::equal(
      segments_.begin(), segments_.end(), other.segments_.begin(), other.segments_.end(),
      [](const std::string& a, const std::string& b) { return a.empty() || b.empty() || a == b; });
}

std::size_t Router::add(Method method, Pattern pattern) {
  routes_.emplace_back(method, std::move(pattern));
  return routes_.size() - 1;
}

std::variant<Router::Match, Router::Miss> Router::find(Method method, std::string_view path) const {
  const auto segments = path_segments(path);
  std::optional<Match> of_get;  // what HEAD falls back to
  Miss miss;
  const auto allow = [&](Method allowed) {
    if (std::find(miss.allowed.begin(), miss.allowed.end(), allowed) == miss.allowed.end()) {
      miss.allowed.push_back(allowed);
    }
  };
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const auto& [known, pattern] = routes_[i];
    auto parameters = pattern.match(segments);
    if (!parameters) continue;
    if (known == method) return Match{i, *std::move(parameters)};
    if (known == Method::kGet && !of_get) of_get = Match{i, *std::move(parameters)};
    allow(known);
    if (known == Method::kGet) allow(Method::kHead);
  }
  if (method == Method::kHead && of_get) return *std::move(of_get);
  return miss;
}

}  // namespace daybook::http
