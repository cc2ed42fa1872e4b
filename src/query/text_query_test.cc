#include <gtest/gtest.h>

#include "query/search.h"

namespace daybook {
namespace {

// The tree in brackets, with what is looked for.
std::string shown(const TextQuery& query) {
  std::string words;
  for (const std::string& word : query.words) words += (words.empty() ? "" : " ") + word;
  std::string parts;
  for (const TextQuery& part : query.parts) parts += (parts.empty() ? "" : " ") + shown(part);
  switch (query.kind) {
    case TextQuery::Kind::kWord:
      return words;
    case TextQuery::Kind::kPrefix:
      return words + "*";
    case TextQuery::Kind::kPhrase:
      return "'" + words + "'";
    case TextQuery::Kind::kAnd:
      return "and(" + parts + ")";
    case TextQuery::Kind::kOr:
      return "or(" + parts + ")";
    case TextQuery::Kind::kNot:
      return "not(" + parts + ")";
  }
  return "";
}

struct Case {
  std::string_view text, tree, formatted;
};

const Case kCases[] = {
    {"help", "help", "help"},
    {"help OR support", "or(help support)", "help OR support"},
    {"payment failed", "and(payment fail)", "payment failed"},
    {"payment AND failed", "and(payment fail)", "payment failed"},
    {"Payment  or\tFailed", "and(payment or fail)", "Payment or Failed"},
    {"\"out of stock\"", "'out of stock'", "\"out of stock\""},
    {"\"stock\"", "stock", "\"stock\""},
    {"e-mail", "'e mail'", "e-mail"},
    {"deliv*", "deliv*", "deliv*"},
    {"Delivery*", "delivery deliveri*", "Delivery*"},
    {"e-mai*", "and(e mai*)", "\"e-\" mai*"},
    {"d*d*", "and(d d*)", "\"d*\" d*"},
    {"OR.d*", "and(or d*)", "\"OR.\" d*"},
    {"order -draft", "and(order not(draft))", "order -draft"},
    {"order NOT draft", "and(order not(draft))", "order -draft"},
    {"order - draft", "and(order draft)", "order draft"},
    {"-draft order", "and(not(draft) order)", "-draft order"},
    {"a b OR c", "or(and(a b) c)", "(a b) OR c"},
    {"(a OR b) c", "and(or(a b) c)", "(a OR b) c"},
    {"a (b c)", "and(a b c)", "a b c"},
    {"a -(b OR c)", "and(a not(or(b c)))", "a -(b OR c)"},
    {"a -\"b c\"", "and(a not('b c'))", "a -\"b c\""},
    {"--a", "a", "a"},
    {"a NOT -b", "and(a b)", "a b"},
    {"(-a -b) c", "and(not(a) not(b) c)", "-a -b c"},
    {"ORDER ANDES NOTE", "and(order andes note)", "ORDER ANDES NOTE"},
    {"a --OR", "and(a or)", "a \"OR\""},
    {"a AND AND", "and(a and)", "a \"AND\""},
    {"-NOT a", "a", "a"},
    {"help OR !!!", "help", "help"},
    {"help ... () \"\"", "help", "help"},
    {"日本", "'日 本'", "日本"},
};

TEST(TextQueryTest, IsParsedAndEchoed) {
  for (const Case& c : kCases) {
    const auto query = parse_text_query(c.text, "english");
    ASSERT_TRUE(query.ok()) << c.text << ": " << query.error().message();
    EXPECT_EQ(shown(*query), c.tree) << c.text;
    EXPECT_EQ(format_text_query(*query), c.formatted) << c.text;
  }
}

TEST(TextQueryTest, TheEchoMeansTheSame) {
  for (const Case& c : kCases) {
    const auto query = parse_text_query(c.text, "english");
    ASSERT_TRUE(query.ok());
    const auto again = parse_text_query(format_text_query(*query), "english");
    ASSERT_TRUE(again.ok()) << c.formatted;
    EXPECT_EQ(shown(*again), shown(*query)) << c.text;
  }
}

TEST(TextQueryTest, SaysWhatIsWrong) {
  std::string many;
  for (int i = 0; i < 65; ++i) many += "a ";
  const std::string deep = std::string(100, '(') + "a" + std::string(100, ')');
  const std::pair<std::string, std::string_view> cases[] = {
      {"", "a search needs at least one word"},
      {" ?! ", "a search needs at least one word"},
      {"-draft", "a search needs something to look for beside what it is without"},
      {"a OR -b", "a search needs something to look for beside what it is without"},
      {"a (-b OR c)", "a search needs something to look for beside what it is without"},
      {"-a -b", "a search needs something to look for beside what it is without"},
      {"\"open", "a quote is not closed"},
      {"(open", "a bracket is not closed"},
      {"closed)", "a bracket is closed that was not opened"},
      {"a OR", "OR stands between words; there is none after it"},
      {"OR a", "OR stands between words; there is none before it"},
      {"(a OR )", "OR stands between words; there is none after it"},
      {"a OR OR b", "OR stands between words; there is none before it"},
      {"AND a", "AND stands between words; there is none on one side of it"},
      {"a AND", "AND stands between words; there is none on one side of it"},
      {"a NOT", "NOT stands before a word; there is none after it"},
      {many, "more than 64 words are asked for"},
      {deep, "brackets are nested deeper than 32"},
      {std::string(1025, 'a'), "a search holds at most 1024 bytes"},
      {"\xFF", "a search must be valid UTF-8"},
  };
  for (const auto& [text, message] : cases) {
    const auto query = parse_text_query(text, "english");
    ASSERT_FALSE(query.ok()) << text;
    EXPECT_EQ(query.error().code(), Code::kInvalid);
    EXPECT_EQ(query.error().message(), message) << text;
  }
}

TEST(TextQueryTest, WordsFitPrefixesByStemToo) {
  const TextQuery prefix = *parse_text_query("delivery*", "english");
  EXPECT_TRUE(fits(prefix, "deliveri"));
  EXPECT_TRUE(fits(prefix, "deliveryman"));
  EXPECT_FALSE(fits(prefix, "deliver"));
  const TextQuery word = *parse_text_query("deliveries", "english");
  EXPECT_TRUE(fits(word, "deliveri"));
  EXPECT_FALSE(fits(word, "deliverie"));
}

}  // namespace
}  // namespace daybook
