// Requests that may be repeated: what was kept with a batch is found again until it expires, and of
// two batches with one key only one is applied.
#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

class RecallTest : public StoreTest {
 protected:
  static Batch once(std::string key, std::vector<Operation> operations,
                    Batch::Mode mode = Batch::Mode::kAtomic) {
    Batch batch =
        mode == Batch::Mode::kAtomic ? atomic(std::move(operations)) : each(std::move(operations));
    batch.once = Batch::Once{std::move(key), "print", std::string("answer\0with NUL", 15),
                             noon() + std::chrono::hours(24), nullptr};
    return batch;
  }
  std::string recall(const std::string& key, Instant now = noon()) {
    const auto found = store().recall(key, now);
    if (!found.ok()) return say(found.error());
    return *found ? (*found)->fingerprint + " " + (*found)->answer : "nothing";
  }
};
DAYBOOK_FOR_ALL_STORES(RecallTest);

const std::string kAnswer = "print " + std::string("answer\0with NUL", 15);

TEST_P(RecallTest, WhatWasKeptIsFoundUntilItExpires) {
  EXPECT_EQ(recall("k"), "nothing");
  keep(once("k", {insert("shop/customers", R"({"id":"c1","email":"a@b.example"})")}));
  EXPECT_EQ(recall("k"), kAnswer);
  EXPECT_EQ(recall("other"), "nothing");
  EXPECT_EQ(recall("k", at("2026-03-11T11:59:59Z")), kAnswer);
  EXPECT_EQ(recall("k", at("2026-03-11T12:00:00Z")), "nothing");
}

TEST_P(RecallTest, TheAnswerMayBeMadeOfWhatWasCommitted) {
  Batch batch = once("k",
                     {insert("shop/customers", R"({"id":"c1","email":"a@b.example"})"),
                      remove("shop/customers", "none")},
                     Batch::Mode::kEach);
  batch.once->answer_of = [](const Committed& committed) { return say(committed); };
  const std::string said = apply(batch);
  EXPECT_EQ(said, "[1..1] stored, missing: there is no row with this id");
  EXPECT_EQ(recall("k"), "print " + said);
}

TEST_P(RecallTest, OfTwoBatchesWithOneKeyOnlyOneIsApplied) {
  keep(once("k", {insert("shop/customers", R"({"id":"c1","email":"a@b.example"})")}));
  const auto second =
      store().apply(once("k", {insert("shop/customers", R"({"id":"c2","email":"c@b.example"})")}));
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code(), Code::kConflict);
  EXPECT_EQ(ids_of(store(), scan_of("shop/customers")), "c1");
}

TEST_P(RecallTest, AnExpiredKeyMayBeUsedAgain) {
  keep(once("k", {insert("shop/customers", R"({"id":"c1","email":"a@b.example"})")}));
  Batch later = once("k", {insert("shop/customers", R"({"id":"c2","email":"c@b.example"})")});
  later.at = noon() + std::chrono::hours(24);
  later.once->expires = later.at + std::chrono::hours(1);
  later.once->fingerprint = "second";
  keep(later);
  EXPECT_EQ(recall("k", later.at), "second " + kAnswer.substr(6));
}

TEST_P(RecallTest, ARefusedBatchKeepsNothing) {
  EXPECT_EQ(apply(once("k", {remove("shop/customers", "none")})),
            "refused [0..0] missing: there is no row with this id");
  EXPECT_EQ(recall("k"), "nothing");
}

TEST_P(RecallTest, InModeEachItIsKeptWhateverTheVerdicts) {
  EXPECT_EQ(apply(once("k", {remove("shop/customers", "none")}, Batch::Mode::kEach)),
            "[0..0] missing: there is no row with this id");
  EXPECT_EQ(recall("k"), kAnswer);
}

}  // namespace

}  // namespace daybook::contract
