// Plays every *.scenario of this folder on every store, through the real socket.
#include "tests/scenarios/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/scenarios/stage.h"

namespace daybook::scenarios {

namespace {

// What a store cannot play, and why.
struct Skip {
  std::string_view store, scenario, reason;
};
constexpr std::array<Skip, 0> kSkips = {};

struct Play {
  std::string scenario;
  std::string store;
};

std::string folder() { return std::string(DAYBOOK_SOURCE_DIR) + "/tests/scenarios"; }

std::vector<Play> all_plays() {
  std::vector<Play> plays;
  for (const auto& entry : std::filesystem::directory_iterator(folder())) {
    if (entry.path().extension() != ".scenario") continue;
    for (const char* store : {"memory", "sqlite"}) plays.push_back({entry.path().stem(), store});
  }
  std::sort(plays.begin(), plays.end(), [](const Play& a, const Play& b) {
    return std::tie(a.scenario, a.store) < std::tie(b.scenario, b.store);
  });
  return plays;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Result<http::Response> send(const Step& step, http::Client& client, const Captures& captures) {
  Captures encoded;
  for (const auto& [name, value] : captures) encoded[name] = http::percent_encode(value);
  DAYBOOK_ASSIGN(const std::string target, filled(step.target, encoded));
  DAYBOOK_ASSIGN(const std::string body, filled(step.body, captures));
  http::Headers headers;
  for (const auto& [name, value] : step.headers) {
    DAYBOOK_ASSIGN(std::string text, filled(value, captures));
    headers.add(name, std::move(text));
  }
  if (!body.empty() && !headers.has("Content-Type")) {
    const bool is_one_line = body.find('\n') == std::string::npos;
    headers.add("Content-Type", is_one_line ? "application/json" : "application/x-ndjson");
  }
  return client.send(http::parse_method(step.method), target, headers, body);
}

class Scenario : public testing::TestWithParam<Play> {};

TEST_P(Scenario, plays) {
  const Play& play = GetParam();
  for (const Skip& skip : kSkips) {
    if (skip.store == play.store && skip.scenario == play.scenario) GTEST_SKIP() << skip.reason;
  }
  const std::string path = folder() + "/" + play.scenario + ".scenario";
  const auto steps = parse_scenario(read_file(path));
  ASSERT_TRUE(steps.ok()) << path << ": " << steps.error().message();

  Stage stage(play.store);
  Captures captures;
  for (const Step& step : *steps) {
    const auto answer = send(step, stage.client(), captures);
    ASSERT_TRUE(answer.ok()) << path << ":" << step.line << ": " << answer.error().message();
    const auto wrong = judge(step, *answer, captures);
    ASSERT_TRUE(wrong.ok()) << path << ":" << step.line << ": " << wrong.error().message();
    EXPECT_TRUE(wrong->empty()) << path << ":" << step.line << ": " << step.comment << "\n"
                                << step.method << " " << step.target << "\n"
                                << *wrong << "  the answer was " << answer->status << " "
                                << answer->body;
  }
}

INSTANTIATE_TEST_SUITE_P(, Scenario, testing::ValuesIn(all_plays()),
                         [](const testing::TestParamInfo<Play>& about) {
                           return about.param.scenario + "_" + about.param.store;
                         });

TEST(ScenarioText, AnyStandsForTextWithinALine) {
  EXPECT_TRUE(is_like("abc", "a<any>c"));
  EXPECT_TRUE(is_like("ac", "a<any>c"));
  EXPECT_FALSE(is_like("abcd", "a<any>c"));
  EXPECT_FALSE(is_like("a\nc", "a<any>c"));
  EXPECT_TRUE(holds_like("xx abc yy", "a<any>c"));
  EXPECT_FALSE(holds_like("xx ab yy", "a<any>c"));
}

TEST(ScenarioText, ReadsEveryPartOfAStep) {
  const auto steps = parse_scenario(
      "# why\nPOST /x?y=1\nIf-Match: *\n{\"a\":1}\n{\"a\":2}\n---- 207 contains\nETag: \"<any>\"\n"
      "\"b\":2\nabsent c\ncapture d = e.0\n\nGET /y\n---- 200\n");
  ASSERT_TRUE(steps.ok());
  ASSERT_EQ(steps->size(), 2u);
  const Step& step = steps->front();
  EXPECT_EQ(step.line, 2);
  EXPECT_EQ(step.comment, "why ");
  EXPECT_EQ(step.target, "/x?y=1");
  EXPECT_EQ(step.headers, (std::vector<std::pair<std::string, std::string>>{{"If-Match", "*"}}));
  EXPECT_EQ(step.body, "{\"a\":1}\n{\"a\":2}");
  EXPECT_EQ(step.status, 207);
  EXPECT_EQ(step.expected_headers.size(), 1u);
  EXPECT_EQ(step.expected, (std::vector<std::string>{"\"b\":2"}));
  EXPECT_EQ(step.absent, (std::vector<std::string>{"c"}));
  EXPECT_EQ(step.captures, (std::vector<std::pair<std::string, std::string>>{{"d", "e.0"}}));
}

TEST(ScenarioText, SaysWhichLineIsWrong) {
  EXPECT_EQ(parse_scenario("GET /x\n\n").error().message(), "line 2: expected ---- STATUS");
  EXPECT_EQ(parse_scenario("GET /x\n---- 200\nbody\n").error().message(),
            "line 3: a body is expected, but neither exact nor contains");
}

}  // namespace

}  // namespace daybook::scenarios
