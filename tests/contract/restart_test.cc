// A store that is opened again holds what it held, and counts on from where it was.
#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

class RestartTest : public StoreTest {
 protected:
  void fill() {
    std::vector<Operation> operations;
    for (int i = 0; i < 300; ++i) {
      const std::string n = std::to_string(i);
      operations.push_back(
          insert("shop/orders", R"({"id":"o)" + n + R"(","placed_at":"2026-03-0)" +
                                    std::to_string(1 + i % 9) + R"(T08:00:00Z","customer":"c)" +
                                    std::to_string(i % 7) + R"(","quantity":)" + n +
                                    R"(,"note":"number )" + n + R"(","x":)" + n + "}"));
    }
    keep(atomic(std::move(operations)));
    keep(each(
        {update("shop/orders", "o1", R"({"status":"packed","checked":true})"),
         update("shop/orders", "o2", R"({"details":{"a":1}})"), remove("shop/orders", "o3"),
         insert("shop/customers", R"({"id":"c1","email":"a@b.example","branch":"n",
                                            "number":1,"labels":["x"]})"),
         insert("shop/sessions", R"({"id":"s1","token":"t","ends_at":"2026-03-11T00:00:00Z"})"),
         insert("shop/visits", R"({"id":"v1","seen_at":"2026-03-10T11:00:00Z","page":"/"})")}));
    keep(each({insert("lab/samples", R"({"id":"x","at":"2026-03-10T12:00:00Z","probe":"p"})")}));
  }
};
DAYBOOK_FOR_DURABLE_STORES(RestartTest);

TEST_P(RestartTest, EverythingIsThereAgain) {
  fill();
  const std::string before = everything(store());
  const std::string feed = say(store().feed(*shop().find("shop"), 0, 1000));
  reopen();
  EXPECT_EQ(everything(store()), before);
  EXPECT_EQ(say(store().feed(*shop().find("shop"), 0, 1000)), feed);
  EXPECT_EQ(ids_of(store().search(search_of("shop/orders", "number 17"))), "o17");
  EXPECT_TRUE(store().verify()->empty());
  reopen();
  EXPECT_EQ(everything(store()), before);
}

TEST_P(RestartTest, PositionsGoOn) {
  fill();
  const auto newest = store().wait(*shop().find("shop"), 0, Duration(0));
  reopen();
  const auto committed = store().apply(each({insert("shop/visits", R"({"id":"v2","page":"/"})")}));
  ASSERT_TRUE(committed.ok());
  EXPECT_EQ(committed->first, *newest + 1);
}

TEST_P(RestartTest, RepeatsAndRulesHoldAcrossIt) {
  fill();
  reopen();
  EXPECT_EQ(apply(each({insert("shop/visits",
                               R"({"id":"v1","seen_at":"2026-03-10T11:00:00Z","page":"/"})"),
                        insert("shop/orders", R"({"id":"o3","placed_at":"2026-03-04T08:00:00Z",
                                                  "customer":"c3"})"),
                        update("shop/orders", "o1", R"({"status":"open"})"),
                        insert("shop/customers", R"({"id":"c2","email":"a@b.example"})")})),
            "[0..306] same, same, unchanged, conflict #/email: another row has this 'email'");
}

TEST_P(RestartTest, WhatWasKeptForRepeatsIsThere) {
  Batch batch = atomic({insert("shop/customers", R"({"id":"c1","email":"a@b.example"})")});
  batch.once = Batch::Once{"k", "print", "answer", noon() + std::chrono::hours(1), nullptr};
  keep(batch);
  reopen();
  const auto found = store().recall("k", noon());
  ASSERT_TRUE(found.ok());
  ASSERT_TRUE(*found);
  EXPECT_EQ((*found)->answer, "answer");
}

TEST_P(RestartTest, WhatExpiredOrWasErasedStaysAway) {
  fill();
  Expiry expiry;
  expiry.collection = &collection("shop/visits");
  expiry.now = at("2026-03-12T00:00:00Z");
  EXPECT_EQ(store().expire(expiry)->rows, 1u);
  Erasure erasure;
  erasure.collection = &collection("shop/orders");
  erasure.filter = where("shop/orders", "customer = 'c1'");
  ASSERT_TRUE(store().erase(erasure).ok());
  const std::string before = everything(store());
  reopen();
  EXPECT_EQ(everything(store()), before);
  EXPECT_EQ(ids_of(store(), scan_of("shop/visits")), "");
}

