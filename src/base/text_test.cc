#include "base/text.h"

#include <gtest/gtest.h>

namespace daybook {
namespace {

constexpr std::size_t kValid = std::string_view::npos;

TEST(Text, FindsTheFirstByteThatIsNotUtf8) {
  const std::pair<std::string_view, std::size_t> cases[] = {
      {"", kValid},
      {"plain text of more than eight bytes", kValid},
      {"\u00e9\u20ac\U0001F600", kValid},
      {"\xEF\xBF\xBF", kValid},
      {"\xF4\x8F\xBF\xBF", kValid},
      {"12345678\xFF", 8},
      {"ab\x80", 2},
      {"\xC3", 0},
      {"x\xC0\xAF", 1},         // an overlong '/'
      {"\xE0\x80\xAF", 0},      // the same in three bytes
      {"\xED\xA0\x80", 0},      // a surrogate
      {"\xF4\x90\x80\x80", 0},  // beyond U+10FFFF
      {"\xF0\x9F\x98", 0},      // cut off
      {"\u00e9\xE2\x28\xA1", 2},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(find_invalid_utf8(text), expected) << text;
}

TEST(Text, CutsBetweenCharacters) {
  EXPECT_EQ(utf8_prefix("abc", 5), "abc");
  EXPECT_EQ(utf8_prefix("abc", 2), "ab");
  EXPECT_EQ(utf8_prefix("a\u20acb", 3), "a");
  EXPECT_EQ(utf8_prefix("a\u20acb", 4), "a\u20ac");
  EXPECT_EQ(utf8_prefix("\u20ac", 0), "");
}

TEST(Text, SplitsTrimsAndJoins) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
  EXPECT_EQ(split("a,", ','), (std::vector<std::string_view>{"a", ""}));
  EXPECT_EQ(trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(trim("  "), "");
  EXPECT_EQ(join({"a", "b", "c"}, ", "), "a, b, c");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(Text, FoldsCase) {
  EXPECT_EQ(ascii_lower("AbC\u00c9"), "abc\u00c9");
  EXPECT_EQ(fold_case("HELLO"), "hello");
  EXPECT_EQ(fold_case("\u00c9t\u00e9"), "\u00e9t\u00e9");
  EXPECT_EQ(fold_case("Stra\u00dfe"), "strasse");
  EXPECT_EQ(fold_case("e\u0301"), "\u00e9");
  EXPECT_EQ(fold_case("\xFF"), "\xFF");
}

TEST(Text, SpellsBytes) {
  EXPECT_EQ(hex(std::string_view("\x00\xAB\x7f", 3)), "00ab7f");
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"\xFB\xFF", "-_8"}};
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(base64url(bytes), text);
    EXPECT_EQ(parse_base64url(text), bytes);
  }
}

TEST(Text, RefusesWhatIsNotBase64url) {
  for (const std::string_view text : {"A", "Zg==", "Zm9+", "Zh", "a b"}) {
    EXPECT_FALSE(parse_base64url(text).has_value()) << text;
  }
}

TEST(Text, SuggestsTheNearest) {
  const std::vector<std::string> names = {"status", "started_at", "job_id"};
  EXPECT_EQ(nearest("staus", names), "status");
  EXPECT_EQ(nearest("jobid", names), "job_id");
  EXPECT_EQ(nearest("statsu", names), "status");
  EXPECT_EQ(nearest("zebra", names), std::nullopt);
  EXPECT_EQ(nearest("x", {}), std::nullopt);
}

}  // namespace
}  // namespace daybook
