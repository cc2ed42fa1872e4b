#include "cli/sample_row.h"

#include <gtest/gtest.h>

namespace daybook::cli {
namespace {

std::string sample(const std::string& declaration) {
  json::Parser parser;
  const auto value = parser.parse(declaration);
  EXPECT_TRUE(value.ok()) << declaration;
  const auto row = sample_row(*value);
  return row ? row->json() : "none";
}

TEST(SampleRow, IsMadeOfTheDeclaration) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"fields":{"a":{"type":"text","required":true}}})", R"({"a":"daybook demo verify"})"},
      {R"({"fields":{"a":{"type":"text","required":true,"example":"x"}}})", R"({"a":"x"})"},
      {R"({"fields":{"a":{"type":"choice","required":true,"of":["x","y"]}}})", R"({"a":"x"})"},
      {R"({"fields":{"a":{"type":"int","required":true,"min":100}}})", R"({"a":100})"},
      {R"({"fields":{"a":{"type":"text"},"b":{"type":"bool","required":true}}})", R"({"b":true})"},
      {R"({"fields":{"a":{"type":"time","required":true,"default":"now"}}})", "{}"},
      {R"({"fields":{"a":{"type":"text","required":true,"references":"b"}}})", "none"},
      {R"({"fields":{"a":{"type":"text","references":"b"}}})", "{}"},
      {R"({"fields":{"a":{"type":"uuid","required":true}}})", "none"},
  };
  for (const auto& [declaration, row] : cases) EXPECT_EQ(sample(declaration), row) << declaration;
}

TEST(SampleRow, TakesTheGenerators) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"type":"text"},"how":{"one_of":["x","y"]})", R"("x")"},
      {R"({"type":"text"},"how":{"one_of":{"x":2}})", R"("x")"},
      {R"({"type":"int"},"how":{"one_of":{"200":2}})", "200"},
      {R"({"type":"text"},"how":{"numbered":["dev_",40]})", R"("dev_1")"},
      {R"({"type":"text"},"how":{"numbered":["a",9,"@b.c"]})", R"("a1@b.c")"},
      {R"({"type":"float"},"how":{"around":[40,2.5]})", "40"},
      {R"({"type":"map"},"how":{"each":{"t":{"walk":[21.5,0.4]}}})", R"({"t":21.5})"},
      {R"({"type":"text"},"how":{"text":[2,4]})", R"("daybook demo verify")"},
  };
  for (const auto& [parts, value] : cases) {
    const std::string text(parts);
    const std::size_t how = text.find(R"(,"how":)");
    EXPECT_EQ(sample(R"({"fields":{"a":)" + text.substr(0, how) + R"(},"demo":{"a":)" +
                     text.substr(how + 7) + "}}"),
              R"({"a":)" + std::string(value) + "}");
  }
}

TEST(SampleRow, TellsPlainMembers) {
  const SampleRow row{{{"a", R"("x")"}, {"b", "12"}, {"c", "{}"}}};
  EXPECT_EQ(row.plain("a"), "x");
  EXPECT_EQ(row.plain("b"), "12");
  EXPECT_EQ(row.plain("c"), std::nullopt);
  EXPECT_EQ(row.plain("d"), std::nullopt);
}

}  // namespace
}  // namespace daybook::cli
