#include "http/message.h"

#include <gtest/gtest.h>

namespace daybook::http {
namespace {

// "path ? name=value & name=value", or the error.
std::string shown(std::string_view text) {
  const auto target = parse_target(text);
  if (!target.ok()) return target.error().message();
  std::string all = target->path;
  for (const auto& [name, value] : target->query) all += " [" + name + "=" + value + "]";
  return all;
}

TEST(Target, IsTakenApart) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"/", "/"},
      {"/a/b", "/a/b"},
      {"/a/b/", "/a/b/"},
      {"/a//b", "/a//b"},
      {"/a/./b/../c", "/a/c"},
      {"/a/b/..", "/a/"},
      {"/a/%2e%2e/b", "/b"},
      {"/caf%C3%A9%20x", "/caf\u00e9 x"},
      {"/a+b", "/a+b"},
      {"/a?", "/a"},
      {"/a?b=c&d=e+f%2Bg&b=h", "/a [b=c] [d=e f+g] [b=h]"},
      {"/a?flag&=x&y=&&z=1=2", "/a [flag=] [=x] [y=] [z=1=2]"},
      {"/a?path=/b/../c", "/a [path=/b/../c]"},
      {"http://example.com/a?b=c", "/a [b=c]"},
      {"HTTP://example.com", "/"},
      {"http://example.com?b=c", "/ [b=c]"},
      {"*", "/*"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(shown(text), expected) << text;
}

TEST(Target, IsRefused) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", "the target has a path that does not begin with '/': \"\""},
      {"example.com:443",
       "the target has a path that does not begin with '/': \"example.com%3A443\""},
      {"/a%", "the target has a bad percent escape: \"%25\""},
      {"/a%2", "the target has a bad percent escape: \"%252\""},
      {"/a%zz", "the target has a bad percent escape: \"%25zz\""},
      {"/a?b=%x1", "the target has a bad percent escape: \"%25x1\""},
      {"/a%00", "the target has a NUL: \"a%2500\""},
      {"/%FF", "the target has invalid UTF-8: \"%25FF\""},
      {"/?a=%C3", "the target has invalid UTF-8: \"%25C3\""},
      {"/a%2Fb", "the target has an escaped '/': \"a%252Fb\""},
      {"/..", "the target has a path that climbs out of the root: \"%2F..\""},
      {"/a/../../b", "the target has a path that climbs out of the root: \"%2Fa%2F..%2F..%2Fb\""},
      {"/a#b", "the target has a fragment: \"%2Fa%23b\""},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(shown(text), expected) << text;
}

TEST(Target, IsEncoded) {
  EXPECT_EQ(percent_encode("aZ09-._~ /?\u00e9"), "aZ09-._~%20%2F%3F%C3%A9");
}

TEST(Headers, CompareNamesWithoutCase) {
  Headers headers;
  headers.add("Accept", "a");
  headers.add("accept", "b");
  EXPECT_EQ(headers.get("ACCEPT"), "a");
  EXPECT_EQ(headers.get("Accept-Language"), "");
  EXPECT_TRUE(headers.has("aCCept"));
  EXPECT_FALSE(headers.has("Acc"));
  headers.set("ACCEPT", "c");
  ASSERT_EQ(headers.all().size(), 1U);
  EXPECT_EQ(headers.get("accept"), "c");
}

TEST(Method, HasNames) {
  for (const std::string_view name : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    EXPECT_EQ(method_name(parse_method(name)), name);
  }
  EXPECT_EQ(parse_method("get"), Method::kOther);
  EXPECT_EQ(parse_method("TRACE"), Method::kOther);
}

TEST(Request, HasParameters) {
  Request request;
  request.target = parse_target("/a?b=1&b=2").value();
  EXPECT_EQ(request.parameter("b"), "1");
  EXPECT_EQ(request.parameter("c"), std::nullopt);
}

TEST(Body, IsReadUpToALimit) {
  EXPECT_EQ(body_of("12345")->read_all(5).value(), "12345");
  EXPECT_EQ(body_of("")->read_all(0).value(), "");
  const auto large = body_of("123456")->read_all(5);
  EXPECT_EQ(large.error().code(), Code::kTooLarge);
  EXPECT_EQ(large.error().message(), "the body is larger than 5 bytes");
}

TEST(Body, EndsAfterItsOnePiece) {
  const auto body = body_of("abc");
  std::string out = "x";
  EXPECT_FALSE(body->read(out).value());
  EXPECT_FALSE(body->read(out).value());
  EXPECT_EQ(out, "xabc");
}

}  // namespace
}  // namespace daybook::http
