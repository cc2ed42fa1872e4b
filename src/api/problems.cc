// The pages that the types of problems lead to.
#include "api/endpoints.h"
#include "api/respond.h"

namespace daybook::api {
namespace {

std::string page(const ProblemType& type) {
  const std::string title(type.title);
  return "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>" + title +
         "</title></head>\n<body>\n<h1>" + title + "</h1>\n<p>" + std::string(type.about) +
         "</p>\n<p>Status " + std::to_string(type.status) + ", exit code " +
         std::to_string(type.exit) + " of the command line.</p>\n</body>\n</html>\n";
}

}  // namespace

Result<http::Response> read_problem(Call& call) {
  for (const ProblemType& type : problem_types()) {
    if (type.name == call.parameters[0]) return text_response("text/html", page(type));
  }
  return Error(Code::kNotFound, "there is no type of problem '" + call.parameters[0] + "'");
}

}  // namespace daybook::api
