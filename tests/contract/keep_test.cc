// Keeping and forgetting: rows are not seen from the exact instant of their keep on, expiry removes
// them, erasure removes a subject.
#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

class KeepTest : public StoreTest {
 protected:
  Result<Removed> expire(std::string_view name, Instant now,
                         Expiry::Mode mode = Expiry::Mode::kRemove) {
    Expiry expiry;
    expiry.collection = &collection(name);
    expiry.now = now;
    expiry.mode = mode;
    return store().expire(expiry);
  }
  Result<Removed> erase(std::string_view name, std::string_view filter,
                        Erasure::Mode mode = Erasure::Mode::kRemove) {
    Erasure erasure;
    erasure.collection = &collection(name);
    erasure.filter = where(name, filter);
    erasure.mode = mode;
    return store().erase(erasure);
  }
  // What is seen at an instant by each way of asking, which must agree.
  std::string seen(std::string_view name, Instant now) {
    const std::string ids = ids_of(store(), scan_of(name, {.order = "id", .now = now}));
    const auto groups =
        store().summarize(summary_of(name, {.by = {"id"}, .of = {{"n", "count()"}}}, {.now = now}));
    std::string grouped;
    for (const Group& group : groups->groups) {
      grouped += (grouped.empty() ? "" : ",") + group.key.front().get<std::string>();
    }
    EXPECT_EQ(grouped, ids);
    for (const Group& group : groups->groups) {
      EXPECT_TRUE(find_one(store(), name, group.key.front().get<std::string>(), now));
    }
    return ids;
  }
};
DAYBOOK_FOR_ALL_STORES(KeepTest);

TEST_P(KeepTest, AJournalRowIsSeenUntilTheInstant) {
  keep(each({insert("shop/visits", R"({"id":"v1","seen_at":"2026-03-10T11:30:00Z","page":"/"})"),
             insert("shop/visits", R"({"id":"v2","seen_at":"2026-03-10T11:30:00.000001Z",
                                       "page":"/"})")}));
  EXPECT_EQ(seen("shop/visits", at("2026-03-11T11:29:59.999999Z")), "v1,v2");
  EXPECT_EQ(seen("shop/visits", at("2026-03-11T11:30:00Z")), "v2");
  EXPECT_EQ(seen("shop/visits", at("2026-03-11T11:30:00.000001Z")), "");
  EXPECT_FALSE(find_one(store(), "shop/visits", "v1", at("2026-03-11T11:30:00Z")));
}

TEST_P(KeepTest, TheFirstClassThatFitsSaysHowLong) {
  keep(each({
      insert("shop/orders", R"({"id":"low","placed_at":"2026-03-09T00:00:00Z","customer":"x",
                                "priority":"low"})"),
      insert("shop/orders", R"({"id":"high","placed_at":"2026-03-09T00:00:00Z","customer":"x",
                                "priority":"high"})"),
  }));
  EXPECT_EQ(seen("shop/orders", at("2026-03-10T23:59:59Z")), "high,low");
  EXPECT_EQ(seen("shop/orders", at("2026-03-11T00:00:00Z")), "high");
  EXPECT_EQ(seen("shop/orders", at("2026-04-08T00:00:00Z")), "");
}

TEST_P(KeepTest, AnInstantOfTheRowItselfIsExact) {
  keep(each(
      {insert("shop/sessions", R"({"id":"s1","token":"a","ends_at":"2026-03-10T12:30:00Z"})"),
       insert("shop/sessions", R"({"id":"s2","token":"b","ends_at":"2026-03-10T13:30:00Z"})")}));
  EXPECT_EQ(seen("shop/sessions", at("2026-03-10T12:29:59.999999Z")), "s1,s2");
  EXPECT_EQ(seen("shop/sessions", at("2026-03-10T12:30:00Z")), "s2");
  keep(each({update("shop/sessions", "s2", R"({"ends_at":"2026-03-10T12:10:00Z"})")}));
  EXPECT_EQ(seen("shop/sessions", at("2026-03-10T12:10:00Z")), "s1");
}

TEST_P(KeepTest, ARowPastItsKeepCannotBeChanged) {
  keep(each(
      {insert("shop/sessions", R"({"id":"s1","token":"a","ends_at":"2026-03-10T12:30:00Z"})")}));
  EXPECT_EQ(
      apply(each({update("shop/sessions", "s1", R"({"hits":2})"), remove("shop/sessions", "s1")},
                 at("2026-03-10T12:30:00Z"))),
      "[0..1] missing: there is no row with this id, missing: there is no row with this id");
}

