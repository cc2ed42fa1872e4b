#include "api/negotiate.h"

#include <gtest/gtest.h>

namespace daybook::api {
namespace {

http::Headers headers(std::vector<std::pair<std::string, std::string>> all) {
  http::Headers headers;
  for (auto& [name, value] : all) headers.add(std::move(name), std::move(value));
  return headers;
}

TEST(BodyFormTest, ReadsWhatRowsComeAs) {
  const std::vector<std::pair<std::string, BodyForm>> cases = {
      {"application/json", BodyForm::kJson},
      {"Application/JSON; charset=UTF-8", BodyForm::kJson},
      {"application/json;charset=\"utf-8\"", BodyForm::kJson},
      {"application/merge-patch+json", BodyForm::kJson},
      {"application/x-ndjson", BodyForm::kNdjson},
      {"application/ndjson", BodyForm::kNdjson},
      {"application/jsonl", BodyForm::kNdjson},
  };
  for (const auto& [type, form] : cases) {
    const auto read = body_form(headers({{"Content-Type", type}}));
    ASSERT_TRUE(read.ok()) << type;
    EXPECT_EQ(*read, form) << type;
  }
}

TEST(BodyFormTest, RefusesWhatAPageMaySendUnasked) {
  for (const std::string type :
       {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "application/json; charset=latin1", "application/xml"}) {
    const auto read = body_form(headers({{"Content-Type", type}}));
    ASSERT_FALSE(read.ok()) << type;
    EXPECT_EQ(read.error().code(), Code::kMediaType) << type;
  }
  EXPECT_EQ(body_form(headers({})).error().message(),
            "Content-Type is missing; send Content-Type: application/json (one object or an array) "
            "or application/x-ndjson (one object a line)");
}

TEST(AcceptTest, TakesTypesByTheirRanges) {
  struct Case {
    std::string accept, type;
    bool is_taken;
  };
  const std::vector<Case> cases = {
      {"", "application/json", true},
      {"*/*", "application/json", true},
      {"application/*", "application/json", true},
      {"text/html, application/json;q=0.5", "application/json", true},
      {"text/html", "application/json", false},
      {"application/json;q=0", "application/json", false},
      {"application/json;q=0, */*", "application/json", false},
      {"text/*", "application/json", false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(accepts(headers({{"Accept", c.accept}}), c.type), c.is_taken) << c.accept;
  }
}

TEST(RowsFormTest, FollowsFormatThenAccept) {
  struct Case {
    std::string accept;
    std::optional<std::string> format;
    std::optional<RowsForm> form;
  };
  const std::vector<Case> cases = {
      {"", {}, RowsForm::kJson},
      {"*/*", {}, RowsForm::kJson},
      {"application/x-ndjson", {}, RowsForm::kNdjson},
      {"text/csv", {}, RowsForm::kCsv},
      {"text/csv;q=0.5, application/json", {}, RowsForm::kJson},
      {"text/csv, application/json;q=0.5", {}, RowsForm::kCsv},
      {"text/html", {}, {}},
      {"application/json", "csv", RowsForm::kCsv},
      {"text/html", "ndjson", RowsForm::kNdjson},
  };
  for (const Case& c : cases) {
    const auto form = rows_form(headers({{"Accept", c.accept}}), c.format);
    ASSERT_TRUE(form.ok()) << c.accept;
    EXPECT_EQ(*form, c.form) << c.accept;
  }
  EXPECT_EQ(rows_form(headers({}), "xml").error().code(), Code::kInvalid);
}

TEST(ConditionsTest, ReadsTags) {
  const auto said = conditions(headers({{"If-Match", "\"a\", W/\"weak\",\"b\""}}));
  ASSERT_TRUE(said.ok());
  EXPECT_EQ(said->if_match, (std::vector<std::string>{"a", "b"}));
  EXPECT_FALSE(said->matches_any);
  EXPECT_TRUE(conditions(headers({{"If-Match", "*"}}))->matches_any);
  EXPECT_TRUE(conditions(headers({{"If-None-Match", " * "}}))->none_match_any);
}

TEST(ConditionsTest, RefusesWhatIsNoTag) {
  for (const std::string text : {"a", "\"a", "W/", "\"a\" b"}) {
    const auto said = conditions(headers({{"If-Match", text}}));
    ASSERT_FALSE(said.ok()) << text;
    EXPECT_EQ(said.error().code(), Code::kMalformed);
  }
}

TEST(PreferTest, FindsMinimal) {
  EXPECT_TRUE(prefers_minimal(headers({{"Prefer", "respond-async, return=minimal"}})));
  EXPECT_FALSE(prefers_minimal(headers({{"Prefer", "return=representation"}})));
  EXPECT_FALSE(prefers_minimal(headers({})));
}

}  // namespace
}  // namespace daybook::api
