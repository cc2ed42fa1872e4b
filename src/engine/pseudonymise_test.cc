#include "engine/pseudonymise.h"

#include <gtest/gtest.h>

#include "tests/contract/shop.h"

namespace daybook {
namespace {

constexpr const char* kCalls = R"toml(
kind  = "journal"
time  = "at"
extra = "keep"

[fields]
at       = { type = "time", default = "now" }
caller   = { type = "text", personal = "subject" }
mail     = { type = "text", format = "email", personal = "direct" }
others   = { type = "list", of = { type = "text" }, personal = "direct" }
born     = { type = "date", personal = "direct" }
address  = { type = "text", personal = "address" }
said     = { type = "text", content = true, personal = "content" }
topic    = { type = "text", facet = true }
level    = { type = "choice", of = ["low", "high"] }
mood     = { type = "choice", of = ["good"], open = true }
note     = { type = "text" }
tags     = { type = "list", of = { type = "text" } }
scores   = { type = "map", of = { type = "float" } }
context  = { type = "json" }
home     = { type = "text", references = "customers" }
pin      = { type = "secret", hash = "sha256" }
seconds  = { type = "int" }
)toml";

class PseudonymiseTest : public testing::Test {
 protected:
  static Catalog with_calls() {
    auto files = contract::shop_files();
    files.push_back({"shop/calls.toml", "", kCalls});
    return contract::load_catalog(std::move(files));
  }
  const Catalog catalog_ = with_calls();
  const Collection& calls_ = **catalog_.collection("shop/calls");
  const DataKey key_ = *DataKey::parse(std::string(64, '1'));

  std::size_t ordinal(std::string_view name) const { return *calls_.find_field(name); }

  Pseudonymiser pseudonymiser(const std::string& purpose,
                              const std::vector<std::string>& include = {}) const {
    auto made = Pseudonymiser::make(calls_, Pseudonyms(key_, purpose), include);
    EXPECT_TRUE(made.ok()) << made.error().message();
    return *made;
  }

  Row row() const {
    Row row{"row-1", std::vector<Value>(calls_.fields.size()), R"({"more":"text"})"};
    const auto set = [&](std::string_view name, Value value) {
      row.values[ordinal(name)] = std::move(value);
    };
    set("caller", "bob");
    set("mail", "Bob@Example.com");
    set("others", List{Value("eve"), Value("bob")});
    set("address", "192.168.1.77");
    set("said", "I am Bob");
    set("topic", "/refunds/Bob@example.com?of=bob");
    set("level", "low");
    set("mood", "like Bob's");
    set("note", "call Bob back");
    set("tags", List{Value("bob")});
    set("scores", Map{{"speed", Value(0.5)}});
    set("context", Json{R"({"who":"bob"})"});
    set("home", "bob");
    set("seconds", 12);
    return row;
  }

  std::string disguised(const Pseudonymiser& pseudonymiser) const {
    Row copy = row();
    pseudonymiser.apply(copy);
    return debug_text(calls_, copy);
  }
};

// B-38, T-31
TEST_F(PseudonymiseTest, ReplacesPersonsCutsAddressesAndLeavesOutWhatIsFree) {
  const Pseudonyms research(key_, "research");
  Row copy = row();
  pseudonymiser("research").apply(copy);
  Row expected = row();
  expected.id = research.of("row-1");
  expected.extra.clear();
  const auto set = [&](std::string_view name, Value value) {
    expected.values[ordinal(name)] = std::move(value);
  };
  set("caller", research.of("bob"));
  set("mail", research.of("bob@example.com"));
  set("others", List{Value(research.of("eve")), Value(research.of("bob"))});
  set("home", research.of("bob"));
  set("address", "192.168.1.0/24");
  set("topic", "/refunds/" + research.of("bob@example.com"));
  for (const char* name : {"said", "mood", "note", "tags", "context"}) set(name, Value());
  EXPECT_EQ(debug_text(calls_, copy), debug_text(calls_, expected));
}

TEST_F(PseudonymiseTest, GivesOnePersonOnePseudonymWithinAPurposeOnly) {
  EXPECT_EQ(disguised(pseudonymiser("research")), disguised(pseudonymiser("research")));
  Row research = row(), billing = row();
  pseudonymiser("research").apply(research);
  pseudonymiser("billing").apply(billing);
  EXPECT_NE(research.id, billing.id);
  for (const char* name : {"caller", "mail", "others", "home"}) {
    EXPECT_FALSE(research.values[ordinal(name)] == billing.values[ordinal(name)]) << name;
  }
}

TEST_F(PseudonymiseTest, IncludesWhatIsNamedUnlessItNamesPersons) {
  const std::string text =
      disguised(pseudonymiser("research", {"note", "said", "tags", "context", "extra"}));
  for (const char* part : {"call Bob back", "I am Bob", "who", "more"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
  }
  for (const char* name : {"caller", "mail", "address", "born", "pin", "home", "id", "nothing"}) {
    EXPECT_FALSE(Pseudonymiser::make(calls_, Pseudonyms(key_, "x"), {name}).ok()) << name;
  }
}

TEST_F(PseudonymiseTest, RefusesToChooseOrOrderByPersons) {
  const FieldRef caller{ordinal("caller"), {}}, topic{ordinal("topic"), {}};
  const Order by_topic{{{topic, false}}}, by_caller{{{caller, true}}};
  EXPECT_TRUE(Pseudonymiser::check(calls_, equals(topic, Value("x")), by_topic).ok());
  EXPECT_FALSE(Pseudonymiser::check(calls_, equals(caller, Value("bob")), by_topic).ok());
  EXPECT_FALSE(Pseudonymiser::check(calls_, negate(equals(caller, Value("x"))), by_topic).ok());
  EXPECT_FALSE(Pseudonymiser::check(calls_, {}, by_caller).ok());
}

TEST_F(PseudonymiseTest, TakesOneSoundWordForAPurpose) {
  for (const char* purpose : {"", "two words", "\x01"}) {
    Words words(Words::Pairs{{"pseudonymous", purpose}});
    EXPECT_FALSE(take_pseudonymiser(&key_, calls_, words).ok()) << purpose;
  }
  Words words(Words::Pairs{{"pseudonymous", "churn-study"}, {"include", "note, tags"}});
  const auto taken = take_pseudonymiser(&key_, calls_, words);
  ASSERT_TRUE(taken.ok());
  EXPECT_TRUE(taken->has_value());
  EXPECT_TRUE(words.finish().ok());
  Words none;
  EXPECT_FALSE(take_pseudonymiser(&key_, calls_, none)->has_value());
  Words keyless(Words::Pairs{{"pseudonymous", "x"}});
  EXPECT_FALSE(take_pseudonymiser(nullptr, calls_, keyless).ok());
}

}  // namespace
}  // namespace daybook
