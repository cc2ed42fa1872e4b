#include "store/sql/tables.h"

#include <gtest/gtest.h>

namespace daybook::sql {
namespace {

Field field(std::string name, Type type, bool required = false) {
  Field made;
  made.name = std::move(name);
  made.type = type;
  made.required = required;
  return made;
}

Collection people() {
  Collection collection;
  collection.application = "shop";
  collection.name = "people";
  collection.kind = Kind::kRegister;
  Field tags = field("tags", Type::kList);
  tags.element.push_back(field("", Type::kText));
  collection.fields = {field("email", Type::kText, true), field("oauth.google_id", Type::kText),
                       field("age", Type::kInt),          field("score", Type::kFloat),
                       field("since", Type::kTime),       tags};
  collection.indexes = {{"ix_email", {{0, false}}, true, false, {}},
                        {"ix_google", {{1, false}}, true, true, {}},
                        {"ix_age_since", {{2, false}, {4, true}}, true, false, {}},
                        {"ix_score", {{3, true}}, false, false, {}},
                        {"ix_tags", {{5, false}}, false, false, {}}};
  return collection;
}

TEST(Tables, ARegisterIsATableOfItsFields) {
  EXPECT_EQ(create_table(sqlite_dialect(), people()),
            "CREATE TABLE IF NOT EXISTS \"shop/people\" (\n"
            "  \"id\" TEXT NOT NULL PRIMARY KEY,\n"
            "  \"email\" TEXT,\n"
            "  \"oauth.google_id\" TEXT,\n"
            "  \"age\" INTEGER,\n"
            "  \"score\" REAL,\n"
            "  \"since\" INTEGER,\n"
            "  \"tags\" BLOB,\n"
            "  \"extra\" TEXT\n"
            ") STRICT");
}

TEST(Tables, IndexesAreThoseDeclared) {
  const std::vector<std::string> expected{
      "CREATE UNIQUE INDEX IF NOT EXISTS \"shop/people/ix_email\" ON \"shop/people\" (\"email\")",
      "CREATE UNIQUE INDEX IF NOT EXISTS \"shop/people/ix_google\" ON \"shop/people\" "
      "(\"oauth.google_id\") WHERE \"oauth.google_id\" IS NOT NULL",
      "CREATE UNIQUE INDEX IF NOT EXISTS \"shop/people/ix_age_since\" ON \"shop/people\" "
      "(ifnull(\"age\", x''), ifnull(\"since\", x'') DESC)",
      "CREATE INDEX IF NOT EXISTS \"shop/people/ix_score\" ON \"shop/people\" (\"score\" DESC)"};
  EXPECT_EQ(create_indexes(sqlite_dialect(), people()), expected);
}

TEST(Tables, WhereThereAreTenantsIdAndTenantAreTheKey) {
  Collection collection = people();
  collection.tenant_field = 0;
  collection.indexes.clear();
  EXPECT_NE(create_table(sqlite_dialect(), collection).find("  \"id\" TEXT NOT NULL,\n"),
            std::string::npos);
  const std::vector<std::string> expected{
      "CREATE UNIQUE INDEX IF NOT EXISTS \"shop/people/id\" ON \"shop/people\" "
      "(\"id\", ifnull(\"email\", x''))"};
  EXPECT_EQ(create_indexes(sqlite_dialect(), collection), expected);
}

TEST(Tables, AnIndexOverAListIsATableOfElements) {
  const std::vector<std::string> expected{
      "CREATE TABLE IF NOT EXISTS \"shop/people/tags\" (\n"
      "  \"value\" TEXT NOT NULL,\n"
      "  \"id\" TEXT NOT NULL,\n"
      "  PRIMARY KEY (\"value\", \"id\")\n"
      ") STRICT"};
  EXPECT_EQ(create_element_tables(sqlite_dialect(), people()), expected);
  EXPECT_TRUE(has_element_table(people(), 5));
  EXPECT_FALSE(has_element_table(people(), 0));
}

TEST(Tables, AFieldIsAddedAsAColumn) {
  EXPECT_EQ(add_column(sqlite_dialect(), people(), people().fields[2]),
            "ALTER TABLE \"shop/people\" ADD COLUMN \"age\" INTEGER");
}

TEST(Tables, NamesAreQuoted) { EXPECT_EQ(quote_name("a\"b.c"), "\"a\"\"b.c\""); }

}  // namespace
}  // namespace daybook::sql
