// Text search: the query language over stored rows, newest and best first.
#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

class SearchTest : public StoreTest {
 protected:
  void SetUp() override {
    keep(each({
        insert("shop/orders", R"({"id":"a","placed_at":"2026-03-08T10:00:00Z","customer":"x",
          "title":"Red shoes","note":"Please deliver to the back door"})"),
        insert("shop/orders", R"({"id":"b","placed_at":"2026-03-09T10:00:00Z","customer":"y",
          "title":"Blue shoe","note":"Delivery to the front door, back later"})"),
        insert("shop/orders", R"({"id":"c","placed_at":"2026-03-09T11:00:00Z","customer":"x",
          "note":"Payment failed; red is out of stock"})"),
        insert("shop/orders", R"({"id":"d","placed_at":"2026-03-10T10:00:00Z","customer":"y",
          "title":"CAFÉ Ülm"})"),
        insert("shop/orders", R"({"id":"e","placed_at":"2026-03-10T11:00:00Z","customer":"z"})"),
    }));
    keep(each(
        {insert("shop/customers", R"({"id":"k1","email":"a@b.example","name":"Ann Lee",
                                            "notes":"likes red shoes"})"),
         insert("shop/customers", R"({"id":"k2","email":"c@b.example","name":"Lee Redman"})")}));
  }

  std::string found(std::string_view text, const Words& words = {}) {
    return ids_of(store().search(search_of("shop/orders", text, words)));
  }
};
DAYBOOK_FOR_ALL_STORES(SearchTest);

TEST_P(SearchTest, TheQueryLanguage) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"red", "c,a"},
      {"shoes", "b,a"},
      {"shoe", "b,a"},
      {"RED Shoes", "a"},
      {"red OR blue", "c,b,a"},
      {"door -front", "a"},
      {"door NOT front", "a"},
      {"\"back door\"", "a"},
      {"\"out of stock\"", "c"},
      {"\"stock of out\"", ""},
      {"deliv*", "b,a"},
      {"(red OR blue) shoes", "b,a"},
      {"the", "b,a"},
      {"café", "d"},
      {"ülm", "d"},
      {"nothing", ""},
  };
  for (const auto& [text, ids] : cases) EXPECT_EQ(found(text), ids) << text;
}

TEST_P(SearchTest, FiltersAndWindowsNarrow) {
  EXPECT_EQ(found("red", {.where = "customer = 'x'"}), "c,a");
  EXPECT_EQ(found("shoes", {.where = "customer = 'x'"}), "a");
  EXPECT_EQ(found("red", {.window = between("2026-03-09T00:00:00Z", "2026-03-10T00:00:00Z")}), "c");
}

TEST_P(SearchTest, PagesNewestFirst) {
  EXPECT_EQ(found("red OR blue", {.limit = 2}), "c,b more");
  const auto page = store().search(search_of("shop/orders", "red OR blue", {.limit = 2}));
  const Collection& orders = collection("shop/orders");
  const Place place = place_of(orders, default_order(orders), page->hits.back().row);
  EXPECT_EQ(found("red OR blue", {.limit = 2, .after = place}), "a");
}

TEST_P(SearchTest, BestFirst) {
  Search search = search_of("shop/orders", "red");
  search.rank = Search::Rank::kBest;
  const auto hits = store().search(search);
  EXPECT_EQ(ids_of(hits), "a,c");
  EXPECT_GT(hits->hits[0].score, hits->hits[1].score);
  search.limit = 1;
  EXPECT_EQ(ids_of(store().search(search)), "a more");
}

TEST_P(SearchTest, RegistersAreSearchedToo) {
  EXPECT_EQ(ids_of(store().search(search_of("shop/customers", "lee"))), "k1,k2");
  EXPECT_EQ(ids_of(store().search(search_of("shop/customers", "red"))), "k1");
  EXPECT_EQ(ids_of(store().search(search_of("shop/customers", "red*"))), "k1,k2");
  keep(each({update("shop/customers", "k1", R"({"notes":"likes blue"})")}));
  EXPECT_EQ(ids_of(store().search(search_of("shop/customers", "red"))), "");
  EXPECT_EQ(ids_of(store().search(search_of("shop/customers", "blue"))), "k1");
}

TEST_P(SearchTest, WhatIsGoneIsNotFound) {
  keep(each({remove("shop/orders", "c")}));
  EXPECT_EQ(found("red"), "a");
  EXPECT_EQ(found("red", {.now = at("2026-04-08T10:00:00Z")}), "");
}

TEST_P(SearchTest, BudgetsEndAQuestion) {
  Search search = search_of("shop/orders", "red");
  search.budget.is_cancelled = [] { return true; };
  EXPECT_EQ(store().search(search).error().code(), Code::kTooSlow);
}

TEST_P(SearchTest, ACollectionWithoutTextIsNotSearched) {
  Search search = search_of("shop/orders", "red");
  search.collection = &collection("shop/visits");
  EXPECT_EQ(store().search(search).error().code(), Code::kInvalid);
}

}  // namespace

}  // namespace daybook::contract
