#include "engine/words.h"

#include <gtest/gtest.h>

#include "tests/contract/shop.h"

namespace daybook {
namespace {

const Collection& orders() { return contract::collection("shop/orders"); }

std::string said(const Result<void>& result) {
  return result.ok() ? "good" : result.error().message();
}

TEST(WordsTest, GivesEachWordOnce) {
  Words words({{"q", "a"}, {"limit", "7"}});
  EXPECT_EQ(words.take("q"), "a");
  EXPECT_EQ(words.take("q"), std::nullopt);
  EXPECT_EQ(words.take_limit(10, 100), 7U);
  EXPECT_EQ(said(words.finish()), "good");
}

TEST(WordsTest, LowersLimits) {
  for (const auto& [text, limit] : std::vector<std::pair<std::string, std::size_t>>{
           {"1", 1}, {"100", 100}, {"101", 100}, {"99999999999999999999999", 100}}) {
    Words words({{"limit", text}});
    EXPECT_EQ(words.take_limit(10, 100), limit) << text;
    EXPECT_EQ(said(words.finish()), "good") << text;
  }
}

TEST(WordsTest, RefusesLimits) {
  for (const std::string text : {"", "0", "-1", "ten", "1.5", "-99999999999999999999999"}) {
    Words words({{"limit", text}});
    words.take_limit(10, 100);
    EXPECT_EQ(said(words.finish()),
              "limit must be a whole number of at least 1, not '" + text + "'");
  }
}

TEST(WordsTest, TakesFieldsAndExpressionsAsFilters) {
  Words words({{"status", "open"}, {"filter", "quantity > 3"}, {"amount.gte", "1.5"}});
  const Filter filter = words.take_filter(orders());
  EXPECT_EQ(said(words.finish()), "good");
  EXPECT_EQ(filter.kind, Filter::Kind::kAnd);
  EXPECT_EQ(filter.parts.size(), 3U);
}

TEST(WordsTest, NamesWhatItDoesNotKnow) {
  struct Case {
    Words::Pairs pairs;
    std::string message;
  };
  const std::vector<Case> cases = {
      {{{"statos", "open"}}, "there is no parameter 'statos' here; did you mean 'status'?"},
      {{{"curs", "x"}}, "there is no parameter 'curs' here; did you mean 'cursor'?"},
      {{{"zzz", "x"}}, "there is no parameter 'zzz' here"},
      {{{"status", "open"}, {"status", "sent"}}, "parameter 'status' is said more than once"},
      {{{"cursor", "a"}, {"cursor", "b"}}, "parameter 'cursor' is said more than once"},
  };
  for (const Case& c : cases) {
    Words words(c.pairs);
    words.take("cursor");
    words.take_filter(orders());
    EXPECT_EQ(said(words.finish()), c.message);
  }
}

TEST(WordsTest, TellsTheFirstMistakeOfAFilter) {
  Words words({{"filter", "quantity >"}, {"quantity", "many"}});
  words.take_filter(orders());
  EXPECT_TRUE(said(words.finish()).starts_with("filter: ")) << said(words.finish());
}

}  // namespace
}  // namespace daybook
