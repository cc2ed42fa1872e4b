#include "cli/answer.h"

#include "api/respond.h"
#include "base/json.h"

namespace daybook::cli {

namespace {

Code code_of(int status) {
  const api::ProblemType& type = api::problem_type(status);
  if (type.code) return *type.code;
  return status >= 500 ? Code::kInternal : Code::kInvalid;
}

std::vector<Problem> problems_of(const json::Value& object) {
  std::vector<Problem> problems;
  const auto errors = object.find("errors");
  if (!errors || errors->kind() != json::Kind::kArray) return problems;
  auto elements = errors->elements();
  while (const auto error = elements.next()) {
    if (error->kind() != json::Kind::kObject) continue;
    Problem problem;
    const auto item = error->find("item");
    if (item && item->kind() == json::Kind::kInt) {
      problem.item = static_cast<std::uint64_t>(item->as_int());
    }
    problem.pointer = text_of(*error, "pointer");
    problem.detail = text_of(*error, "detail");
    problems.push_back(std::move(problem));
  }
  return problems;
}

}  // namespace

Error error_of(const http::Response& response) {
  const Code code = code_of(response.status);
  json::Parser parser;
  const auto body = parser.parse(response.body);
  if (!body || body->kind() != json::Kind::kObject) {
    return Error(code, "the server answered " + std::to_string(response.status) + " " +
                           std::string(http::reason_phrase(response.status)));
  }
  std::string message = text_of(*body, "detail");
  if (message.empty()) message = text_of(*body, "title");
  return Error(code, message).with_problems(problems_of(*body));
}

std::string text_of(const json::Value& object, std::string_view name) {
  const auto member = object.find(name);
  return member && member->kind() == json::Kind::kString ? std::string(member->as_string()) : "";
}

std::uint64_t number_of(const json::Value& object, std::string_view name) {
  const auto member = object.find(name);
  const bool is_number = member && member->kind() == json::Kind::kInt;
  return is_number ? static_cast<std::uint64_t>(member->as_int()) : 0;
}

}  // namespace daybook::cli
