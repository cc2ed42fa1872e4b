#include "catalog/text_format.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace daybook {
namespace {

struct Case {
  Format format;
  std::vector<std::string> good;
  std::vector<std::string> bad;
};

TEST(TextFormat, TellsGoodFromBad) {
  const std::vector<Case> cases = {
      {Format::kEmail,
       {"a@b", "a.b+c@example.org", "o'neil@example.org", "\xC3\xA4@example.org"},
       {"", "a", "@b", "a@", ".a@b", "a.@b", "a..b@c", "a b@c", "a@b c", "a@-b",
        std::string(65, 'a') + "@b"}},
      {Format::kUri,
       {"https://example.org/a?b=c#d", "urn:x:1", "mailto:a@b.c", "s3://bucket/key", "a:b"},
       {"", "/a/b", ":b", "a:", "1a:b", "https://a b", "http://a\nb", "http://<x>"}},
      {Format::kIp,
       {"10.0.0.1", "::1", "2001:db8::8a2e:370:7334", "::ffff:10.0.0.1"},
       {"", "10.0.0", "10.0.0.256", "::g", "10.0.0.1/8", "localhost"}},
      {Format::kHostname,
       {"a", "a-1.example.org", "127.0.0.1", "xn--bcher-kva.example"},
       {"", "-a", "a-", "a..b", "a.", "a_b", "a b", std::string(64, 'a')}},
  };
  for (const Case& c : cases) {
    for (const std::string& text : c.good) EXPECT_TRUE(has_format(text, c.format)) << text;
    for (const std::string& text : c.bad) EXPECT_FALSE(has_format(text, c.format)) << text;
  }
}

}  // namespace
}  // namespace daybook
