#include "base/mask.h"

#include <gtest/gtest.h>

namespace daybook {
namespace {

struct Case {
  std::string text, expected;
};

std::string without_secrets(const std::string& text) { return masked(text).value_or(text); }

constexpr const char* kJwt =
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJib2IifQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

// B-37
TEST(Mask, TakesWhatANameSaysIsSecretOutOfQueryStrings) {
  const Case cases[] = {
      {"/login?user=bob&password=hunter2&next=/", "/login?user=bob&password=***&next=/"},
      {"/login?PassWord=hunter2", "/login?PassWord=***"},
      {"/login?user%5Bpassword%5D=x1", "/login?user%5Bpassword%5D=***"},
      {"/login?user[password]=x1", "/login?user[password]=***"},
      {"/login?pass%77ord=hunter2", "/login?pass%77ord=***"},
      {"/a?next=%2Flogin%3Fpassword%3Dhunter2%26x%3D1",
       "/a?next=%2Flogin%3Fpassword%3D***%26x%3D1"},
      {"/a?access_token=abc#frag", "/a?access_token=***#frag"},
      {"/a?b=1;token=abc;c=2", "/a?b=1;token=***;c=2"},
      {"/a?api-key=1&apikey=2&x_api_key=3", "/a?api-key=***&apikey=***&x_api_key=***"},
      {"/a?password=p,q)r}", "/a?password=***"},
      {"/a?sig=Ab%2Fc&X-Amz-Signature=00ff&X-Amz-Security-Token=q",
       "/a?sig=***&X-Amz-Signature=***&X-Amz-Security-Token=***"},
      {"/a;jsessionid=1A2B", "/a;jsessionid=***"},
      {"?password==x", "?password=***"},
      {"?pwd=x&pwd2=y", "?pwd=***&pwd2=***"},
      {"otp=123456", "otp=***"},
      {"password=\xC3\xA9\xE2\x82\xAC&a=b", "password=***&a=b"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(without_secrets(text), expected) << text;
}

TEST(Mask, TakesThemOutOfLogsAndBodies) {
  const Case cases[] = {
      {R"({"user":"bob","password":"hunter2"})", R"({"user":"bob","password":"***"})"},
      {R"({"password" : "a\"b", "x":1})", R"({"password" : "***", "x":1})"},
      {R"(body={\"password\":\"hunter2\",\"x\":1})", R"(body={\"password\":\"***\",\"x\":1})"},
      {"{'password': 'hunter2', 'x': 1}", "{'password': '***', 'x': 1}"},
      {R"("password"=>"hunter2")", R"("password"=>"***")"},
      {R"({"password":12345,"x":1})", R"({"password":***,"x":1})"},
      {"password: hunter2", "password: ***"},
      {"password = hunter2", "password = ***"},
      {"(password=hunter2)", "(password=***)"},
      {"Server=db;User Id=sa;Password=p@ss,w;", "Server=db;User Id=sa;Password=***;"},
      {"DB_PASS=letmein PATH=/bin", "DB_PASS=*** PATH=/bin"},
      {"export AWS_SECRET_ACCESS_KEY=abc/def", "export AWS_SECRET_ACCESS_KEY=***"},
      {"newPasswordConfirmation=x", "newPasswordConfirmation=***"},
      {"token=abc", "token=***"},
      {"token: 0123456789abcdef", "token: ***"},
      {"Authorization: Bearer abc", "Authorization: Bearer ***"},
      {"Authorization: Basic dXNlcjpwYXNz\nHost: x", "Authorization: Basic ***\nHost: x"},
      {"curl -H 'Authorization: token abc' http://x",
       "curl -H 'Authorization: token ***' http://x"},
      {"Cookie: sid=1; theme=dark", "Cookie: ***"},
      {R"("Set-Cookie":"sid=1; Path=/")", R"("Set-Cookie":"***")"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(without_secrets(text), expected) << text;
}

TEST(Mask, KnowsTokensByTheirLook) {
  const std::string jwt = kJwt;
  const Case cases[] = {
      {"got " + jwt + " from bob", "got *** from bob"},
      {"/reset/" + jwt, "/reset/***"},
      {"Bearer 0123456789abcdef0123", "Bearer ***"},
      {"bearer abcDEF123+/abcDEF123==", "bearer ***"},
      {"used Basic dXNlcjpwYXNz today", "used Basic *** today"},
      {"AKIAIOSFODNN7EXAMPLE", "***"},
      {"key ghp_0123456789abcdefghijABCDEFGHIJ012345.", "key ***"},
      {"xoxb-1234567890-abcdefghij", "***"},
      {"sk-proj-0123456789abcdefghijABCDEF", "***"},
      {"dbk_live_0123456789abcdef", "***"},
      {"https://bob:hunter2@example.com/x", "https://bob:***@example.com/x"},
      {"redis://:hunter2@cache:6379/0", "redis://:***@cache:6379/0"},
      {"postgres://app:p@ss@db/x", "postgres://app:***@db/x"},
      {"postgres://app:p/ss@db/x", "postgres://app:***@db/x"},
      {"-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq8mQ\nabc\n-----END RSA PRIVATE "
       "KEY-----\n",
       "-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----\n"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(without_secrets(text), expected) << text;
}

TEST(Mask, LeavesEverythingElse) {
  const std::string texts[] = {
      "",
      "=",
      ":",
      "%",
      "%3D",
      "/api/v1/devices?limit=10&cursor=abc",
      "2025-12-05T14:00:00Z",
      "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0",
      "0197a0c4-5d1e-7c3a-9f00-2b6d3c1e8a55",
      "SyntaxError: Unexpected token: } in JSON at position 4",
      "Unexpected token < in JSON",
      "Invalid token: expected a string",
      "Bearer authentication is required",
      "Basic authentication is required",
      "if (token === null) return; password == other; secret != x",
      "forgot password? see https://example.com/help",
      "password reset requested by the user",
      "usage: 12 tokens, max_tokens=512&total_tokens=12",
      "compass=north bypass=1 passenger=bob surpass=2",
      "secretary=alice tokenizer=bpe keyboard=de monkey=1",
      "primary_key=id foreign_key=org public_key=abc",
      "cookie_consent=yes&cookies_enabled=1",
      "http://host:8080/path@2x.png",
      "git@github.com:org/repo.git",
      "at com.example.service.Handler.handle(Handler.java:42)",
      "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      "C:\\Users\\bob: access denied",
      "task-skeleton-loading-animation-wrapper",
      "signature=valid auth=oauth2",
      "authorization: denied for bob",
      R"({"password":null,"secret":{"set":true},"token":[]})",
      "ratio 12:30, score 3:1",
      "\xF0\x9F\x98\x80: \xC3\xA9=\xE2\x82\xAC",
  };
  for (const std::string& text : texts) EXPECT_EQ(masked(text), std::nullopt) << text;
}

TEST(Mask, ChangesNothingTheSecondTime) {
  const std::string texts[] = {
      "a?password=x&token=y",
      "Authorization: Bearer abc",
      kJwt,
      R"({"secret":"x"})",
      "https://bob:hunter2@example.com",
      "-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq8mQx0123456789\n",
      "cookie: a=b; " + std::string(2000, 'x') + " c=d; " + std::string(2000, 'y'),
      "://AKIA0123456789012345" + std::string(2000, 'x') + ":pw@host"};
  for (const std::string& text : texts) {
    const auto once = masked(text);
    ASSERT_TRUE(once) << text;
    EXPECT_EQ(masked(*once), std::nullopt) << *once;
  }
}

TEST(Mask, TakesTimeByTheLengthOfTheText) {
  const std::string parts[] = {
      "://a",   "cookie: ", "token:", "password=\"", "-----BEGIN PRIVATE KEY-----",
      "token=", "a%3D",     "eyJ."};
  for (const std::string& part : parts) {
    std::string text;
    while (text.size() < (std::size_t{1} << 16)) text += part;
    EXPECT_LE(without_secrets(text).size(), text.size()) << part;
  }
}

std::string json_without(const std::string& name, const std::string& text) {
  json::Parser parser;
  const auto value = parser.parse(text);
  EXPECT_TRUE(value.ok()) << text;
  return masked(name, *value).value_or("same");
}

TEST(Mask, GoesByTheNamesOfMembersAtAnyDepth) {
  const Case cases[] = {
      {R"({"a":{"b":[{"Pass_Word":"x"}]}})", R"({"a":{"b":[{"Pass_Word":"***"}]}})"},
      {R"({"password":1234,"secret":true,"apiKey":null})",
       R"({"password":"***","secret":true,"apiKey":null})"},
      {R"({"tokens":["a","b"]})", R"({"tokens":["***","***"]})"},
      {R"({"credentials":{"user":"bob","n":1}})", R"({"credentials":{"user":"***","n":1}})"},
      {R"({"db_creds":"bob","sacreds":"bob"})", R"({"db_creds":"***","sacreds":"bob"})"},
      {R"({"secret":{"value":[1,"x"]}})", R"({"secret":{"value":["***","***"]}})"},
      {R"({"url":"/a?token=x","n":1.5})", R"({"url":"/a?token=***","n":1.5})"},
      {R"({"x-api-key":"k","db.pass":"p","dbPass":"q"})",
       R"({"x-api-key":"***","db.pass":"***","dbPass":"***"})"},
      {R"({"p\u0061ssword":"x"})", R"({"password":"***"})"},
      {R"(["plain","Bearer 0123456789abcdef0123"])", R"(["plain","Bearer ***"])"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(json_without("", text), expected) << text;
  EXPECT_EQ(json_without("client_secret", R"("x")"), R"("***")");
  EXPECT_EQ(json_without("tokens", "[1,2]"), "same");
}

TEST(Mask, LeavesOtherMembers) {
  const std::string texts[] = {
      R"({"prompt_tokens":12,"max_tokens":512,"token_type":"Bearer","token":7})",
      R"({"password_changed_at":"2025-12-05T14:00:00Z","password_strength":"weak"})",
      R"({"secretary":"alice","compass":"north","key":"a","public_key":"b","pin":4})",
      R"({"password":"","token":null,"secret":false})",
      R"({"password":"***"})",
      R"({"cookie_consent":"yes","authority":"x","authorized":"bob"})",
  };
  for (const std::string& text : texts) EXPECT_EQ(json_without("", text), "same") << text;
}

}  // namespace
}  // namespace daybook
