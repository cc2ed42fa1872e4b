// Changes of one row that are sent twice under one Idempotency-Key.
#include <gtest/gtest.h>

#include "api/test_door.h"
#include "tests/contract/failing_store.h"

namespace daybook::api {
namespace {

class RowTest : public Door {
 protected:
  // The same request again.
  http::Response twice(const std::string& method, const std::string& target,
                       const std::string& body, const Pairs& headers) {
    const auto first = ask(method, target, body, headers);
    EXPECT_FALSE(first.headers.has("Idempotency-Replayed"));
    const auto again = ask(method, target, body, headers);
    EXPECT_EQ(again.headers.get("Idempotency-Replayed"), "true");
    EXPECT_EQ(shown(again), shown(first));
    EXPECT_EQ(again.headers.get("ETag"), first.headers.get("ETag"));
    EXPECT_EQ(again.headers.get("Location"), first.headers.get("Location"));
    return again;
  }

  static constexpr const char* kAda = "/api/v1/shop/customers/ada";
};

TEST_F(RowTest, ARepeatedPutTellsThatItCreated) {
  const auto answer =
      twice("PUT", kAda, R"({"email":"a@b.example"})", {{"Idempotency-Key", "\"p\""}});
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(ask("PUT", kAda, R"({"email":"c@b.example"})", {{"Idempotency-Key", "p"}}).status, 422);
}

TEST_F(RowTest, ARepeatedPatchChangesNothingThatCameBetween) {
  ask("PUT", kAda, R"({"email":"a@b.example","number":1})");
  const Pairs key = {{"Idempotency-Key", "k"}};
  const auto first = ask("PATCH", kAda, R"({"number":2})", key);
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(ask("PATCH", kAda, R"({"number":3})").status, 200);
  EXPECT_EQ(shown(ask("PATCH", kAda, R"({"number":2})", key)), shown(first));
  EXPECT_NE(get(kAda).body.find(R"("number":3)"), std::string::npos);
}

TEST_F(RowTest, ARepeatedDeleteIsNoMissingRow) {
  ask("PUT", kAda, R"({"email":"a@b.example"})");
  EXPECT_EQ(twice("DELETE", kAda, {}, {{"Idempotency-Key", "d"}}).status, 204);
  EXPECT_EQ(ask("DELETE", kAda).status, 404);
}

TEST_F(RowTest, KeysOfDifferentMethodsAreDifferent) {
  const Pairs key = {{"Idempotency-Key", "k"}};
  EXPECT_EQ(ask("PUT", kAda, R"({"email":"a@b.example"})", key).status, 201);
  EXPECT_EQ(ask("DELETE", kAda, {}, key).status, 204);
}

TEST_F(RowTest, WhatWasRefusedIsDecidedAnew) {
  const Pairs key = {{"Idempotency-Key", "k"}, {"If-Match", "*"}};
  EXPECT_EQ(ask("PUT", kAda, R"({"email":"a@b.example"})", key).status, 412);
  ask("PUT", kAda, R"({"email":"a@b.example"})");
  EXPECT_EQ(ask("PUT", kAda, R"({"email":"a@b.example"})", key).status, 200);
}

TEST_F(RowTest, ARepeatAfterALostAnswerIsToldWhatWasDone) {
  const Pairs key = {{"Idempotency-Key", "k"}};
  ask("PUT", kAda, R"({"email":"a@b.example"})");
  store_->fail(2, contract::FailingStore::When::kAfter);  // recall, then apply
  EXPECT_EQ(ask("DELETE", kAda, {}, key).status, 503);
  EXPECT_EQ(ask("DELETE", kAda, {}, key).status, 204);
}

}  // namespace
}  // namespace daybook::api
