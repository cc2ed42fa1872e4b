#include "query/analyser.h"

#include <gtest/gtest.h>

namespace daybook {
namespace {

std::string words(std::string_view text, std::string_view language = "none") {
  std::string out;
  for (const Token& token : Analyser(language).analyse(text))
    out += (out.empty() ? "" : " ") + token.word;
  return out;
}

TEST(AnalyserTest, CutsTextIntoFoldedWords) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", ""},
      {"  ,.- ", ""},
      {"Hello, World!", "hello world"},
      {"e-mail user_id 3.14", "e mail user id 3 14"},
      {"don't 'quoted' dogs'", "don't quoted dogs"},
      {"don\u2019t", "don't"},
      {"rock'n'roll", "rock'n'roll"},
      {"ÅNGSTRÖM straße", "ångström strasse"},
      {"\u212Bngstro\u0308m", "ångström"},         // Angstrom sign, o and a combining mark
      {"\uFF28\uFF45llo \uFB01ne", "hello fine"},  // full width, ligature
      {"co\u00ADoperate", "cooperate"},            // soft hyphen
      {"नेपाल राम्रो छ", "नेपाल राम्रो छ"},
      {"日本語text", "日 本 語 text"},
      {"カタカナ", "カ タ カ ナ"},
      {"한국어 문장", "한국어 문장"},
      {"Привет МИР", "привет мир"},
      {"\xFFok\xC3", "ok"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(words(text), expected) << text;
}

TEST(AnalyserTest, StemsByLanguage) {
  EXPECT_EQ(words("Deliveries delivered delivery", "english"), "deliveri deliv deliveri");
  EXPECT_EQ(words("the dog's dogs", "english"), "the dog dog");
  EXPECT_EQ(words("Häuser", "german"), "haus");
  EXPECT_EQ(words("Deliveries", "klingon"), "deliveries");
  EXPECT_TRUE(Analyser::knows("english"));
  EXPECT_TRUE(Analyser::knows("none"));
  EXPECT_FALSE(Analyser::knows("klingon"));
}

TEST(AnalyserTest, SaysWhereWordsStand) {
  const std::string text = "Ein schöner, Tag";
  const std::vector<Token> tokens = Analyser("none").analyse(text);
  ASSERT_EQ(tokens.size(), 3u);
  EXPECT_EQ(text.substr(tokens[1].begin, tokens[1].end - tokens[1].begin), "schöner");
}

TEST(AnalyserTest, CutsLongWordsBetweenCharacters) {
  std::string word;
  for (int i = 0; i < 100; ++i) word += "ä";
  const std::string cut = words(word);
  EXPECT_EQ(cut.size(), kMaxWordBytes);
  EXPECT_TRUE(word.starts_with(cut));
}

}  // namespace
}  // namespace daybook
