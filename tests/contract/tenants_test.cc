// Collections with tenants: rows of two of them may have one id, and whatever happens to one of
// these rows, or is asked of it, is nothing to the other.
#include "base/text.h"
#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

constexpr std::string_view kStalls = "shop/stalls";
constexpr std::string_view kOrders = "shop/orders";
constexpr std::string_view kAmbiguous =
    "conflict: rows of several tenants have this id; ask with a key of the tenant whose row is "
    "meant";

std::string stall_json(std::string_view branch, std::string_view id, std::string_view name) {
  return R"({"id":")" + std::string(id) + R"(","branch":")" + std::string(branch) +
         R"(","name":")" + std::string(name) + R"(","closes_at":"2026-03-11T00:00:00Z")";
}

Operation stall(std::string_view branch, std::string_view id, std::string_view name) {
  return insert(kStalls, stall_json(branch, id, name) + "}");
}

Operation stall_with(std::string_view goods, std::string_view branch, std::string_view id) {
  return put(kStalls, stall_json(branch, id, id) + R"(,"goods":[")" + std::string(goods) + "\"]}");
}

// All at one time.
Operation order(std::string_view branch, std::string_view id, std::string_view customer) {
  return insert(kOrders, R"({"id":")" + std::string(id) + R"(","branch":")" + std::string(branch) +
                             R"(","customer":")" + std::string(customer) +
                             R"(","title":"red shoes","placed_at":"2026-03-10T11:00:00Z"})");
}

class TenantsTest : public StoreTest {
 protected:
  // "n t1, main t1"
  std::string shown(std::string_view name, const std::vector<Row>& rows) {
    std::vector<std::string> texts;
    for (const Row& row : rows) {
      const std::size_t branch = *collection(name).find_field("branch");
      texts.push_back(row.values[branch].get<std::string>() + " " + row.id);
    }
    return join(texts, ", ");
  }

  std::string list(std::string_view name, const Words& words = {}) {
    const auto rows = rows_of(store(), scan_of(name, words));
    return rows.ok() ? shown(name, *rows) : say(rows.error());
  }

  // Read row by row, each with the place that the row before left.
  std::string pages(std::string_view name, const std::string& order, const std::string& where) {
    Scan scan = scan_of(name, {.where = where, .order = order, .limit = 1});
    std::vector<Row> all;
    while (all.size() < 1000) {
      const auto page = rows_of(store(), scan);
      if (!page.ok()) return say(page.error());
      if (page->empty()) break;
      scan.after = place_of(*scan.collection, scan.order, page->back());
      all.push_back(page->back());
    }
    return shown(name, all);
  }

  std::string field(std::string_view name, std::string_view of, const std::string& where) {
    const auto rows = rows_of(store(), scan_of(name, {.where = where}));
    if (!rows.ok() || rows->size() != 1) return "not one row";
    return debug_text(rows->front().values[*collection(name).find_field(of)]);
  }

  // Whose rows the feed is about, and whether they are gone; nothing for those that were erased.
  std::string fed() {
    const auto changes = store().feed(*shop().find("shop"), 0, 100);
    if (!changes.ok()) return say(changes.error());
    std::vector<std::string> texts;
    for (const Change& change : changes->changes) {
      texts.emplace_back();
      if (change.id.empty()) continue;
      texts.back() = change.id + " " + debug_text(change.tenant) + (change.row ? "" : " gone");
    }
    return join(texts, ", ");
  }

  void erase(std::string_view name, std::string_view filter) {
    const auto removed = store().erase({&collection(name), where(name, filter)});
    ASSERT_TRUE(removed.ok());
    EXPECT_EQ(removed->rows, 1u);
  }
};
DAYBOOK_FOR_ALL_STORES(TenantsTest);

class TenantsRestartTest : public TenantsTest {};
DAYBOOK_FOR_DURABLE_STORES(TenantsRestartTest);

TEST_P(TenantsTest, AnIdOfARegisterIsTakenWithinTheTenantOnly) {
  EXPECT_EQ(apply(each({stall("n", "t1", "corner"), stall("s", "t1", "gate")})),
            "[1..2] stored, stored");
  EXPECT_EQ(apply(each({stall("s", "t1", "gate")})), "[0..2] same");
  EXPECT_EQ(apply(each({stall("s", "t1", "corner")})),
            "[0..2] conflict #/id: a row with this id is there already, with other content");
  EXPECT_EQ(apply(each(
                {only_if({Condition::Kind::kAbsent, {}, 0, {}}, stall_with("tea", "main", "t1"))})),
            "[3..3] stored");
  EXPECT_EQ(apply(each({stall_with("tea", "main", "t1"), stall_with("ale", "n", "t1")})),
            "[4..4] unchanged, stored");
  EXPECT_EQ(list(kStalls), "main t1, n t1, s t1");
}

