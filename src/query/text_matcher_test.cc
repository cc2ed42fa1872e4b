#include <gtest/gtest.h>

#include "query/sample_collection.h"
#include "query/search.h"

namespace daybook {
namespace {

Collection searched() {
  Collection made = sample_journal();
  made.text->fields.emplace_back(*made.find_field("tags"), 1.0);
  return made;
}

const Collection& journal() {
  static const Collection kJournal = searched();
  return kJournal;
}

Row row_of(std::string id, const char* endpoint, const char* title, List tags = {}) {
  Row row = sample_row(journal(), std::move(id), from_micros(1'000'000));
  set(journal(), row, "endpoint", endpoint);
  if (title != nullptr) set(journal(), row, "title", title);
  set(journal(), row, "tags", std::move(tags));
  return row;
}

TextQuery query_of(std::string_view text) { return *parse_text_query(text, "english"); }

TEST(TextMatcherTest, DecidesWhichRowsMatch) {
  const Row row = row_of("a", "The payment has failed", "Out of stock, orders delayed",
                         {Value("red alert"), Value("blue")});
  const std::pair<std::string_view, bool> cases[] = {
      {"payment", true},
      {"PAYMENTS", true},
      {"payment stock", true},
      {"payment refund", false},
      {"refund OR stock", true},
      {"payment -stock", false},
      {"payment -refund", true},
      {"\"out of stock\"", true},
      {"\"stock out\"", false},
      {"\"failed out\"", false},
      {"\"red alert\"", true},
      {"\"alert blue\"", false},
      {"del*", true},
      {"delayed*", true},
      {"xyz*", false},
      {"payment -del*", false},
      {"payment -(refund OR stock)", false},
      {"(refund OR fail) blue", true},
      {"payment -\"stock out\"", true},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(TextMatcher(journal(), query_of(text)).matches(row), expected) << text;
  }
}

TEST(TextMatcherTest, LooksAtOneRowAfterTheOther) {
  TextMatcher matcher(journal(), query_of("stock"));
  EXPECT_TRUE(matcher.matches(row_of("a", "stock", nullptr)));
  EXPECT_FALSE(matcher.matches(row_of("b", "else", nullptr)));
  EXPECT_TRUE(matcher.matches(row_of("c", "else", "stocks")));
}

std::string ranked(std::string_view text, std::vector<Row> rows) {
  std::vector<Hit> hits;
  for (Row& row : rows) hits.push_back({std::move(row), 0});
  rank_hits(journal(), query_of(text), hits);
  std::string ids;
  for (const Hit& hit : hits) ids += hit.row.id;
  return ids;
}

TEST(RankingTest, PutsTheBestFirst) {
  // More often, in a shorter text, in a field that weighs more.
  EXPECT_EQ(ranked("stock",
                   {row_of("a", "stock x y z", nullptr), row_of("b", "stock stock y z", nullptr)}),
            "ba");
  EXPECT_EQ(ranked("stock", {row_of("a", "stock and much more of other words", nullptr),
                             row_of("b", "stock", nullptr)}),
            "ba");
  EXPECT_EQ(ranked("stock", {row_of("a", "stock", "other"), row_of("b", "other", "stock")}), "ba");
  // A rare word counts more than one that all have.
  EXPECT_EQ(ranked("order OR refund",
                   {row_of("a", "order order", nullptr), row_of("b", "refund order", nullptr),
                    row_of("c", "order x", nullptr)}),
            "bac");
}

TEST(RankingTest, TiesAreNewestFirstAndWhatIsAbsentDoesNotCount) {
  Row old_row = row_of("a", "stock", nullptr);
  Row new_row = row_of("b", "stock", nullptr);
  set(journal(), new_row, "timestamp", from_micros(9'000'000));
  EXPECT_EQ(ranked("stock", {old_row, new_row}), "ba");
  EXPECT_EQ(ranked("stock -refund", {new_row, old_row}), "ba");
  EXPECT_EQ(ranked("stock", {}), "");
}

TEST(SnippetTest, MarksAndEscapes) {
  struct Case {
    std::string_view query;
    const char* endpoint;
    const char* title;
    std::string_view expected;
  };
  const Case cases[] = {
      {"help", "can I help you", nullptr, "can I <em>help</em> you"},
      {"helping OR you", "can I help you?", nullptr, "can I <em>help</em> <em>you</em>?"},
      {"\"out of stock\" stock", "we are out of stock", nullptr, "we are <em>out of stock</em>"},
      {"stock", "stock", "<b>Stock</b> & \"more\"",
       "&lt;b&gt;<em>Stock</em>&lt;/b&gt; &amp; &quot;more&quot;"},
      {"he* -world", "hello world", nullptr, "<em>hello</em> world"},
      {"nothing", "no match", nullptr, "no match"},
      {"köln", "Grüße aus KÖLN!", nullptr, "Grüße aus <em>KÖLN</em>!"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(snippet(journal(), query_of(c.query), row_of("a", c.endpoint, c.title)), c.expected)
        << c.query;
  }
}

TEST(SnippetTest, CutsBetweenWordsAroundTheBestPlace) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "word" + std::to_string(i) + " ";
  text += "late payment failed again ";
  for (int i = 0; i < 100; ++i) text += "more" + std::to_string(i) + " ";
  const Row row = row_of("a", ("payment " + text).c_str(), nullptr);
  EXPECT_EQ(snippet(journal(), query_of("payment failed"), row, 60),
            "…word99 late <em>payment</em> <em>failed</em> again more0 more1 more2 more3…");
  EXPECT_EQ(snippet(journal(), query_of("payment"), row, 30),
            "<em>payment</em> word0 word1 word2…");
}

TEST(SnippetTest, TakesWhateverTextThereIs) {
  const std::string giant(500, 'x');
  EXPECT_EQ(snippet(journal(), query_of("q"), row_of("a", giant.c_str(), nullptr), 10),
            "xxxxxxxxxx…");
  EXPECT_EQ(snippet(journal(), query_of("q"), sample_row(journal(), "a")), "");
  const std::string marked =
      snippet(journal(), query_of("x*"), row_of("a", giant.c_str(), nullptr), 10);
  EXPECT_EQ(marked, "<em>" + giant + "</em>");
}

TEST(SearchTest, ACollectionWithoutTextHasNoMatches) {
  Collection plain = sample_journal();
  plain.text.reset();
  Row row = sample_row(plain, "a");
  set(plain, row, "endpoint", "stock");
  EXPECT_FALSE(TextMatcher(plain, query_of("stock")).matches(row));
  EXPECT_EQ(snippet(plain, query_of("stock"), row), "");
}

}  // namespace
}  // namespace daybook
