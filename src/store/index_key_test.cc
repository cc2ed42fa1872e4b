#include "store/index_key.h"

#include <gtest/gtest.h>

namespace daybook {

namespace {

Collection people() {
  Collection collection;
  for (const char* name : {"email", "login.card", "number"}) {
    Field field;
    field.name = name;
    collection.fields.push_back(field);
  }
  return collection;
}

Index index(std::vector<IndexKey> on, bool is_sparse = false) {
  Index index;
  index.on = std::move(on);
  index.unique = true;
  index.sparse = is_sparse;
  return index;
}

Row row(Value email, Value card, Value number) {
  return {"id", {std::move(email), std::move(card), std::move(number)}, ""};
}

TEST(IndexKeyTest, RowsThatShareAKey) {
  const Index pair = index({{0, false}, {2, true}});
  const auto key = unique_key(pair, row("a", "x", 1));
  EXPECT_EQ(key, unique_key(pair, row("a", "y", 1)));
  EXPECT_NE(key, unique_key(pair, row("a", "x", 2)));
  EXPECT_NE(key, unique_key(pair, row("b", "x", 1)));
  EXPECT_NE(unique_key(pair, row("a", {}, "1")), key) << "a text is no number";
  EXPECT_NE(unique_key(index({{0, false}, {1, false}}), row("ab", "c", {})),
            unique_key(index({{0, false}, {1, false}}), row("a", "bc", {})));
}

TEST(IndexKeyTest, RowsWithoutAKey) {
  const Index sparse = index({{1, false}, {2, false}}, true);
  EXPECT_FALSE(unique_key(sparse, row("a", {}, 1)));
  EXPECT_TRUE(unique_key(sparse, row("a", "x", {})));
  EXPECT_EQ(unique_key(index({{1, false}}), row("a", {}, 1)),
            unique_key(index({{1, false}}), row("b", {}, 2)));
}

TEST(IndexKeyTest, ATakenKeyNamesFields) {
  const Verdict one = key_taken(people(), index({{1, false}}));
  EXPECT_EQ(one.kind, Verdict::Kind::kConflict);
  EXPECT_EQ(one.pointer, "#/login/card");
  EXPECT_EQ(one.detail, "another row has this 'login.card'");
  const Verdict both = key_taken(people(), index({{0, false}, {2, true}}));
  EXPECT_EQ(both.pointer, "");
  EXPECT_EQ(both.detail, "another row has this 'email' and 'number'");
}

TEST(IndexKeyTest, ATakenKeyLeavesTheTenantOut) {
  Collection collection = people();
  collection.tenant_field = 2;
  const Verdict one = key_taken(collection, index({{0, false}, {2, false}}));
  EXPECT_EQ(one.pointer, "#/email");
  EXPECT_EQ(one.detail, "another row has this 'email'");
  const Verdict two = key_taken(collection, index({{2, false}, {0, false}, {1, false}}));
  EXPECT_EQ(two.detail, "another row has this 'email' and 'login.card'");
  const Verdict tenant = key_taken(collection, index({{2, false}}));
  EXPECT_EQ(tenant.pointer, "#/number");
}

TEST(IndexKeyTest, Descriptions) {
  EXPECT_EQ(describe_index(people(), index({{0, false}, {2, true}}, true)),
            "email, number desc; unique, sparse");
  EXPECT_EQ(describe_index(people(), index({{0, false}})), "email; unique");
  Index plain = index({{0, false}});
  plain.unique = false;
  EXPECT_EQ(describe_index(people(), plain), "email");
}

}  // namespace

}  // namespace daybook