TEST_P(TenantsTest, AnIdAloneMeansARegistersOnlyRow) {
  keep(each({stall("n", "t1", "corner"), stall("s", "t1", "gate")}));
  const auto rename = update(kStalls, "t1", R"({"name":"new"})");
  EXPECT_EQ(apply(each({rename, remove(kStalls, "t1")})),
            "[0..2] " + std::string(kAmbiguous) + ", " + std::string(kAmbiguous));
  EXPECT_EQ(apply(each({of_tenant("s", rename), of_tenant("main", rename)})),
            "[3..3] stored, missing: there is no row with this id");
  EXPECT_EQ(field(kStalls, "name", "branch = 'n'"), "\"corner\"");
  EXPECT_EQ(field(kStalls, "name", "branch = 's'"), "\"new\"");
  EXPECT_EQ(apply(each({of_tenant("n", remove(kStalls, "t1")), rename})),
            "[4..4] stored, unchanged");
  EXPECT_EQ(list(kStalls), "s t1");
}

TEST_P(TenantsTest, ARowStaysItsTenants) {
  keep(each({stall("n", "t1", "corner")}));
  Operation move = update(kStalls, "t1", "{}");
  move.assignments = {{*collection(kStalls).find_field("branch"), Value("s")}};
  EXPECT_EQ(apply(each({move})), "error invalid: a row of shop/stalls keeps its tenant");
}

TEST_P(TenantsTest, ATimeAndIdOfAJournalAreTakenWithinTheTenantOnly) {
  EXPECT_EQ(apply(each({order("n", "o1", "ann"), order("s", "o1", "bob")})),
            "[1..2] stored, stored");
  EXPECT_EQ(apply(each({order("s", "o1", "bob"), order("s", "o1", "ann")})),
            "[0..2] same, conflict #/id: a row with this id is there already, with other content");
  const auto pack = update(kOrders, "o1", R"({"status":"packed"})");
  EXPECT_EQ(apply(each({of_tenant("n", pack), of_tenant("main", pack)})),
            "[3..3] stored, missing: there is no row with this id");
  EXPECT_EQ(field(kOrders, "status", "branch = 'n'"), "\"packed\"");
  EXPECT_EQ(field(kOrders, "status", "branch = 's'"), "\"open\"");
  // Without one: that of the first row of a list.
  keep(each({update(kOrders, "o1", R"({"note":"first"})")}));
  EXPECT_EQ(field(kOrders, "note", "branch = 's'"), "\"first\"");
  EXPECT_EQ(list(kOrders), "s o1, n o1");
}

TEST_P(TenantsTest, WhatOneTenantDeletedAnotherMayBring) {
  keep(each({order("n", "o1", "ann"), stall("n", "t1", "corner")}));
  keep(each({remove(kOrders, "o1"), remove(kStalls, "t1")}));
  EXPECT_EQ(
      apply(each({order("s", "o1", "bob"), order("n", "o1", "ann"), stall("s", "t1", "gate")})),
      "[5..6] stored, same, stored");
  EXPECT_EQ(list(kOrders), "s o1");
}

TEST_P(TenantsTest, FindingAnIdFindsTheRowThatFits) {
  keep(each({order("n", "o1", "ann"), order("s", "o1", "bob"), stall("n", "t1", "corner"),
             stall("s", "t1", "gate")}));
  const auto find = [&](std::string_view name, std::string_view id, std::string_view filter) {
    const auto found =
        store().find(collection(name), {std::string(id)}, noon(), where(name, filter));
    if (!found.ok() || !found->front()) return std::string("none");
    return shown(name, {*found->front()});
  };
  EXPECT_EQ(find(kOrders, "o1", "branch = 'n'"), "n o1");
  EXPECT_EQ(find(kOrders, "o1", "branch = 's'"), "s o1");
  EXPECT_EQ(find(kOrders, "o1", "branch = 'main'"), "none");
  EXPECT_EQ(find(kOrders, "o1", ""), "s o1");
  EXPECT_EQ(find(kStalls, "t1", "branch = 's'"), "s t1");
  EXPECT_EQ(find(kStalls, "t1", ""), "n t1");
}