TEST_P(RestartTest, TheCatalogItWasPreparedWithIsKept) {
  EXPECT_EQ(*store().stored_catalog(), catalog_json(shop()));
  reopen();
  EXPECT_EQ(*store().stored_catalog(), catalog_json(shop()));
}

// The shop with another field in the middle, another index and another collection.
const Catalog& wider_shop() {
  static const Catalog catalog = [] {
    auto files = shop_files();
    for (CatalogFile& file : files) {
      const auto add = [&](std::string_view before, std::string_view text) {
        file.text.insert(file.text.find(before), text);
      };
      if (file.path == "shop/orders.toml") add("customer ", "colour = { type = \"text\" }\n");
      if (file.path == "shop/customers.toml") {
        add("branch ", "colour = { type = \"text\" }\n");
        file.text += "\n[[indexes]]\non = [\"colour\"]\n";
      }
    }
    files.push_back({"shop/returns.toml", "",
                     "kind = \"register\"\nabout = \"Came back.\"\n[fields]\n"
                     "why = { type = \"text\" }\n"});
    return load_catalog(std::move(files));
  }();
  return catalog;
}

TEST_P(RestartTest, ACatalogMayGrow) {
  fill();
  reopen(wider_shop());
  const auto of = [](std::string_view name) -> const Collection& {
    return **wider_shop().collection(name);
  };
  const auto rows = store().find(of("shop/orders"), {"o1", "o2"}, noon());
  ASSERT_TRUE(rows.ok());
  const std::string text = debug_text(of("shop/orders"), *(*rows)[0]);
  EXPECT_NE(text.find("customer=\"c1\""), std::string::npos) << text;
  EXPECT_NE(text.find("status=\"packed\""), std::string::npos) << text;
  const auto customers = store().find(of("shop/customers"), {"c1"}, noon());
  ASSERT_TRUE(customers.ok());
  EXPECT_NE(debug_text(of("shop/customers"), *(*customers)[0]).find("branch=\"n\""),
            std::string::npos);

  Batch batch;
  batch.application = wider_shop().find("shop");
  batch.at = noon();
  Operation operation;
  operation.collection = &of("shop/returns");
  operation.row = {"r1", {Value("too red")}, ""};
  batch.operations.push_back(operation);
  operation.collection = &of("shop/customers");
  operation.verb = Verb::kUpdate;
  operation.id = "c1";
  operation.assignments = {{*of("shop/customers").find_field("colour"), Value("red")}};
  batch.operations.push_back(operation);
  EXPECT_EQ(apply(batch), "[307..308] stored, stored");
  Filter red = equals(*find_field(of("shop/customers"), "colour"), Value("red"));
  Scan scan;
  scan.collection = &of("shop/customers");
  scan.filter = red;
  scan.order = default_order(*scan.collection);
  scan.now = noon();
  EXPECT_EQ(ids_of(store(), scan), "c1");
}

// The shop with a text of one file changed.
TEST_P(RestartTest, APeriodStaysWhileRowsAreStored) {
  static const Catalog other =
      changed_shop("shop/visits.toml", "period = \"1h\"", "period = \"1d\"");
  fill();
  const std::string before = everything(store());
  store_.reset();
  {
    auto opened = GetParam().open(place_);
    ASSERT_TRUE(opened.ok());
    const auto refused = (*opened)->prepare(other);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code(), Code::kInvalid);
    EXPECT_EQ(
        refused.error().message(),
        "shop/visits: its rows are stored by period '1h', and the declaration says '1d'; take "
        "it back, or move the rows to another collection");
  }
  reopen();
  EXPECT_EQ(everything(store()), before);
  Expiry expiry;
  expiry.collection = &collection("shop/visits");
  expiry.now = at("2026-03-12T00:00:00Z");
  EXPECT_EQ(store().expire(expiry)->rows, 1u);
  reopen(other);
}

