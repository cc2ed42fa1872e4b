// What prepare_register() makes of a declaration and of the table that is there.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "base/hash.h"
#include "catalog/catalog.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/register_table.h"

namespace daybook::sqlite {
namespace {

constexpr const char* kFields = R"(
kind   = "register"
tenant = "shop"
[fields]
shop         = { type = "text", required = true }
email        = { type = "text", required = true }
"login.card" = { type = "text" }
number       = { type = "int" }
labels       = { type = "list", of = { type = "text" } }
)";

constexpr const char* kIndexes = R"(
[[indexes]]
on = ["email"]
unique = true
[[indexes]]
on = ["login.card", "-number"]
unique = true
sparse = true
[[indexes]]
on = ["-number"]
[[indexes]]
on = ["labels"]
)";

class RegisterSchemaTest : public testing::Test {
 protected:
  RegisterSchemaTest()
      : path_(testing::TempDir() + "daybook-" + std::to_string(random64()) + ".db"),
        db_(*Connection::open(path_, "", Connection::Access::kReadWrite)) {}
  ~RegisterSchemaTest() override { std::filesystem::remove(path_); }

  void prepare(const std::string& text) {
    const auto catalog = Catalog::load({{"shop/people.toml", "people.toml", text}},
                                       [](const std::string&) { return std::nullopt; });
    ASSERT_TRUE(catalog.ok()) << catalog.error().message();
    const auto prepared = prepare_register(db_, **catalog->collection("shop/people"));
    ASSERT_TRUE(prepared.ok()) << prepared.error().message();
  }

  std::string indexes() {
    return *db_.ask_text(
        "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_master "
        "WHERE type = 'index' AND sql IS NOT NULL ORDER BY name)");
  }

  const std::string path_;
  Connection db_;
};

TEST_F(RegisterSchemaTest, AnIndexThatStaysAsItIsIsNotBuiltAgain) {
  const std::string text = std::string(kFields) + kIndexes;
  prepare(text);
  const auto version = db_.ask_integer("PRAGMA schema_version");
  prepare(text);
  EXPECT_EQ(db_.ask_integer("PRAGMA schema_version").value(), version.value());
  EXPECT_EQ(indexes(),
            "shop/people/id shop/people/ix_email_shop shop/people/ix_login_card_number_desc_shop "
            "shop/people/ix_number_desc");
}

TEST_F(RegisterSchemaTest, OnlyDeclaredIndexesAreThere) {
  prepare(std::string(kFields) + kIndexes);
  prepare(std::string(kFields) + "[[indexes]]\non = [\"-number\"]");
  EXPECT_EQ(indexes(), "shop/people/id shop/people/ix_number_desc");
  prepare(kFields);
  EXPECT_EQ(indexes(), "shop/people/id");
}

}  // namespace
}  // namespace daybook::sqlite
