// A scenario file as steps, and how an answer is held against one. The form is in README.md.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace daybook::scenarios {

// What `capture` kept, by name.
using Captures = std::map<std::string, std::string, std::less<>>;

struct Step {
  enum class Body { kAny, kExact, kContains };
  int line = 0;
  std::string comment;  // what it shows
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  int status = 0;
  Body how = Body::kAny;
  std::vector<std::pair<std::string, std::string>> expected_headers;
  std::vector<std::string> expected;
  std::vector<std::string> absent;
  std::vector<std::pair<std::string, std::string>> captures;  // name, path or "header Name"
};

// kMalformed names the line that is no part of a scenario.
Result<std::vector<Step>> parse_scenario(std::string_view text);

// Replaces {{name}}; kNotFound for a name that no step has captured.
Result<std::string> filled(std::string_view text, const Captures& captures);

// Whether a pattern in which <any> stands for any text within a line is the whole text, or stands
// somewhere in it.
bool is_like(std::string_view text, std::string_view pattern);
bool holds_like(std::string_view text, std::string_view pattern);

// What is wrong with an answer, a line each; empty when nothing is. Fills `captures`.
Result<std::string> judge(const Step& step, const http::Response& answer, Captures& captures);

}  // namespace daybook::scenarios
