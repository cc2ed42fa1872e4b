// Attacks on the interface, each of which must meet a plain refusal: nothing foreign is told,
// nothing is changed, nothing breaks.
#include <gtest/gtest.h>

#include <set>

#include "base/json.h"
#include "base/text.h"
#include "engine/credentials.h"
#include "tests/scenarios/counter.h"

namespace daybook::scenarios {

namespace {

constexpr std::string_view kForeign = "theirs-only";

class AttackTest : public testing::Test {
 protected:
  AttackTest() {
    const auto made = counter_.operate(
        "POST", "/api/v1/pytake/message_logs",
        R"([{"id":"m1","organization_id":"theirs","conversation_id":"c","message_content":"theirs-only","status":"sent"},
            {"id":"m2","organization_id":"mine","conversation_id":"c","message_content":"ours","status":"sent"}])");
    EXPECT_EQ(made.status, 201) << made.body;
    key_ = counter_.make_key("pytake", "admin", R"(,"tenant":"mine")");
  }

  http::Response get(const std::string& target) { return counter_.ask_as(key_, "GET", target); }

  Counter counter_;
  std::string key_;
};

// Texts that mean something to a database, a search, a shell, a parser.
const std::vector<std::string>& sharp_texts() {
  static const std::vector<std::string> texts = {
      "' OR '1'='1",
      "'; DROP TABLE message_logs; --",
      "\" OR 1=1 --",
      "x') UNION SELECT * FROM sqlite_master --",
      "1; ATTACH DATABASE '/tmp/x' AS x",
      "NEAR(\"a\" \"b\", 5)",
      "message_content:theirs*",
      "theirs* OR * NOT x",
      "\"theirs",
      "((((((((((",
      "-\"\"",
      "{\"$ne\":null}",
      "organization_id != 'mine'",
      "organization_id = 'theirs' OR organization_id = 'mine'",
      "NOT (organization_id = 'mine')",
      std::string("theirs\0x", 8),
      "%00",
      "../../etc/passwd",
      "$(reboot)",
      "\r\nX-Injected: 1",
      "\xff\xfe",
      std::string(9000, '('),
      std::string(9000, 'a'),
  };
  return texts;
}

TEST_F(AttackTest, SharpTextsInEveryParameterTellNothingForeign) {
  const std::string base = "/api/v1/pytake/message_logs";
  const std::vector<std::string> targets = {base + "?filter=",
                                            base + "?order=",
                                            base + "?fields=",
                                            base + "?cursor=",
                                            base + "?limit=",
                                            base + "?count=",
                                            base + "?start=",
                                            base + "?tz=",
                                            base + "?status=",
                                            base + "?format=",
                                            base + "?organization_id=",
                                            base + "?organization_id.ne=",
                                            base + "?conversation_id.has=",
                                            base + "/stats?by=",
                                            base + "/stats?of=",
                                            base + "/stats?every=",
                                            base + "/stats?order=",
                                            base + "/stats?filter=",
                                            base + "/top?field=",
                                            base + "/search?q=",
                                            base + "/search?q=x&rank=",
                                            base + "/search?q=x&filter=",
                                            base + "/",
                                            "/api/v1/pytake/conversations/",
                                            "/api/v1/pytake/metrics/x/daily?days=",
                                            "/api/v1/catalog/",
                                            "/api/v1/catalog/pytake/"};
  const std::set<int> plain = {200, 400, 403, 404, 413, 422};
  for (const std::string& target : targets) {
    for (const std::string& text : sharp_texts()) {
      const auto answer = get(target + http::percent_encode(text));
      EXPECT_TRUE(plain.contains(answer.status)) << target << " " << text << " " << answer.status;
      EXPECT_EQ(drain(answer).find(kForeign), std::string::npos) << target << " " << text;
      EXPECT_FALSE(answer.headers.has("X-Injected"));
    }
  }
  EXPECT_NE(get(base).body.find("\"m2\""), std::string::npos) << "what is ours is still there";
}

TEST_F(AttackTest, SharpTextsInBodiesAreOnlyText) {
  for (const std::string& text : sharp_texts()) {
    std::string body = "{\"conversation_id\":\"c\",\"status\":\"sent\",\"message_content\":";
    body += json::quote(text) + "}";
    const int status = counter_.ask_as(key_, "POST", "/api/v1/pytake/message_logs", body).status;
    EXPECT_TRUE(status == 201 || status == 400 || status == 422) << text << " " << status;
    const int login = counter_
                          .ask({"POST", "/api/v1/auth/login",
                                "{\"email\":" + json::quote(text) + ",\"password\":\"x\"}"})
                          .status;
    const std::set<int> refused = {400, 401, 422, 429};
    EXPECT_TRUE(refused.contains(login)) << text << " " << login;
  }
}

TEST_F(AttackTest, PathsCannotClimbOrHide) {
  for (const std::string path :
       {"/api/v1/pytake/../system/users", "/api/v1/pytake/%2e%2e/system/users",
        "//api/v1/system/users", "/api/v1//system/users", "/api/v1/system/users/",
        "/api/v1/pytake/message_logs/..%2f..%2fsystem%2fusers", "/api/v1/pytake/message_logs/m1%00",
        "/api/v1/pytake/message_logs/%6d1", "/API/V1/system/users", "/api/v1/system;x/users",
        "/api/v1/pytake/message_logs%2fm1", "/../../etc/passwd", "/api/v1/system%20/users"}) {
    const auto answer = get(path);
    EXPECT_TRUE(answer.status == 400 || answer.status == 403 || answer.status == 404)
        << path << " " << answer.status;
    EXPECT_EQ(answer.body.find(kForeign), std::string::npos) << path;
  }
}

TEST_F(AttackTest, BombsOfJsonAreRefused) {
  const std::vector<std::string> bombs = {
      std::string(100'000, '['),
      std::string(100'000, '[') + std::string(100'000, ']'),
      R"({"message_content":)" + std::string(50'000, '[') + std::string(50'000, ']') + "}",
      "{\"metadata\":{\"a\":" + std::string(60, '[') + std::string(60, ']') + "}}",
      "{\"" + std::string(2 << 20, 'k') + "\":1}",
      "{\"status\":\"sent\",\"message_content\":\"" + std::string(2 << 20, 'v') + "\"}",
      "{\"a\":1e999999999}",
      "{\"a\":" + std::string(100'000, '9') + "}",
  };
  for (const std::string& bomb : bombs) {
    const auto answer = counter_.ask_as(key_, "POST", "/api/v1/pytake/message_logs", bomb);
    EXPECT_TRUE(answer.status == 400 || answer.status == 413 || answer.status == 422)
        << bomb.substr(0, 40) << " " << answer.status;
    EXPECT_LT(answer.body.size(), 100'000U);
  }
}

TEST_F(AttackTest, StrangersAndPagesSendLittle) {
  const std::string large(100'000, ' ');
  EXPECT_EQ(counter_.ask({"POST", "/api/v1/auth/login", large + "{}"}).status, 413);
  const std::string page = counter_.make_key(
      "homepot", "publishable", R"(,"publishable":true,"origins":["https://page.example"])");
  for (const std::string type : {"application/json", "application/x-ndjson", "text/plain"}) {
    const auto answer =
        counter_.ask({"POST",
                      "/api/v1/homepot/error_logs?key=" + page,
                      large + "{}",
                      {{"Origin", "https://page.example"}, {"Content-Type", type}}});
    EXPECT_EQ(answer.status, 413) << type;
  }
}

TEST_F(AttackTest, WhatIsTooLargeForAStrangerIsRefusedByItsHead) {
  const auto sign_in = [&](const std::string& name, const std::string& value) {
    return counter_.ask({"POST", "/api/v1/auth/login", "{}", {{name, value}}}).status;
  };
  EXPECT_EQ(sign_in("Content-Length", "65537"), 413);
  EXPECT_EQ(sign_in("Content-Length", "65536"), 422) << "as far as it is one, it is read";
  EXPECT_EQ(sign_in("X-Long", std::string(9000, 'x')), 431);
  EXPECT_EQ(sign_in("X-Long", std::string(7000, 'x')), 422);
  const auto long_head =
      counter_.ask({"GET",
                    "/api/v1/auth/me",
                    "",
                    {{"Authorization", "Bearer " + key_}, {"X-Long", std::string(9000, 'x')}}});
  EXPECT_EQ(long_head.status, 200);
}

// A body that tells how long its reader is ready to wait, and comes too late for that.
class LateBody final : public http::Body {
 public:
  explicit LateBody(std::optional<Duration>& limit) : limit_(limit) {}
  Result<bool> read(std::string& out) override {
    if (limit_) return Error(Code::kTooSlow, "too late");
    out += "{}";
    return false;
  }
  void limit_time(Duration from_head) override { limit_ = from_head; }
  bool is_late() const override { return limit_.has_value(); }

 private:
  std::optional<Duration>& limit_;
};

TEST_F(AttackTest, NobodyWaitsLongForWhatStrangersSend) {
  const std::string page = counter_.make_key(
      "homepot", "publishable", R"(,"publishable":true,"origins":["https://page.example"])");
  const Counter::Pairs json = {{"Content-Type", "application/json"}};
  const Counter::Pairs lines = {{"Content-Type", "application/x-ndjson"}};
  const auto with = [](Counter::Pairs headers, const std::string& name, const std::string& value) {
    headers.emplace_back(name, value);
    return headers;
  };
  const std::string rows = "/api/v1/homepot/error_logs";
  const Counter::Asked late[] = {
      {"POST", "/api/v1/auth/login", "", json},
      {"POST", rows + "?key=" + page, "", with(json, "Origin", "https://page.example")},
      {"POST", rows + "?key=" + page, "", with(lines, "Origin", "https://page.example")},
      {"POST", "/api/v1/analytics/error", "", with(json, "Origin", "https://page.example")}};
  for (const Counter::Asked& asked : late) {
    std::optional<Duration> limit;
    EXPECT_EQ(counter_.ask(asked, std::make_unique<LateBody>(limit)).status, 408) << asked.target;
    EXPECT_EQ(limit, std::chrono::seconds(10)) << asked.target;
  }
  std::optional<Duration> limit;
  counter_.ask(
      {"POST", "/api/v1/pytake/message_logs", "", with(json, "Authorization", "Bearer " + key_)},
      std::make_unique<LateBody>(limit));
  EXPECT_FALSE(limit) << "who is known may take his time";
}

TEST_F(AttackTest, NoHeaderIsInjectedByWhatARequestSays) {
  const std::string evil = "x\r\nSet-Cookie: daybook_session=evil";
  const auto answer = counter_.ask({"GET",
                                    "/api/v1/pytake/message_logs/" + http::percent_encode(evil),
                                    "",
                                    {{"Authorization", "Bearer " + key_},
                                     {"X-Request-Id", evil},
                                     {"Origin", "https://evil.example"},
                                     {"traceparent", evil}}});
  EXPECT_FALSE(answer.headers.has("Set-Cookie"));
  for (const auto& [name, value] : answer.headers.all()) {
    EXPECT_EQ(value.find_first_of("\r\n"), std::string::npos) << name;
  }
}

TEST_F(AttackTest, TokensAreNotGuessedByTheirForm) {
  std::vector<std::string> guesses = {"",
                                      "dbk_live_",
                                      "dbk_pub_",
                                      "dbs_",
                                      "dbc_",
                                      "dbr_",
                                      "null",
                                      "operator",
                                      key_.substr(0, key_.size() - 1),
                                      key_ + "A",
                                      key_ + " ",
                                      ascii_lower(key_),
                                      token_hash(key_),
                                      "dbk_live_" + std::string(100'000, 'a'),
                                      "dbk_live_' OR 1=1 --"};
  for (std::size_t i = 9; i < key_.size(); ++i) {
    std::string changed = key_;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    guesses.push_back(changed);
  }
  for (const std::string& guess : guesses) {
    if (trim(guess) == key_) continue;
    EXPECT_EQ(counter_.ask_as(guess, "GET", "/api/v1/auth/me").status, 401) << guess.substr(0, 80);
  }
  EXPECT_EQ(counter_.ask_as(key_, "GET", "/api/v1/auth/me").status, 200);
}

TEST_F(AttackTest, AKeyMakesNoKeyBeyondItself) {
  struct Case {
    std::string members;
    int status;
  };
  const std::vector<Case> cases = {
      {R"("application":"pytake","tenant":"mine")", 201},
      {R"("application":"pytake","tenant":"theirs")", 403},
      {R"("application":"pytake")", 403},
      {R"("application":"pytake","tenant":null)", 403},
      {R"("application":"homepot","tenant":"mine")", 403},
      {R"("application":"system","tenant":"mine")", 403},
      {R"("application":"pytake","application":"system","tenant":"mine")", 403},
      {R"("application":"system","application":"pytake","tenant":"mine")", 422},
      {R"("application":"pytake","tenant":"mine","tenant":"theirs")", 403},
      {R"("application":"pytake","tenant":"theirs","tenant":"mine")", 422},
      {R"("application":"pytake","tenant":"mine","secret":"dbk_live_x")", 422},
      {R"("application":"pytake","tenant":"mine","id":"x")", 422},
  };
  for (const Case& c : cases) {
    const std::string body = R"({"name":"x","role":"admin",)" + c.members + "}";
    const auto answer = counter_.ask_as(key_, "POST", "/api/v1/keys", body);
    EXPECT_EQ(answer.status, c.status) << body << " " << answer.body;
  }
}

TEST_F(AttackTest, AKeyOfOneTenantUsesNoCursorAndNoAnswerOfAnother) {
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(
        counter_
            .operate(
                "POST", "/api/v1/pytake/message_logs",
                R"({"organization_id":"theirs","conversation_id":"c","message_content":"theirs-only","status":"sent"})")
            .status,
        201);
  }
  const std::string theirs = counter_.make_key("pytake", "admin", R"(,"tenant":"theirs")");
  const auto page = counter_.ask_as(theirs, "GET", "/api/v1/pytake/message_logs?limit=1");
  const std::string cursor = member_of(page, "next_cursor");
  ASSERT_FALSE(cursor.empty());
  const auto next = get("/api/v1/pytake/message_logs?limit=1&cursor=" + cursor);
  EXPECT_EQ(next.body.find(kForeign), std::string::npos) << next.body;

  const Counter::Asked asked{"POST",
                             "/api/v1/pytake/message_logs",
                             R"({"conversation_id":"c","message_content":"x","status":"sent"})",
                             {{"Idempotency-Key", "same"}}};
  Counter::Asked first = asked, second = asked;
  first.headers.emplace_back("Authorization", "Bearer " + theirs);
  second.headers.emplace_back("Authorization", "Bearer " + key_);
  EXPECT_FALSE(counter_.ask(first).headers.has("Idempotency-Replayed"));
  EXPECT_FALSE(counter_.ask(second).headers.has("Idempotency-Replayed"));
  EXPECT_TRUE(counter_.ask(second).headers.has("Idempotency-Replayed"));
}

}  // namespace

}  // namespace daybook::scenarios
