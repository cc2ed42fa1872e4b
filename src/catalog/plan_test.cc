#include "catalog/test_catalog.h"

namespace daybook {
namespace {

using Effect = CatalogChange::Effect;

std::string plan(const TestFiles& before, const TestFiles& after) {
  const auto was = load_catalog(before);
  const auto is = load_catalog(after);
  EXPECT_TRUE(was.ok()) << all_problems(was.error());
  EXPECT_TRUE(is.ok()) << all_problems(is.error());
  const auto changes = plan_changes(catalog_json(*was), *is);
  EXPECT_TRUE(changes.ok());
  std::string out;
  for (const CatalogChange& change : *changes) {
    if (!out.empty()) out += "\n";
    out += change.effect == Effect::kAdds ? "+ " : change.effect == Effect::kChanges ? "~ " : "! ";
    out += change.where + ": " + change.what;
  }
  return out;
}

std::string journal(const std::string& head, const std::string& tail) {
  return "kind = \"journal\"\ntime = \"at\"\n" + head +
         "\n[fields]\nat = { type = \"time\", default = \"now\" }\n" + tail;
}

struct Case {
  std::string before;  // lines in [fields] and after
  std::string after;
  std::string expected;
};

TEST(Plan, APeriodThatChangesDividesTheRowsAnew) {
  EXPECT_EQ(plan({{"shop/orders.toml", journal("period = \"1h\"", "")}},
                 {{"shop/orders.toml", journal("period = \"1w\"", "")}}),
            "! shop/orders: 'period' changes from \"1h\" to \"1w\"; only a collection without rows "
            "can be divided anew");
}

TEST(Plan, SaysNothingOfWhatStays) {
  const TestFiles files = {
      {"shop/orders.toml", journal("keep = \"90d\"", "a = { type = \"int\" }")}};
  EXPECT_EQ(plan(files, files), "");
}

TEST(Plan, NamesChangesOfFieldsAndTheirEffect) {
  const std::vector<Case> cases = {
      {"", "a = { type = \"int\" }", "+ shop/orders field 'a': the field is added"},
      {"", "a = { type = \"int\", required = true }",
       "! shop/orders field 'a': the field is added as required; rows that are there have no "
       "value"},
      {"a = { type = \"int\" }", "",
       "! shop/orders field 'a': the field is removed with its values"},
      {"a = { type = \"int\" }", "a = { type = \"float\" }",
       "~ shop/orders field 'a': 'type' changes from \"int\" to \"float\""},
      {"a = { type = \"float\" }", "a = { type = \"int\" }",
       "! shop/orders field 'a': 'type' changes from \"float\" to \"int\""},
      {"a = { type = \"int\", max = 5 }", "a = { type = \"int\", max = 6 }",
       "~ shop/orders field 'a': 'max' changes from 5 to 6"},
      {"a = { type = \"int\", max = 5 }", "a = { type = \"int\", max = 4 }",
       "! shop/orders field 'a': 'max' changes from 5 to 4"},
      {"a = { type = \"int\", min = 5 }", "a = { type = \"int\" }",
       "~ shop/orders field 'a': 'min' is no longer 5"},
      {"a = { type = \"int\" }", "a = { type = \"int\", required = true }",
       "! shop/orders field 'a': 'required' becomes true"},
      {"a = { type = \"choice\", of = [\"x\", \"y\"] }",
       "a = { type = \"choice\", of = [\"x\", \"z\"] }",
       "~ shop/orders field 'a': takes z too\n! shop/orders field 'a': does not take y any more"},
      {"a = { type = \"choice\", of = [\"x\", \"y\"], open = true }",
       "a = { type = \"choice\", of = [\"x\"], open = true }",
       "~ shop/orders field 'a': does not take y any more"},
      {"a = { type = \"choice\", of = [\"x\"], open = true }",
       "a = { type = \"choice\", of = [\"x\"] }",
       "! shop/orders field 'a': 'open' is no longer true"},
      {"a = { type = \"list\", of = { type = \"int\" } }",
       "a = { type = \"list\", of = { type = \"text\" } }",
       "! shop/orders field 'a' elements: 'type' changes from \"int\" to \"text\""},
      {"a = { type = \"int\" }", "a = { type = \"int\", about = \"x\" }",
       "~ shop/orders field 'a': 'about' becomes \"x\""},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(plan({{"shop/orders.toml", journal("", c.before)}},
                   {{"shop/orders.toml", journal("", c.after)}}),
              c.expected);
  }
}

TEST(Plan, NamesChangesOfKeeps) {
  const std::vector<Case> cases = {
      {"keep = \"90d\"", "keep = \"30d\"",
       "! shop/orders keep: 'default' changes from \"90d\" to \"30d\""},
      {"keep = \"30d\"", "keep = \"90d\"",
       "~ shop/orders keep: 'default' changes from \"30d\" to \"90d\""},
      {"", "keep = \"90d\"", "! shop/orders keep: 'default' becomes \"90d\""},
      {"keep = \"90d\"", "", "~ shop/orders keep: 'default' is no longer \"90d\""},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(plan({{"shop/orders.toml", journal(c.before, "")}},
                   {{"shop/orders.toml", journal(c.after, "")}}),
              c.expected);
  }
}

TEST(Plan, NamesChangesOfIndexesAndRollups) {
  const std::string fields =
      "a = { type = \"text\", facet = true }\nb = { type = \"int\", measure = true }\n";
  const std::vector<Case> cases = {
      {"", "[[indexes]]\non = [\"a\"]", "+ shop/orders index 'ix_a': the index is added"},
      {"[[indexes]]\non = [\"a\"]", "[[indexes]]\non = [\"-a\"]",
       "! shop/orders index 'ix_a': the index is removed\n"
       "+ shop/orders index 'ix_a_desc': the index is added"},
      {"[[rollups]]\nby = [\"a\"]\nmeasures = [\"b\"]", "[[rollups]]\nby = [\"a\"]",
       "! shop/orders rollup 'by_a': the rollup changes and is built again"},
      {"[[rollups]]\nby = [\"a\"]", "[[rollups]]\nby = [\"a\"]\nmeasures = [\"b\"]",
       "~ shop/orders rollup 'by_a': the rollup changes and is built again"},
      {"[text]\nfields = { a = 1 }", "",
       "! shop/orders: 'text' is no longer "
       "{\"language\":\"english\",\"fields\":{\"a\":1}}"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(plan({{"shop/orders.toml", journal("", fields + c.before)}},
                   {{"shop/orders.toml", journal("", fields + c.after)}}),
              c.expected);
  }
}

TEST(Plan, NamesWhatComesAndGoes) {
  const std::string some = journal("", "");
  EXPECT_EQ(plan({{"shop/orders.toml", some}, {"old/orders.toml", some}},
                 {{"shop/sales.toml", some}, {"new/orders.toml", some}}),
            "! old: the application is removed with all its rows\n"
            "! shop/orders: the collection is removed with all its rows\n"
            "+ shop/sales: the collection is added\n"
            "+ new: the application is added");
}

TEST(Plan, TakesAStoreThatHasNoneYet) {
  const auto next = load_catalog({{"shop/orders.toml", journal("", "")}});
  const auto changes = plan_changes("", *next);
  ASSERT_TRUE(changes.ok());
  EXPECT_EQ(changes->size(), 1u);
  EXPECT_EQ(changes->front().effect, Effect::kAdds);
}

TEST(Plan, RefusesWhatIsNoCatalog) {
  const auto next = load_catalog({{"shop/orders.toml", journal("", "")}});
  EXPECT_FALSE(plan_changes("{", *next).ok());
  EXPECT_FALSE(plan_changes("[]", *next).ok());
}

}  // namespace
}  // namespace daybook
