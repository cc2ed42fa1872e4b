// Results to responses: the one table of codes, problem documents (RFC 9457) and JSON answers.
// Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "http/message.h"

namespace daybook::api {

// One kind of problem: what HTTP and the command line say of it.
struct ProblemType {
  std::optional<Code> code;  // none: the router's and the server's own
  std::string_view name;     // "/problems/<name>"
  int status;
  int exit;
  std::string_view title;
  std::string_view about;  // its page: what it means and what to do
};
const std::vector<ProblemType>& problem_types();
const ProblemType& problem_type(Code code);
// The kind that a status stands for; the general one of its class when there is none.
const ProblemType& problem_type(int status);

// application/problem+json; `instance` is the path of the request.
http::Response problem(const Error& error, std::string_view instance);
http::Response problem(const ProblemType& type, std::string_view detail, std::string_view instance);
http::Response method_not_allowed(const std::vector<http::Method>& allowed, std::string_view detail,
                                  std::string_view instance);

http::Response json_response(int status, std::string body);
http::Response text_response(std::string_view media_type, std::string body);

// "GET, HEAD, POST".
std::string allow_header(const std::vector<http::Method>& allowed);

// null for a sample that is no row.
void write_id(const std::string& id, json::Writer& out);

// Writes {"item":1,"pointer":"#/status","detail":"..."} objects, at most `most`, into "errors" and
// the rest as "more_errors".
std::string errors_json(const std::vector<Problem>& problems, std::uint64_t more);

}  // namespace daybook::api
