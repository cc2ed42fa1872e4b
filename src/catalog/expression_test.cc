#include "catalog/expression.h"

#include <gtest/gtest.h>

namespace daybook {
namespace {

// What the text means, written plainly.
std::string shape(const Expression& e) {
  using Kind = Expression::Kind;
  std::string args;
  for (const Expression& arg : e.args) args += " " + shape(arg);
  switch (e.kind) {
    case Kind::kLiteral:
      return debug_text(e.literal);
    case Kind::kDuration:
      return debug_text(e.literal) + "us";
    case Kind::kField:
      return e.name;
    case Kind::kParameter:
      return ":" + e.name + (e.optional ? "?" : "");
    case Kind::kCompare:
      return "(cmp" + std::to_string(static_cast<int>(e.comparison)) + args + ")";
    case Kind::kIn:
      return "(in" + args + ")";
    case Kind::kHas:
      return "(has" + args + ")";
    case Kind::kAnd:
      return "(and" + args + ")";
    case Kind::kOr:
      return "(or" + args + ")";
    case Kind::kNot:
      return "(not" + args + ")";
    case Kind::kCall:
      return "(" + e.name + args + ")";
  }
  return "?";
}

struct Case {
  std::string text;
  std::string shape;
};

TEST(Expression, IsParsed) {
  const std::vector<Case> cases = {
      {"a = 1", "(cmp0 a 1)"},
      {"a!=1", "(cmp1 a 1)"},
      {"a < -1.5", "(cmp2 a -1.5)"},
      {"a<=2e3", "(cmp3 a 2000)"},
      {"a > 'it\\'s'", "(cmp4 a \"it's\")"},
      {"a >= \"x\"", "(cmp5 a \"x\")"},
      {"a = null or b = true And c = FALSE",
       "(or (cmp0 a null) (and (cmp0 b true) (cmp0 c false)))"},
      {"(a = 1 OR b = 2) AND NOT c", "(and (or (cmp0 a 1) (cmp0 b 2)) (not c))"},
      {"NOT a = 1", "(not (cmp0 a 1))"},
      {"a = 1 AND b = 2 AND c = 3", "(and (cmp0 a 1) (cmp0 b 2) (cmp0 c 3))"},
      {"(a = 1 AND b = 2) AND c = 3", "(and (and (cmp0 a 1) (cmp0 b 2)) (cmp0 c 3))"},
      {"status in ['a', \"b\", :c]", "(in status \"a\" \"b\" :c)"},
      {"endpoint : '/auth'", "(has endpoint \"/auth\")"},
      {"tags::tag?", "(has tags :tag?)"},
      {"oauth.google_id = :principal.id", "(cmp0 oauth.google_id :principal.id)"},
      {"metrics.cpu-0 > 5", "(cmp4 metrics.cpu-0 5)"},
      {"t >= 2025-12-05T14:00:00+01:00", "(cmp5 t 2025-12-05T13:00:00Z)"},
      {"d = 2025-12-05", "(cmp0 d 2025-12-05)"},
      {"9 < -5e-100", "(cmp2 9 -5e-100)"},
      {"age < 24h", "(cmp2 age 86400000000us)"},
      {"count()", "(count)"},
      {"count(a = 1 OR b)", "(count (or (cmp0 a 1) b))"},
      {"p95(metrics.cpu)", "(p95 metrics.cpu)"},
      {":window", ":window"},
      {"notes = 'x' AND order = 'y'", "(and (cmp0 notes \"x\") (cmp0 order \"y\"))"},
      {"\n a\t=\r1 ", "(cmp0 a 1)"},
  };
  for (const Case& c : cases) {
    const auto parsed = parse_expression(c.text);
    ASSERT_TRUE(parsed.ok()) << c.text << ": " << parsed.error().message();
    EXPECT_EQ(shape(*parsed), c.shape) << c.text;
  }
}

TEST(Expression, IsRefusedWithThePlace) {
  const std::vector<Case> cases = {
      {"", "at character 1: expected a value"},
      {"a >=", "at character 5: expected a value after '>='"},
      {"a = 1 b", "at character 7: expected AND, OR or the end after '1'"},
      {"a == 1", "at character 4: expected a value after '='"},
      {"a = 'x", "at character 5: the text is not closed; expected '"},
      {"a = 'x\\q'", "at character 8: expected one of ' \" \\ n r t after '\\'"},
      {"(a = 1", "at character 7: expected ')' after '1'"},
      {"a in 1", "at character 6: expected '[' after 'in'"},
      {"a in []", "at character 7: expected a value after '['"},
      {"a in [1 2]", "at character 9: expected ',' or ']' after '1'"},
      {"a = 1 AND", "at character 10: expected a value after 'AND'"},
      {"a = and", "at character 5: expected a value after '='"},
      {"coumt()", "at character 1: there is no function 'coumt'; did you mean 'count'?"},
      {"a. = 1", "at character 1: 'a.' is not a name"},
      {"a = :", "at character 6: expected the name of a parameter after ':'"},
      {"a = 99999999999999999999",
       "at character 5: the number 99999999999999999999 is beyond 64 bits"},
      {"a = 1e999", "at character 5: the number 1e999 is out of range"},
      {"'\xC3\xA4\xC3\xB6' = ?", "at character 8: expected a value after '='"},
      {"a = '\xFF'", "at byte 6: not valid UTF-8"},
      {std::string("a = '\0'", 8), "an expression must not contain NUL"},
      {"(a = 1) = 2", "at character 9: expected AND, OR or the end after ')'"},
  };
  for (const Case& c : cases) {
    const auto parsed = parse_expression(c.text);
    ASSERT_FALSE(parsed.ok()) << c.text << " -> " << shape(*parsed);
    EXPECT_EQ(parsed.error().message(), c.shape) << c.text;
    EXPECT_EQ(parsed.error().code(), Code::kInvalid);
  }
}

TEST(Expression, HasLimits) {
  const std::string deep =
      std::string(kMaxExpressionDepth, '(') + "a" + std::string(kMaxExpressionDepth, ')');
  EXPECT_TRUE(parse_expression(deep).ok());
  EXPECT_FALSE(parse_expression("(" + deep + ")").ok());
  std::string nots;
  for (std::size_t i = 0; i < 3000; ++i) nots += "not ";
  EXPECT_FALSE(parse_expression(nots + "a").ok());
  EXPECT_FALSE(parse_expression("a = '" + std::string(kMaxExpressionBytes, 'x') + "'").ok());
}

TEST(Expression, IsFormattedSoThatItReadsBack) {
  const std::vector<std::string> canonical = {
      "a = 1",
      "a = 1.0",
      "a != 'it\\'s \\\\ \\n'",
      "a = 1 AND b = 2 OR c",
      "(a = 1 OR b = 2) AND NOT (c AND d)",
      "(a AND b) AND c",
      "NOT NOT a",
      "status in ['a', 'b']",
      "tags : :tag?",
      "t >= 2025-12-05T14:00:00.000001Z",
      "d = 2025-12-05",
      "age < 36h",
      "count(a = 1 AND b)",
      "avg(x)",
      "count()",
      "a = -0.5",
      "a = true OR a = null",
  };
  for (const std::string& text : canonical) {
    const auto parsed = parse_expression(text);
    ASSERT_TRUE(parsed.ok()) << text << ": " << parsed.error().message();
    EXPECT_EQ(format_expression(*parsed), text);
  }
}

TEST(Origin, IsDescribed) {
  EXPECT_EQ(describe({"homes/rooms.toml", 12, "field 'state'"}),
            "homes/rooms.toml:12: field 'state'");
  EXPECT_EQ(describe({"homes/rooms.toml", 0, ""}), "homes/rooms.toml");
  EXPECT_EQ(describe({"", 0, "field 'state'"}), "field 'state'");
}

}  // namespace
}  // namespace daybook