TEST_P(TenantsTest, PagesNeitherSkipNorRepeatARow) {
  std::vector<Operation> operations;
  for (const std::string branch : {"s", "main", "n"}) {
    for (const std::string n : {"1", "2", "3"}) {
      operations.push_back(order(branch, "o" + n, "ann"));
      operations.push_back(stall(branch, "t" + n, n));
    }
  }
  keep(each(std::move(operations)));
  for (const std::string where : {"", "branch != 'n'"}) {
    for (const std::string order : {"", "placed_at", "customer", "-customer", "id", "-id"}) {
      EXPECT_EQ(pages(kOrders, order, where), list(kOrders, {.where = where, .order = order}));
    }
    for (const std::string order : {"id", "-id", "name", "-closes_at", "number"}) {
      EXPECT_EQ(pages(kStalls, order, where), list(kStalls, {.where = where, .order = order}));
    }
  }
  EXPECT_EQ(list(kOrders, {.limit = 4}), "s o3, n o3, main o3, s o2");
  EXPECT_EQ(list(kStalls, {.limit = 4}), "main t1, n t1, s t1, main t2");
}

TEST_P(TenantsTest, PagesOfASearchNeitherSkipNorRepeatARow) {
  keep(each({order("s", "o1", "ann"), order("main", "o1", "ann"), order("n", "o1", "ann"),
             order("n", "o2", "ann")}));
  Search search = search_of(kOrders, "shoes", {.limit = 1});
  std::vector<Row> all;
  while (all.size() < 10) {
    const auto hits = store().search(search);
    ASSERT_TRUE(hits.ok());
    if (hits->hits.empty()) break;
    all.push_back(hits->hits.front().row);
    search.after = place_of(*search.collection, default_order(*search.collection), all.back());
  }
  EXPECT_EQ(shown(kOrders, all), "n o2, s o1, n o1, main o1");
}

TEST_P(TenantsTest, TheFeedSaysWhoseRowItWas) {
  keep(each({order("n", "o1", "ann"), order("s", "o1", "bob"), stall("n", "t1", "corner"),
             stall("s", "t1", "gate")}));
  keep(each({of_tenant("s", remove(kOrders, "o1")), of_tenant("n", remove(kStalls, "t1"))}));
  EXPECT_EQ(fed(),
            "o1 \"n\", o1 \"s\" gone, t1 \"n\" gone, t1 \"s\", o1 \"s\" gone, t1 \"n\" gone");
}

TEST_P(TenantsTest, ErasingOneRowLeavesTheOther) {
  keep(each({order("n", "o1", "ann"), order("s", "o1", "bob"), stall("n", "t1", "corner"),
             stall("s", "t1", "gate")}));
  erase(kOrders, "branch = 'n'");
  erase(kStalls, "branch = 's'");
  EXPECT_EQ(list(kOrders), "s o1");
  EXPECT_EQ(list(kStalls), "n t1");
  // The one erased is not brought back by a repeat, the other is known.
  EXPECT_EQ(apply(each({order("n", "o1", "ann"), order("s", "o1", "bob")})), "[0..6] same, same");
  EXPECT_EQ(apply(each({stall("s", "t1", "gate")})), "[7..7] stored");
  EXPECT_EQ(fed(), ", o1 \"s\", t1 \"n\", , , , t1 \"s\"");
}

