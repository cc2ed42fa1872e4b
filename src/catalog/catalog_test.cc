#include "catalog/catalog.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "catalog/test_catalog.h"

namespace daybook {
namespace {

std::string shipped_catalogs() {
  const char* source = std::getenv("DAYBOOK_SOURCE_DIR");
  return std::string(source == nullptr ? "." : source) + "/catalogs";
}

constexpr std::string_view kSales = R"(
kind   = "journal"
about  = "A cup that was sold."
time   = "at"
keep   = { setting = "retention" }
[fields]
at    = { type = "time", default = "now" }
drink = { type = "choice", of = ["coffee", "tea"], required = true, facet = true }
price = { type = "float", min = 0, measure = true }
[[indexes]]
on = ["drink", "-at"]
[[rollups]]
by       = ["drink"]
measures = ["price"]
)";

constexpr std::string_view kShop = R"toml(
roles = ["admin"]
[settings]
retention = { env = "SHOP_DAYS", unit = "d", default = 90 }
recorder  = { env = "SHOP_RECORD", default = true, into = "sales", skip = ["/livez"] }
[[routes]]
path   = "GET /shop/{drink}/figures"
window = { hours = { default = 24, min = 1, max = 168 } }
params = { limit = { type = "int", default = 5 } }
from   = "sales"
where  = ["drink = :drink"]
allow  = ["admin"]
[routes.answer]
window = ":window"
total  = "sum(price)"
[routes.answer.by_hour]
as    = "groups"
every = "1h"
order = "-bucket, n"
of    = { _id = "bucket", n = "count()" }
[recipes.sell]
params = { drink = "text", price = "float?" }
sales  = { answer = "sale_id", drink = ":drink", price = ":price" }
[[alerts]]
name  = "none"
from  = "sales"
ask   = "count()"
over  = "1h"
below = 1
)toml";

TestFiles shop() {
  return {{"shop/application.toml", std::string(kShop)}, {"shop/sales.toml", std::string(kSales)}};
}

TEST(Catalog, ReadsWhatIsShipped) {
  const auto files = read_catalog_directory(shipped_catalogs());
  ASSERT_TRUE(files.ok()) << files.error().message();
  const auto catalog = Catalog::load(*files, no_settings);
  ASSERT_TRUE(catalog.ok()) << all_problems(catalog.error());
  EXPECT_EQ(catalog->applications().size(), 5u);
  json::Parser parser;
  EXPECT_TRUE(parser.parse(catalog_json(*catalog)).ok());
  const auto changes = plan_changes(catalog_json(*catalog), *catalog);
  ASSERT_TRUE(changes.ok());
  EXPECT_TRUE(changes->empty());
  for (const auto& [name, application] : catalog->applications()) {
    for (const auto& [unused, collection] : application.collections) {
      EXPECT_TRUE(parser.parse(json_schema(collection)).ok()) << collection.full_name();
    }
  }
}

TEST(Catalog, TakesSettingsFromOutside) {
  const auto keep_of_sales = [](const SettingSource& source) {
    const auto catalog = load_catalog(shop(), source);
    EXPECT_TRUE(catalog.ok()) << all_problems(catalog.error());
    return format_duration(*(*catalog->collection("shop/sales"))->keep.period);
  };
  const auto says = [](const std::string& value) {
    return [value](const std::string& env) {
      return env == "SHOP_DAYS" ? std::optional(value) : std::nullopt;
    };
  };
  EXPECT_EQ(keep_of_sales(no_settings), "90d");
  EXPECT_EQ(keep_of_sales(says("30")), "30d");
  EXPECT_EQ(keep_of_sales(says("12h")), "12h");
}

TEST(Catalog, SwitchesTheRecorder) {
  const auto is_on = [](const char* value) {
    const auto catalog = load_catalog(shop(), [&](const std::string& env) {
      return env == "SHOP_RECORD" ? std::optional<std::string>(value) : std::nullopt;
    });
    EXPECT_TRUE(catalog.ok());
    return catalog->find("shop")->recorder->enabled;
  };
  EXPECT_TRUE(is_on("true"));
  EXPECT_FALSE(is_on("False"));
  EXPECT_FALSE(is_on("0"));
}

TEST(Catalog, ReadsRoutesWithTheirParameters) {
  const auto catalog = load_catalog(shop());
  ASSERT_TRUE(catalog.ok()) << all_problems(catalog.error());
  const Route& route = catalog->find("shop")->routes.front();
  EXPECT_EQ(route.method + " " + route.path, "GET /shop/{drink}/figures");
  EXPECT_EQ(route.collection, "sales");
  ASSERT_EQ(route.params.size(), 2u);
  EXPECT_EQ(route.params[0].default_value, Value(5));
  EXPECT_EQ(route.params[1].name, "drink");
  EXPECT_TRUE(route.params[1].required);
  ASSERT_EQ(route.answer.size(), 3u);
  EXPECT_EQ(route.answer[2].name, "by_hour");
  EXPECT_EQ(route.answer[2].order, (std::vector<OrderKey>{{"bucket", true}, {"n", false}}));
}

