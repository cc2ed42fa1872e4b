#include "catalog/row_key.h"
#include "catalog/test_catalog.h"

namespace daybook {
namespace {

constexpr const char* kVisits = R"(
kind = "journal"
time = "at"
tenant = "shop"
[fields]
at    = { type = "time", default = "now" }
shop  = { type = "text", required = true }
state = { type = "choice", of = ["new", "done"] }
)";

constexpr const char* kPeople = R"(
kind = "register"
tenant = "shop"
[fields]
shop     = { type = "text", required = true }
name     = { type = "text", required = true }
password = { type = "secret", required = true, hash = "argon2id" }
[[indexes]]
on = ["name"]
unique = true
)";

Row row_of(const std::string& id, std::vector<Value> values) { return {id, std::move(values), {}}; }

TEST(RowKeyTest, AJournalsRowIsKnownByTimeIdAndTenant) {
  const TestCollection visits(kVisits);
  const auto visit = [](int at, const char* id, const char* shop) {
    return row_of(id, {Value(from_micros(at)), Value(shop), Value()});
  };
  const std::vector<Row> rows = {visit(1, "b", "y"), visit(2, "a", "x"), visit(2, "a", "y"),
                                 visit(2, "b", "x")};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < rows.size(); ++j) {
      EXPECT_EQ(compare_keys(*visits, rows[i], rows[j]), i <=> j);
      EXPECT_EQ(key_of(*visits, rows[i]) <=> key_of(*visits, rows[j]), i <=> j);
    }
  }
}

TEST(RowKeyTest, ARegistersRowIsKnownByIdAndTenant) {
  const TestCollection people(kPeople);
  const Row row = row_of("p", {Value("x"), Value("ann"), Value()});
  EXPECT_EQ(key_of(*people, row), (RowKey{Instant(), "p", Value("x")}));
  EXPECT_EQ(key_tenant_name(*people), "shop");
  EXPECT_FALSE(people->may_change(0));
  EXPECT_TRUE(people->may_change(1));
}

TEST(RowKeyTest, AnAccountIsKnownByItsIdAlone) {
  const TestCollection people(std::string(kPeople) +
                              "[identity]\nlogin = \"name\"\npassword = \"password\"\n");
  const Row row = row_of("p", {Value("x"), Value("ann"), Value()});
  EXPECT_EQ(key_of(*people, row), (RowKey{Instant(), "p", Value()}));
  EXPECT_TRUE(tenant_of(*people, row).is_null());
}

TEST(RowKeyTest, ADeclarationCannotMoveARowToAnotherTenant) {
  const auto problems = [](const std::string& more) {
    const auto catalog = load_catalog({{"shop/orders.toml", kVisits + more}});
    return catalog.ok() ? std::string() : all_problems(catalog.error());
  };
  EXPECT_NE(problems("[changes]\nshop = \"any\"").find("is the tenant; a row keeps its tenant"),
            std::string::npos);
  EXPECT_NE(problems("[changes]\nstate = \"any\"\n[pairs]\nstate = { done = \"shop = 'x'\" }")
                .find("sets 'shop', the tenant; a row keeps its tenant"),
            std::string::npos);
}

}  // namespace
}  // namespace daybook
