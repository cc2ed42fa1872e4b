#include "api/respond.h"

#include <gtest/gtest.h>

#include <set>

namespace daybook::api {
namespace {

TEST(ProblemTypesTest, EachCodeHasOneRow) {
  std::set<std::string_view> names;
  std::set<int> statuses;
  for (const ProblemType& type : problem_types()) {
    EXPECT_TRUE(names.insert(type.name).second) << type.name;
    EXPECT_TRUE(statuses.insert(type.status).second) << type.status;
    EXPECT_FALSE(type.about.empty()) << type.name;
  }
  const std::vector<std::pair<Code, std::pair<int, int>>> table = {
      {Code::kMalformed, {400, 2}},   {Code::kUnauthorized, {401, 2}},
      {Code::kForbidden, {403, 2}},   {Code::kNotFound, {404, 3}},
      {Code::kConflict, {409, 3}},    {Code::kPrecondition, {412, 3}},
      {Code::kTooLarge, {413, 2}},    {Code::kMediaType, {415, 2}},
      {Code::kInvalid, {422, 2}},     {Code::kBusy, {429, 5}},
      {Code::kUnsupported, {501, 4}}, {Code::kUnavailable, {503, 5}},
      {Code::kTooSlow, {504, 5}},     {Code::kInternal, {500, 1}}};
  for (const auto& [code, figures] : table) {
    EXPECT_EQ(problem_type(code).status, figures.first);
    EXPECT_EQ(problem_type(code).exit, figures.second);
    EXPECT_EQ(&problem_type(figures.first), &problem_type(code));
  }
}

TEST(ProblemTypesTest, UnknownStatusesStandForTheirClass) {
  EXPECT_EQ(problem_type(418).status, 400);
  EXPECT_EQ(problem_type(599).status, 500);
}

TEST(ProblemTest, IsADocument) {
  const Error error =
      Error(Code::kInvalid, "2 fields of item 0 are invalid")
          .with_problems({{0, "#/status", "'done' is not one of a, b", Code::kInvalid},
                          {0, "#/id", "is taken", Code::kConflict}})
          .with_cause("for the log only");
  const http::Response response = problem(error, "/api/v1/shop/orders");
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.headers.get("Content-Type"), "application/problem+json");
  EXPECT_EQ(response.body,
            R"({"type":"/problems/invalid","title":"The request has invalid fields","status":422,)"
            R"("detail":"2 fields of item 0 are invalid","instance":"/api/v1/shop/orders",)"
            R"("errors":[{"item":0,"pointer":"#/status","detail":"'done' is not one of a, b"},)"
            R"({"item":0,"status":409,"pointer":"#/id","detail":"is taken"}]})");
}

TEST(ProblemTest, SaysWhatElseHttpDemands) {
  EXPECT_TRUE(problem(Error(Code::kUnauthorized, "x"), "/").headers.has("WWW-Authenticate"));
  EXPECT_TRUE(problem(Error(Code::kUnavailable, "x"), "/").headers.has("Retry-After"));
  EXPECT_TRUE(problem(Error(Code::kBusy, "x"), "/").headers.has("Retry-After"));
  EXPECT_EQ(
      method_not_allowed({http::Method::kGet, http::Method::kPost}, "x", "/").headers.get("Allow"),
      "GET, HEAD, POST");
}

TEST(ErrorsTest, ListsAHundredAtMost) {
  std::vector<Problem> problems(150, Problem{1, "#/a", "bad", Code::kInvalid});
  const std::string text = errors_json(problems, 7);
  EXPECT_TRUE(text.ends_with(R"(,"more_errors":57)")) << text;
  EXPECT_EQ(errors_json({}, 0), "");
}

}  // namespace
}  // namespace daybook::api
