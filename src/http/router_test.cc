#include "http/router.h"

#include <gtest/gtest.h>

namespace daybook::http {
namespace {

Pattern pattern(std::string_view text) { return Pattern::parse(text).value(); }

std::string matched(std::string_view text, std::string_view path) {
  const auto values = pattern(text).match(path);
  if (!values) return "no";
  std::string all = "yes";
  for (const std::string& value : *values) all += ' ' + value;
  return all;
}

TEST(Pattern, MatchesPaths) {
  struct Case {
    std::string_view pattern, path, expected;
  };
  const Case cases[] = {
      {"/", "/", "yes"},
      {"/", "/a", "no"},
      {"/a", "/a", "yes"},
      {"/a", "/a/", "no"},
      {"/a", "/A", "no"},
      {"/{x}", "/", "no"},
      {"/{x}", "/a", "yes a"},
      {"/a/{x}/b/{y}", "/a/1/b/2", "yes 1 2"},
      {"/a/{x}/b/{y}", "/a//b/2", "no"},
      {"/a/{x}", "/a/1/2", "no"},
  };
  for (const Case& c : cases)
    EXPECT_EQ(matched(c.pattern, c.path), c.expected) << c.pattern << ' ' << c.path;
}

TEST(Pattern, KnowsItsNames) {
  const Pattern p = pattern("/a/{x}/{long_name}");
  EXPECT_EQ(p.names(), (std::vector<std::string>{"x", "long_name"}));
  EXPECT_EQ(p.text(), "/a/{x}/{long_name}");
}

TEST(Pattern, IsRefused) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", "must begin with '/'"},
      {"a", "must begin with '/'"},
      {"/a//b", "has an empty segment"},
      {"/a/", "has an empty segment"},
      {"/{}", "has a segment that is neither plain text nor one {name}"},
      {"/{a", "has a segment that is neither plain text nor one {name}"},
      {"/a}", "has a segment that is neither plain text nor one {name}"},
      {"/x{a}", "has a segment that is neither plain text nor one {name}"},
      {"/{a}/{a}", "has {a} twice"},
      {"/{", "has a segment that is neither plain text nor one {name}"},
  };
  for (const auto& [text, why] : cases) {
    EXPECT_EQ(Pattern::parse(text).error().message(),
              "the path pattern \"" + std::string(text) + "\" " + std::string(why));
  }
}

TEST(Pattern, Overlaps) {
  struct Case {
    std::string_view one, other;
    bool overlap;
  };
  const Case cases[] = {
      {"/a/{x}", "/a/b", true}, {"/a/{x}", "/{y}/b", true}, {"/a/{x}", "/b/{x}", false},
      {"/a", "/a/b", false},    {"/", "/", true},           {"/", "/{x}", false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(pattern(c.one).overlaps(pattern(c.other)), c.overlap) << c.one << ' ' << c.other;
    EXPECT_EQ(pattern(c.other).overlaps(pattern(c.one)), c.overlap) << c.one << ' ' << c.other;
  }
}

class RouterTest : public testing::Test {
 protected:
  // The number of the route and its parameters, or what is allowed.
  std::string found(Method method, std::string_view path) const {
    const auto found = router_.find(method, path);
    std::string all;
    if (const auto* match = std::get_if<Router::Match>(&found)) {
      all = std::to_string(match->route);
      for (const std::string& value : match->parameters) all += ' ' + value;
      return all;
    }
    for (const Method allowed : std::get<Router::Miss>(found).allowed) {
      all += (all.empty() ? "" : " ") + std::string(method_name(allowed));
    }
    return all.empty() ? "none" : "only " + all;
  }

  Router router_;
};

TEST_F(RouterTest, FindsTheFirstRouteThatFits) {
  router_.add(Method::kGet, pattern("/a/b"));
  router_.add(Method::kGet, pattern("/a/{x}"));
  router_.add(Method::kPost, pattern("/a/{x}"));
  EXPECT_EQ(found(Method::kGet, "/a/b"), "0");
  EXPECT_EQ(found(Method::kGet, "/a/c"), "1 c");
  EXPECT_EQ(found(Method::kPost, "/a/b"), "2 b");
}

TEST_F(RouterTest, ServesHeadByGet) {
  router_.add(Method::kGet, pattern("/a"));
  router_.add(Method::kGet, pattern("/b"));
  router_.add(Method::kHead, pattern("/b"));
  EXPECT_EQ(found(Method::kHead, "/a"), "0");
  EXPECT_EQ(found(Method::kHead, "/b"), "2");
}

TEST_F(RouterTest, SaysWhatIsAllowed) {
  router_.add(Method::kGet, pattern("/a/{x}"));
  router_.add(Method::kGet, pattern("/a/b"));
  router_.add(Method::kPut, pattern("/a/{x}"));
  EXPECT_EQ(found(Method::kDelete, "/a/b"), "only GET HEAD PUT");
  EXPECT_EQ(found(Method::kDelete, "/b"), "none");
}

}  // namespace
}  // namespace daybook::http