TEST_P(KeepTest, ExpiryRemovesWhatIsNotSeenAnyMore) {
  keep(each({
      insert("shop/orders", R"({"id":"a","placed_at":"2026-03-01T10:00:00Z","customer":"x"})"),
      insert("shop/orders", R"({"id":"b","placed_at":"2026-03-01T11:00:00Z","customer":"x"})"),
      insert("shop/orders", R"({"id":"c","placed_at":"2026-03-09T10:00:00Z","customer":"x"})"),
  }));
  const Instant later = at("2026-04-02T00:00:00Z");
  const auto preview = expire("shop/orders", later, Expiry::Mode::kPreview);
  ASSERT_TRUE(preview.ok());
  EXPECT_EQ(preview->rows, 2u);
  EXPECT_EQ(preview->partitions, 1u);
  EXPECT_EQ(preview->oldest, at("2026-03-01T10:00:00Z"));
  EXPECT_EQ(preview->newest, at("2026-03-01T11:00:00Z"));
  EXPECT_EQ(seen("shop/orders", noon()), "a,b,c");
  const auto removed = expire("shop/orders", later);
  ASSERT_TRUE(removed.ok());
  EXPECT_EQ(removed->rows, 2u);
  EXPECT_EQ(removed->partitions, 1u);
  EXPECT_EQ(seen("shop/orders", noon()), "c");
  EXPECT_EQ(expire("shop/orders", later)->rows, 0u);
  EXPECT_EQ(store().space()->collections.at("shop/orders").rows, 1u);
}

TEST_P(KeepTest, ExpiryOfARegister) {
  keep(each(
      {insert("shop/sessions", R"({"id":"s1","token":"a","ends_at":"2026-03-10T12:30:00Z"})"),
       insert("shop/sessions", R"({"id":"s2","token":"b","ends_at":"2026-03-10T13:30:00Z"})")}));
  EXPECT_EQ(expire("shop/sessions", at("2026-03-10T13:00:00Z"), Expiry::Mode::kPreview)->rows, 1u);
  EXPECT_EQ(expire("shop/sessions", at("2026-03-10T13:00:00Z"))->rows, 1u);
  EXPECT_EQ(seen("shop/sessions", noon()), "s2");
}

TEST_P(KeepTest, ATenantMayKeepShorter) {
  keep(each({insert("shop/orders", R"({"id":"a","placed_at":"2026-03-01T10:00:00Z","customer":"x",
                                       "branch":"north"})"),
             insert("shop/orders", R"({"id":"b","placed_at":"2026-03-01T10:00:00Z","customer":"x",
                                       "branch":"south"})")}));
  Expiry expiry;
  expiry.collection = &collection("shop/orders");
  expiry.now = noon();
  expiry.tenants = {{"north", std::chrono::hours(24)}};
  const auto removed = store().expire(expiry);
  ASSERT_TRUE(removed.ok());
  EXPECT_EQ(removed->rows, 1u);
  EXPECT_EQ(seen("shop/orders", noon()), "b");
}

TEST_P(KeepTest, WhatIsKeptForEverNeverExpires) {
  keep(each({insert("lab/samples", R"({"id":"x","at":"0001-01-01T00:00:00Z","probe":"p"})")}));
  keep(each({insert("shop/customers", R"({"id":"c1","email":"a@b.example"})")}));
  const Instant end = at("9999-12-31T00:00:00Z");
  EXPECT_EQ(expire("lab/samples", end)->rows, 0u);
  EXPECT_EQ(expire("shop/customers", end)->rows, 0u);
  EXPECT_EQ(seen("lab/samples", end), "x");
}

TEST_P(KeepTest, ExpiryTakesNoPositionAndTheFeedGoesOn) {
  keep(
      each({insert("shop/visits", R"({"id":"old","seen_at":"2026-03-09T13:00:00Z","page":"/"})")}));
  keep(
      each({insert("shop/visits", R"({"id":"new","seen_at":"2026-03-10T13:00:00Z","page":"/"})")}));
  ASSERT_TRUE(expire("shop/visits", at("2026-03-10T20:00:00Z")).ok());
  EXPECT_EQ(apply(each({insert("shop/customers", R"({"id":"c1","email":"a@b.example"})")})),
            "[3..3] stored");
  const auto changes = store().feed(*shop().find("shop"), 1, 100);
  ASSERT_TRUE(changes.ok());
  ASSERT_EQ(changes->changes.size(), 2u);
  EXPECT_EQ(changes->changes[0].id, "new");
  EXPECT_EQ(changes->next, 3u);
}

TEST_P(KeepTest, ErasureRemovesTheRowsOfASubject) {
  keep(each({
      insert("shop/orders", R"({"id":"a","placed_at":"2026-03-01T10:00:00Z","customer":"x",
                                "note":"canary"})"),
      insert("shop/orders", R"({"id":"b","placed_at":"2026-03-02T10:00:00Z","customer":"y"})"),
      insert("shop/orders", R"({"id":"c","placed_at":"2026-03-03T10:00:00Z","customer":"x"})"),
  }));
  keep(each({update("shop/orders", "a", R"({"status":"packed"})")}));
  EXPECT_EQ(erase("shop/orders", "customer = 'x'", Erasure::Mode::kPreview)->rows, 2u);
  EXPECT_EQ(seen("shop/orders", noon()), "a,b,c");
  const auto removed = erase("shop/orders", "customer = 'x'");
  ASSERT_TRUE(removed.ok()) << say(removed.error());
  EXPECT_EQ(removed->rows, 2u);
  EXPECT_EQ(seen("shop/orders", noon()), "b");
  EXPECT_EQ(ids_of(store().search(search_of("shop/orders", "canary"))), "");
}

