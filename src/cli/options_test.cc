#include "cli/options.h"

#include <gtest/gtest.h>

namespace daybook::cli {

namespace {

struct Words {
  std::string collection;
  std::vector<std::string> clauses, map;
  std::optional<std::string> hours;
  std::string tenant;
  std::int64_t limit = 100;
  bool json = false;
};

void declare(Options& options, Words& words) {
  options.argument("APP/COLLECTION", words.collection, "which");
  options.rest("FIELD=VALUE", words.clauses, "only");
  options.each("--map", "A=B", words.map, "renames");
  options.option("--hours", "N", words.hours, "window");
  options.option("--tenant", "TENANT", words.tenant, "whose");
  options.option("--limit", "N", words.limit, "most");
  options.flag("--json", words.json, "as JSON");
}

TEST(Options, ReadsWordsByPlaceAndByName) {
  Options options("query");
  Words words;
  declare(options, words);
  const auto parsed = options.parse({"shop/orders", "--map", "a=b", "state=open", "--limit=5",
                                     "--json", "total.gte=-3", "--map", "c=d"});
  ASSERT_TRUE(parsed.ok()) << parsed.error().message();
  EXPECT_EQ(words.collection, "shop/orders");
  EXPECT_EQ(words.clauses, (std::vector<std::string>{"state=open", "total.gte=-3"}));
  EXPECT_EQ(words.map, (std::vector<std::string>{"a=b", "c=d"}));
  EXPECT_EQ(words.limit, 5);
  EXPECT_TRUE(words.json);
  EXPECT_FALSE(words.hours.has_value());
}

TEST(Options, TakesADashAsAWord) {
  Options options("ingest");
  std::string file;
  options.argument("FILE", file, "the file");
  ASSERT_TRUE(options.parse({"-"}).ok());
  EXPECT_EQ(file, "-");
}

TEST(Options, SaysWhatIsWrong) {
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{}, "APP/COLLECTION is required"},
      {{"shop/orders", "--limitt", "5"}, "'--limitt' is not expected here; did you mean --limit?"},
      {{"shop/orders", "--limit", "five"}, "--limit: 'five' is not a whole number"},
      {{"shop/orders", "--hours"}, "--hours needs a value: --hours N"},
      {{"shop/orders", "--hours", "1", "--hours", "2"}, "--hours is said twice"},
      {{"shop/orders", "--tenant", ""}, "--tenant needs a value: --tenant TENANT"},
      {{"shop/orders", "--map", ""}, "--map needs a value: --map A=B"},
  };
  for (const auto& [given, message] : cases) {
    Options options("query");
    Words words;
    declare(options, words);
    const auto parsed = options.parse(given);
    ASSERT_FALSE(parsed.ok()) << message;
    EXPECT_EQ(parsed.error().code(), Code::kInvalid);
    EXPECT_EQ(parsed.error().message(), message);
  }
}

TEST(Options, RemembersWordsForTheHelpPage) {
  Options options("query");
  Words words;
  declare(options, words);
  EXPECT_EQ(options.usage(), " APP/COLLECTION [FIELD=VALUE ...]");
  ASSERT_EQ(options.sections().size(), 2u);
  EXPECT_EQ(options.sections()[1].words[1].word, "--hours N");
}

}  // namespace

}  // namespace daybook::cli
