#include "query/vocabulary.h"

#include <gtest/gtest.h>

#include <string>

namespace daybook {
namespace {

std::string shown(Vocabulary& vocabulary, const Value& field) {
  std::string out;
  for (const Word& word : vocabulary.look(field)) {
    out += (out.empty() ? "" : " ") + std::to_string(word.number) + "@" +
           std::to_string(word.position);
  }
  return out;
}

TEST(VocabularyTest, GivesEveryWordOneNumber) {
  Vocabulary vocabulary("english");
  EXPECT_EQ(shown(vocabulary, Value("Deliveries and delivery, AND more")), "0@0 1@1 0@2 1@3 2@4");
  EXPECT_EQ(shown(vocabulary, Value("more delivery")), "2@0 0@1");
  EXPECT_EQ(vocabulary.word(0), "deliveri");
  EXPECT_EQ(vocabulary.number_of("deliveri"), 0u);
  EXPECT_EQ(vocabulary.number_of("else"), 3u);
  EXPECT_EQ(vocabulary.size(), 4u);
  EXPECT_EQ(vocabulary.spellings(), 5u);
}

TEST(VocabularyTest, CutsAsTheAnalyserDoes) {
  Vocabulary vocabulary("german");
  const Analyser analyser("german");
  const std::string_view text = "Die Häuser \u00AD\u0301 'n der STRASSE, 日本 and\xFFso don't x_y";
  const std::vector<Token> tokens = analyser.analyse(text);
  for (int round = 0; round < 2; ++round) {
    const std::vector<Word>& words = vocabulary.cut(text);
    ASSERT_EQ(words.size(), tokens.size());
    for (std::size_t i = 0; i < words.size(); ++i) {
      EXPECT_EQ(vocabulary.word(words[i].number), tokens[i].word);
      EXPECT_EQ(words[i].position, i);
      EXPECT_EQ(words[i].begin, tokens[i].begin);
      EXPECT_EQ(words[i].end, tokens[i].end);
    }
  }
}

TEST(VocabularyTest, RemembersAnyNumberOfWords) {
  Vocabulary vocabulary("english");
  const Analyser analyser("english");
  for (int round = 0; round < 2; ++round) {
    for (std::uint32_t i = 0; i < 10'000; ++i) {
      const std::string spelling = "w" + std::to_string(i) + "xing";
      ASSERT_EQ(vocabulary.cut(spelling).front().number, i);
      ASSERT_EQ(vocabulary.word(i), analyser.word(spelling));
    }
  }
  vocabulary.clear();
  EXPECT_EQ(vocabulary.cut("w77xing").front().number, 0u);
}

TEST(VocabularyTest, ListsStandApart) {
  Vocabulary vocabulary("none");
  const Value list = List{Value("out of"), Value(), Value("stock")};
  const std::vector<Word>& words = vocabulary.look(list);
  ASSERT_EQ(words.size(), 3u);
  EXPECT_GT(words[2].position, words[1].position + 1);
  const std::string text = searched_text(list);
  EXPECT_EQ(text, "out of\nstock\n");
  EXPECT_EQ(text.substr(words[2].begin, words[2].end - words[2].begin), "stock");
  EXPECT_TRUE(vocabulary.look(Value(5)).empty());
}

}  // namespace
}  // namespace daybook