TEST_P(KeepTest, AnErasureTakesOnePositionAndNoChangeNamesItsRows) {
  keep(each({insert("shop/customers", R"({"id":"c1","email":"a@b.example"})"),
             insert("shop/customers", R"({"id":"c2","email":"c@b.example"})"),
             insert("shop/visits", R"({"id":"v1","page":"/secret"})")}));
  EXPECT_EQ(erase("shop/customers", "email = 'a@b.example'")->rows, 1u);
  EXPECT_EQ(erase("shop/visits", "page = '/secret'")->rows, 1u);
  EXPECT_EQ(erase("shop/customers", "email = 'a@b.example'")->rows, 0u);
  const auto changes = store().feed(*shop().find("shop"), 0, 100);
  ASSERT_TRUE(changes.ok());
  EXPECT_EQ(changes->next, 5u);
  for (const Change& change : changes->changes) {
    EXPECT_NE(change.id, "c1");
    EXPECT_NE(change.id, "v1");
  }
  EXPECT_EQ(changes->changes.back().position, 5u);
  EXPECT_EQ(changes->changes.back().verb, Verb::kDelete);
}

TEST_P(KeepTest, AnErasedRowOfAJournalStaysErased) {
  const auto visit =
      insert("shop/visits", R"({"id":"v1","seen_at":"2026-03-10T11:00:00Z","page":"/"})");
  keep(each({visit}));
  EXPECT_EQ(erase("shop/visits", "id = 'v1'")->rows, 1u);
  EXPECT_EQ(apply(each({visit})), "[0..2] same");
  EXPECT_EQ(seen("shop/visits", noon()), "");
}

TEST_P(KeepTest, AnErasedKeyIsFree) {
  keep(each({insert("shop/customers", R"({"id":"c1","email":"a@b.example"})")}));
  EXPECT_EQ(erase("shop/customers", "id = 'c1'")->rows, 1u);
  EXPECT_EQ(apply(each({insert("shop/customers", R"({"id":"c1","email":"a@b.example"})")})),
            "[3..3] stored");
}

TEST_P(KeepTest, SpaceCountsRows) {
  keep(each({insert("shop/visits", R"({"id":"v1","seen_at":"2026-03-10T10:30:00Z","page":"/"})"),
             insert("shop/visits", R"({"id":"v2","seen_at":"2026-03-10T11:30:00Z","page":"/"})"),
             insert("shop/customers", R"({"id":"c1","email":"a@b.example"})")}));
  const auto space = store().space();
  ASSERT_TRUE(space.ok());
  const CollectionSpace& visits = space->collections.at("shop/visits");
  EXPECT_EQ(visits.rows, 2u);
  EXPECT_EQ(visits.partitions, 2u);
  EXPECT_GT(visits.bytes, 0u);
  EXPECT_EQ(visits.oldest, at("2026-03-10T10:30:00Z"));
  EXPECT_EQ(visits.newest, at("2026-03-10T11:30:00Z"));
  EXPECT_EQ(space->collections.at("shop/customers").rows, 1u);
  EXPECT_EQ(space->collections.at("shop/orders").rows, 0u);
}

}  // namespace

}  // namespace daybook::contract
