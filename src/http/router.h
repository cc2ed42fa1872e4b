// Finds what a method and a path stand for. Values; built once, then read from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "http/message.h"

namespace daybook::http {

// What stands between the slashes of a path; nothing for "/".
std::vector<std::string_view> path_segments(std::string_view path);

// "/api/v1/{app}/{collection}": literal segments and {names}; a name stands for one segment.
class Pattern {
 public:
  static Result<Pattern> parse(std::string_view text);
  // The values of the names in order, when the path fits.
  std::optional<std::vector<std::string>> match(std::string_view path) const;
  std::optional<std::vector<std::string>> match(
      const std::vector<std::string_view>& segments) const;
  const std::vector<std::string>& names() const { return names_; }
  const std::string& text() const { return text_; }
  // Whether some path fits both.
  bool overlaps(const Pattern& other) const;

 private:
  std::string text_;
  std::vector<std::string> segments_;  // empty for a name
  std::vector<std::string> names_;
};

// Routes in the order of precedence they were added; the target is whatever the caller numbers.
class Router {
 public:
  struct Match {
    std::size_t route;                    // as returned by add()
    std::vector<std::string> parameters;  // in the order of the pattern's names
  };
  struct Miss {
    std::vector<Method> allowed;  // empty: no such path (404); else 405 with Allow
  };

  std::size_t add(Method method, Pattern pattern);
  // HEAD matches what GET does.
  std::variant<Match, Miss> find(Method method, std::string_view path) const;

 private:
  std::vector<std::pair<Method, Pattern>> routes_;
};

}  // namespace daybook::http
