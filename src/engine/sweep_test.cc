#include "engine/sweep.h"

#include <gtest/gtest.h>

#include "tests/contract/shop.h"

namespace daybook {
namespace {

Catalog shop_with_keep(const std::string& where) {
  auto files = contract::shop_files();
  files.push_back({"shop/notes.toml", "",
                   "kind = \"journal\"\ntime = \"at\"\n"
                   "keep = { default = \"1d\", classes = [{ keep = \"7d\", where = \"" +
                       where +
                       "\" }] }\n[fields]\nat = { type = \"time\", default = \"now\" }\n"
                       "level = { type = \"int\" }\n"
                       "flag = { type = \"bool\" }\n"});
  return contract::load_catalog(std::move(files));
}

TEST(CheckKeepsTest, AGoodCatalogIsGood) {
  EXPECT_TRUE(check_keeps(contract::shop()).ok());
  EXPECT_TRUE(check_keeps(shop_with_keep("level > 2")).ok());
}

TEST(CheckKeepsTest, AClassThatCannotBeToldIsNamedWithItsPlace) {
  const auto checked = check_keeps(shop_with_keep("flag > false"));
  ASSERT_FALSE(checked.ok());
  ASSERT_EQ(checked.error().problems().size(), 1U);
  const std::string& detail = checked.error().problems()[0].detail;
  EXPECT_TRUE(detail.starts_with("shop/notes.toml:3: keep: shop/notes: keep of 1w: ")) << detail;
}

}  // namespace
}  // namespace daybook