Value value_of(Store& store, const Catalog& catalog, std::string_view name, const std::string& id,
               std::string_view field) {
  const Collection& collection = **catalog.collection(std::string(name));
  const auto rows = store.find(collection, {id}, noon());
  EXPECT_TRUE(rows.ok() && rows->front());
  if (!rows.ok() || !rows->front()) return {};
  return rows->front()->values[*collection.find_field(field)];
}

TEST_P(RestartTest, AWiderTypeKeepsTheValues) {
  auto files = shop_files();
  for (CatalogFile& file : files) {
    const auto widen = [&](std::string_view before, std::string_view after) {
      file.text.replace(file.text.find(before), before.size(), after);
    };
    if (file.path == "shop/orders.toml") {
      widen("quantity   = { type = \"int\"", "quantity   = { type = \"float\"");
      widen("basket     = { type = \"uuid\" }", "basket     = { type = \"text\" }");
    }
    if (file.path == "shop/customers.toml") {
      widen("number    = { type = \"int\" }", "number    = { type = \"float\" }");
    }
  }
  static const Catalog wider = load_catalog(std::move(files));
  fill();
  keep(each({insert("shop/orders", R"({"id":"w","placed_at":"2026-03-10T08:00:00Z","customer":"c",
      "quantity":7,"basket":"0197a3b0-0000-7000-8000-000000000001","scores":{"a":1.5}})")}));
  for (int opened = 0; opened < 2; ++opened) {
    reopen(wider);
    const auto order = [&](const std::string& id, std::string_view field) {
      return value_of(store(), wider, "shop/orders", id, field);
    };
    EXPECT_EQ(order("o299", "quantity"), Value(299.0));
    EXPECT_EQ(order("w", "quantity"), Value(7.0));
    EXPECT_EQ(order("w", "basket"), Value("0197a3b0-0000-7000-8000-000000000001"));
    EXPECT_EQ(value_of(store(), wider, "shop/customers", "c1", "number"), Value(1.0));
  }
}

TEST_P(RestartTest, AFeedPassesOverWhatIsNotDeclaredAnyMore) {
  for (int i = 0; i < 5; ++i) keep(each({insert("shop/visits", R"({"page":"/"})")}));
  keep(each(
      {insert("shop/sessions", R"({"id":"s1","token":"t","ends_at":"2026-03-11T00:00:00Z"})")}));
  auto files = shop_files();
  std::erase_if(files, [](const CatalogFile& file) { return file.path == "shop/visits.toml"; });
  static const Catalog smaller = load_catalog(std::move(files));
  reopen(smaller);
  const auto changes = store().feed(*smaller.find("shop"), 0, 2);
  ASSERT_TRUE(changes.ok());
  ASSERT_EQ(changes->changes.size(), 1u) << "the limit was used up by what nobody sees";
  EXPECT_EQ(changes->changes[0].id, "s1");
  EXPECT_EQ(changes->next, 6u);
}

TEST_P(RestartTest, AnIndexOverElementsThatComesBackKnowsWhatHappenedMeanwhile) {
  fill();
  static const Catalog unindexed =
      changed_shop("shop/customers.toml", "[[indexes]]\non = [\"labels\"]\n", "");
  reopen(unindexed);
  keep(each({update("shop/customers", "c1", R"({"labels":["y"]})")}));
  reopen();
  const Filter y = where("shop/customers", "labels : 'y'");
  Scan scan = scan_of("shop/customers");
  scan.filter = y;
  EXPECT_EQ(ids_of(store(), scan), "c1");
}

TEST_P(RestartTest, ABackupIsAStoreOfItsOwn) {
  fill();
  const std::string before = everything(store());
  const std::string target = directory_.path() + "/copy";
  ASSERT_TRUE(store().backup(target).ok());
  EXPECT_FALSE(store().backup(target).ok()) << "a backup must not overwrite";
  keep(each({insert("shop/visits", R"({"id":"after","page":"/"})")}));
  EXPECT_NE(everything(store()), before);
}

}  // namespace

}  // namespace daybook::contract
