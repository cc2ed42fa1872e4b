#include "store/sql/where.h"

#include <gtest/gtest.h>

namespace daybook::sql {
namespace {

Field field(std::string name, Type type) {
  Field made;
  made.name = std::move(name);
  made.type = type;
  return made;
}

enum Ordinal : std::size_t { kName, kAge, kTags, kScores };

Collection people() {
  Collection collection;
  collection.application = "shop";
  collection.name = "people";
  collection.kind = Kind::kRegister;
  Field tags = field("tags", Type::kList);
  tags.element.push_back(field("", Type::kText));
  Field scores = field("scores", Type::kMap);
  scores.element.push_back(field("", Type::kFloat));
  collection.fields = {field("name", Type::kText), field("age", Type::kInt), tags, scores};
  collection.indexes = {{"ix_tags", {{kTags, false}}, false, false, {}}};
  return collection;
}

Filter leaf(FieldRef ref, Comparison comparison, Value value) {
  Filter filter;
  filter.kind = Filter::Kind::kCompare;
  filter.ref = std::move(ref);
  filter.comparison = comparison;
  filter.values = {std::move(value)};
  return filter;
}

Filter older(int age) { return leaf({kAge, ""}, Comparison::kGreater, age); }
Filter named(const char* name) { return equals({kName, ""}, name); }

Filter has(std::size_t ordinal, Value value) {
  Filter filter;
  filter.kind = Filter::Kind::kHas;
  filter.ref = {ordinal, ""};
  filter.values = {std::move(value)};
  return filter;
}

Filter in(std::vector<Value> values) {
  Filter filter;
  filter.kind = Filter::Kind::kIn;
  filter.ref = {kAge, ""};
  filter.values = std::move(values);
  return filter;
}

struct Case {
  const char* name;
  Filter filter;
  const char* text;
  std::size_t parameters;
  bool is_exact;
};

std::vector<Case> cases() {
  const Filter unsayable = equals({kScores, "loud"}, 0.5);
  Filter none_of_nothing;
  none_of_nothing.kind = Filter::Kind::kOr;
  return {
      {"everything", {}, "", 0, true},
      {"equal", named("Ada"), "\"name\" IS ?1", 1, true},
      {"absent", equals({kName, ""}, {}), "\"name\" IS ?1", 1, true},
      {"id", equals({}, "x"), "\"id\" IS ?1", 1, true},
      {"unequal", leaf({kName, ""}, Comparison::kNotEqual, "Ada"), "\"name\" IS NOT ?1", 1, true},
      {"range", older(30), "(\"age\" IS NOT NULL AND \"age\" > ?1)", 1, true},
      {"in", in({1, 2}), "(\"age\" IS NOT NULL AND \"age\" IN (?1, ?2))", 2, true},
      {"and", both(named("Ada"), older(30)),
       "(\"name\" IS ?1 AND (\"age\" IS NOT NULL AND \"age\" > ?2))", 2, true},
      {"or", either(named("Ada"), named("Bob")), "(\"name\" IS ?1 OR \"name\" IS ?2)", 2, true},
      {"or of nothing", none_of_nothing, "FALSE", 0, true},
      {"element", has(kTags, "vip"),
       "\"id\" IN (SELECT \"id\" FROM \"shop/people/tags\" WHERE \"value\" = ?1)", 1, true},
      {"a map's entry cannot be said", unsayable, "", 0, false},
      {"half an and can", both(named("Ada"), unsayable), "(\"name\" IS ?1)", 1, false},
      {"half an or cannot", either(named("Ada"), unsayable), "", 0, false},
      {"half a negation cannot", negate(both(named("Ada"), unsayable)), "", 0, false},
  };
}

TEST(Where, SaysWhatCanBeSaid) {
  for (const Case& c : cases()) {
    const Where said = where(sqlite_dialect(), people(), c.filter);
    EXPECT_EQ(said.text, c.text) << c.name;
    EXPECT_EQ(said.values.size(), c.parameters) << c.name;
    EXPECT_EQ(said.is_exact, c.is_exact) << c.name;
  }
}

TEST(OrderBy, IsTotal) {
  const Collection collection = people();
  EXPECT_EQ(order_by(collection, {{{{kAge, ""}, true}}}), "ORDER BY \"age\" DESC, \"id\" DESC");
  EXPECT_EQ(order_by(collection, {{{{kAge, ""}, true}, {{kName, ""}, false}}}),
            "ORDER BY \"age\" DESC, \"name\", \"id\"");
  EXPECT_EQ(order_by(collection, {{{{}, true}}}), "ORDER BY \"id\" DESC");
  EXPECT_EQ(order_by(collection, {}), "ORDER BY \"id\"");
}

TEST(OrderBy, EndsWithTheTenantWhereThereAreAny) {
  Collection collection = people();
  collection.tenant_field = kName;
  EXPECT_EQ(order_by(collection, {{{{kAge, ""}, true}}}),
            "ORDER BY \"age\" DESC, \"id\" DESC, \"name\" DESC");
  EXPECT_EQ(order_by(collection, {{{{}, false}}}), "ORDER BY \"id\", \"name\"");
}

TEST(OrderBy, LeavesToUsWhatSortsOtherwise) {
  EXPECT_FALSE(order_by(people(), {{{{kScores, "loud"}, true}}}));
  EXPECT_FALSE(order_by(people(), {{{{kTags, ""}, false}}}));
}

}  // namespace
}  // namespace daybook::sql
