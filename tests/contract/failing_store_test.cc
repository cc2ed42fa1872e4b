#include "tests/contract/failing_store.h"

#include <gtest/gtest.h>

#include "store/memory/memory_store.h"
#include "tests/contract/words.h"

namespace daybook::contract {

namespace {

TEST(FailingStoreTest, FailsTheCallThatWasNamedAndNoOther) {
  FailingStore store(make_memory_store());
  ASSERT_TRUE(store.prepare(shop()).ok());
  const Batch batch = each({insert("shop/customers", R"({"id":"c1","email":"a@b.example"})")});
  store.fail(2);
  EXPECT_TRUE(store.space().ok());
  EXPECT_EQ(say(store.apply(batch)), "error unavailable: the disk is on fire");
  EXPECT_EQ(ids_of(store, scan_of("shop/customers")), "");
  EXPECT_EQ(say(store.apply(batch)), "[1..1] stored");
  EXPECT_EQ(store.calls(), 5u);
}

TEST(FailingStoreTest, MayLoseTheAnswerOnly) {
  FailingStore store(make_memory_store());
  ASSERT_TRUE(store.prepare(shop()).ok());
  store.fail(1, FailingStore::When::kAfter, Error(Code::kUnavailable, "the outcome is unknown"));
  EXPECT_EQ(
      say(store.apply(each({insert("shop/customers", R"({"id":"c","email":"a@b.example"})")}))),
      "error unavailable: the outcome is unknown");
  EXPECT_EQ(ids_of(store, scan_of("shop/customers")), "c");
}

}  // namespace

}  // namespace daybook::contract