TEST(Catalog, FindsCollectionsAndSuggestsNearNames) {
  const auto catalog = load_catalog(shop());
  ASSERT_TRUE(catalog.ok());
  EXPECT_EQ((*catalog->collection("shop/sales"))->full_name(), "shop/sales");
  const auto message = [&](std::string_view name) {
    return catalog->collection(name).error().message();
  };
  EXPECT_EQ(message("shop/slaes"), "there is no collection 'slaes' in shop; did you mean 'sales'?");
  EXPECT_EQ(message("shpo/sales"), "there is no application 'shpo'; did you mean 'shop'?");
  EXPECT_EQ(message("sales"), "there is no collection 'sales'; expected application/collection");
}

TEST(Catalog, KeepsCollectionsInPlaceWhenItMoves) {
  auto catalog = load_catalog(shop());
  ASSERT_TRUE(catalog.ok());
  const Collection* before = *catalog->collection("shop/sales");
  const Catalog moved = std::move(catalog).value();
  EXPECT_EQ(*moved.collection("shop/sales"), before);
}

TEST(Catalog, HasAFingerprintOfAllThatIsDeclared) {
  const auto one = load_catalog(shop());
  const auto same = load_catalog(shop());
  TestFiles changed = shop();
  changed[0].second += "clear = 2\n";
  const auto other = load_catalog(changed);
  ASSERT_TRUE(other.ok()) << all_problems(other.error());
  EXPECT_EQ(one->fingerprint(), same->fingerprint());
  EXPECT_NE(one->fingerprint(), other->fingerprint());
}

TEST(Catalog, IsPrintedAsItIsDeclared) {
  const auto catalog = load_catalog(shop());
  ASSERT_TRUE(catalog.ok());
  EXPECT_EQ(
      collection_json(**catalog->collection("shop/sales")),
      R"({"application":"shop","name":"sales","kind":"journal","about":"A cup that was sold.","time":"at","period":"1d",)"
      R"("keep":{"default":"90d","setting":"retention"},"extra":"refuse","fields":{"at":{"type":"time","default":"now"},)"
      R"("drink":{"type":"choice","required":true,"of":["coffee","tea"],"facet":true},)"
      R"("price":{"type":"float","min":0,"measure":true}},)"
      R"("indexes":[{"name":"ix_drink_at_desc","on":["drink","-at"]}],)"
      R"("rollups":[{"name":"by_drink","by":["drink"],"measures":["price"],"tiers":["1m","15m","1h","1d"]}]})");
  const std::string text = catalog_json(*catalog);
  for (
      const std::string_view part :
      {R"x("settings":{"retention":{"env":"SHOP_DAYS","unit":"d","default":"90d","value":"90d"},)x"
       R"x("recorder":{"enabled":true,"into":"sales","skip":["/livez"]}})x",
       R"x("answer":{"window":":window","total":"sum(price)","by_hour":{"as":"groups","every":"1h",)x"
       R"x("order":["-bucket","n"],"of":{"_id":"bucket","n":"count()"}}})x",
       R"x("recipes":{"sell":{"params":{"drink":{"type":"text","required":true},"price":{"type":"float"}},)x"
       R"x("writes":[{"collection":"sales","answer":"sale_id","row":{"drink":":drink","price":":price"}}]}})x",
       R"x("alerts":[{"name":"none","from":"sales","ask":"count()","over":"1h","below":1}])x"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\nin\n" << text;
  }
}

TEST(Catalog, KeepsWhatIsUniqueWithinTheTenant) {
  const TestCollection accounts(R"(
kind   = "register"
tenant = "org"
[fields]
org      = { type = "text", required = true }
email    = { type = "text", required = true }
badge    = { type = "text" }
password = { type = "secret", required = true, hash = "argon2id" }
[[indexes]]
on = ["email"]
unique = true
[[indexes]]
on = ["badge"]
unique = true
sparse = true
[[indexes]]
on = ["org", "badge", "email"]
unique = true
sparse = true
[[indexes]]
on = ["badge", "-email"]
[identity]
login    = "email"
password = "password"
)");
  std::string names;
  for (const Index& index : accounts->indexes) names += index.name + "\n";
  EXPECT_EQ(names,
            "ix_email\n"  // people sign in with it before anybody knows their tenant
            "ix_badge_org\n"
            "ix_org_badge_email\n"
            "ix_badge_email_desc\n");
}

TEST(CatalogFiles, AreReadFromADirectoryAndLaidOver) {
  namespace fs = std::filesystem;
  const fs::path directory = fs::path(testing::TempDir()) / "daybook_catalog_test";
  fs::remove_all(directory);
  fs::create_directories(directory / "shop");
  std::ofstream(directory / "shop" / "sales.toml") << kSales;
  std::ofstream(directory / "shop" / "notes.txt") << "no declaration";
  const auto files = read_catalog_directory(directory.string());
  ASSERT_TRUE(files.ok());
  ASSERT_EQ(files->size(), 1u);
  EXPECT_EQ(files->front().path, "shop/sales.toml");
  EXPECT_EQ(files->front().text, kSales);
  const auto both =
      overlay({{"shop/sales.toml", "built in", "old"}, {"a/b.toml", "built in", ""}}, *files);
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[0].text, kSales);
  fs::remove_all(directory);

  const auto none = read_catalog_directory((directory / "none").string());
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code(), Code::kNotFound);
}

}  // namespace
}  // namespace daybook