TEST_P(TenantsTest, ExpiryTakesTheRowsThatAreDue) {
  keep(each({stall("n", "t1", "corner"),
             insert(kStalls, R"({"id":"t1","branch":"s","name":"x","goods":["tea"],
                                 "closes_at":"2026-03-10T13:00:00Z"})")}));
  const Instant later = noon() + std::chrono::hours(2);
  // A row past its keep is not there, so that the id means the other.
  EXPECT_EQ(say(store().apply(each({update(kStalls, "t1", R"({"name":"y"})")}, later))),
            "[3..3] stored");
  const auto removed = store().expire({&collection(kStalls), later, Expiry::Mode::kRemove, {}});
  ASSERT_TRUE(removed.ok());
  EXPECT_EQ(removed->rows, 1u);
  EXPECT_EQ(list(kStalls), "n t1");
}

TEST_P(TenantsTest, ListsOfTwoRowsAreFoundApart) {
  keep(each({stall_with("tea", "n", "t1"), stall_with("tea", "s", "t1"),
             stall_with("ale", "main", "t1")}));
  EXPECT_EQ(list(kStalls, {.where = "goods : 'tea'"}), "n t1, s t1");
  EXPECT_EQ(list(kStalls, {.where = "NOT goods : 'tea'"}), "main t1");
  keep(each({of_tenant("n", update(kStalls, "t1", R"({"goods":["ale"]})"))}));
  EXPECT_EQ(list(kStalls, {.where = "goods : 'tea'"}), "s t1");
  keep(each({of_tenant("main", remove(kStalls, "t1"))}));
  EXPECT_EQ(list(kStalls, {.where = "goods : 'ale'"}), "n t1");
}

TEST_P(TenantsTest, FirstAndLastOfOneInstantAreTheSameInEveryStore) {
  keep(each({order("s", "o1", "bob"), order("n", "o1", "cem"), order("main", "o1", "ann")}));
  const auto summary = summary_of(
      kOrders, {.of = {{"f", "first(customer)"}, {"l", "last(customer)"}, {"n", "count()"}}});
  EXPECT_EQ(say(store().summarize(summary)), ": \"ann\" \"cem\" 3\n");
}

TEST_P(TenantsTest, WhoHasRowsKeepsItsTenants) {
  keep(each({stall("n", "t1", "corner"), order("n", "o1", "ann")}));
  for (const std::string other : {"orders customer", "stalls name"}) {
    const std::string name = other.substr(0, 6), field = other.substr(7);
    const Catalog catalog =
        changed_shop("shop/" + name + ".toml", "tenant = \"branch\"", "tenant = \"" + field + "\"");
    if (GetParam().is_durable) {
      store_.reset();
      store_ = *GetParam().open(place_);
    }
    const auto prepared = store().prepare(catalog);
    ASSERT_FALSE(prepared.ok());
    EXPECT_EQ(say(prepared.error()), "error invalid: shop/" + name +
                                         ": its rows are stored by tenant 'branch', and the " +
                                         "declaration says '" + field +
                                         "'; take it back, or move the rows to another collection");
  }
}

TEST_P(TenantsRestartTest, RowsFromBeforeThereWereTenantsAreKept) {
  static const Catalog without = changed_shop("shop/stalls.toml", "tenant = \"branch\"\n", "");
  reopen(without);
  keep(each({stall_with("tea", "n", "t1"), stall_with("tea", "s", "t2")}));
  reopen();
  EXPECT_EQ(list(kStalls), "n t1, s t2");
  EXPECT_EQ(apply(each({stall_with("tea", "s", "t1"), stall_with("tea", "n", "t1")})),
            "[3..3] stored, unchanged");
  EXPECT_EQ(list(kStalls, {.where = "goods : 'tea'"}), "n t1, s t1, s t2");
  EXPECT_EQ(fed(), "t1 \"n\", t2 \"s\", t1 \"s\"");
  EXPECT_TRUE(store().verify()->empty());
}

TEST_P(TenantsRestartTest, TwoRowsStayTwoInBlocksAndAfterARestart) {
  std::vector<Operation> operations;
  for (int i = 0; i < 60; ++i) {
    operations.push_back(order(i % 2 == 0 ? "n" : "s", "o" + std::to_string(i / 2), "ann"));
  }
  keep(each(std::move(operations)));
  keep(each({of_tenant("n", remove(kOrders, "o7")),
             of_tenant("s", update(kOrders, "o8", R"({"note":"late"})"))}));
  const std::string before = list(kOrders);
  reopen();
  EXPECT_EQ(list(kOrders), before);
  EXPECT_EQ(pages(kOrders, "", ""), before);
  EXPECT_EQ(list(kOrders, {.where = "id = 'o7'"}), "s o7");
  EXPECT_EQ(field(kOrders, "note", "id = 'o8' AND branch = 's'"), "\"late\"");
  EXPECT_EQ(field(kOrders, "note", "id = 'o8' AND branch = 'n'"), "null");
  EXPECT_EQ(
      apply(each({order("n", "o7", "ann"), order("s", "o7", "ann"), order("main", "o7", "bob"),
                  of_tenant("n", update(kOrders, "o8", R"({"note":"too"})"))})),
      "[63..64] same, same, stored, stored");
  EXPECT_EQ(field(kOrders, "note", "id = 'o8' AND branch = 's'"), "\"late\"");
  EXPECT_TRUE(store().verify()->empty());
}

}  // namespace

}  // namespace daybook::contract
