#include "base/mail.h"

#include <gtest/gtest.h>

#include <utility>

namespace daybook {
namespace {

std::string marked(std::string_view text) {
  return replace_mails(text, [](const std::string& mail) { return "<" + mail + ">"; });
}

TEST(ReplaceMails, FindsThemWhereverTheyStand) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", ""},
      {"/u/carol@example.com", "/u/<carol@example.com>"},
      {"/u/carol@example.com/orders", "/u/<carol@example.com>/orders"},
      {"/u/carol%40example.com", "/u/<carol@example.com>"},
      {"ann.lee+x@mail.example.org, bob@example.com.",
       "<ann.lee+x@mail.example.org>, <bob@example.com>."},
      {"mail=bob@example.com&x", "mail=<bob@example.com>&x"},
      {"a@b.cc@d.ee", "<a@b.cc>@d.ee"},
      {"/@types/node", "/@types/node"},
      {"pkg@1.2.3", "pkg@1.2.3"},
      {"bob@localhost", "bob@localhost"},
      {"@", "@"},
      {"bob@", "bob@"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(marked(text), expected);
}

TEST(WithoutQuery, CutsPathsAndUrls) {
  EXPECT_EQ(without_query("/users?x=alice"), "/users");
  EXPECT_EQ(without_query("https://a.example/users#alice"), "https://a.example/users");
  EXPECT_EQ(without_query("/users"), "/users");
  EXPECT_EQ(without_query("is it there? yes"), "is it there? yes");
}

}  // namespace
}  // namespace daybook
