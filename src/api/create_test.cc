#include <gtest/gtest.h>

#include "api/test_door.h"
#include "tests/contract/failing_store.h"

namespace daybook::api {
namespace {

class CreateTest : public Door {};

constexpr const char* kOrders = "/api/v1/shop/orders";

bool holds(const http::Response& response, std::string_view text) {
  return response.body.find(text) != std::string::npos;
}

TEST_F(CreateTest, OneObjectHasALocation) {
  const auto answer = post(kOrders, R"({"id":"a b","customer":"c"})");
  EXPECT_EQ(shown(answer), R"(201 {"accepted":1,"rejected":0,"ids":["a b"],"position":1})");
  EXPECT_EQ(answer.headers.get("Location"), "/api/v1/shop/orders/a%20b");
  EXPECT_EQ(get(std::string(answer.headers.get("Location"))).status, 200);
}

TEST_F(CreateTest, AnArrayHasNone) {
  const auto answer = post(kOrders, R"([{"id":"a","customer":"c"}])");
  EXPECT_EQ(answer.status, 201);
  EXPECT_FALSE(answer.headers.has("Location"));
}

TEST_F(CreateTest, MinimalAnswersSayThatTheyAre) {
  const auto answer = post(kOrders, R"({"customer":"c"})", {{"Prefer", "return=minimal"}});
  EXPECT_EQ(shown(answer), R"(201 {"accepted":1,"rejected":0,"position":1})");
  EXPECT_EQ(answer.headers.get("Preference-Applied"), "return=minimal");
}

TEST_F(CreateTest, NothingIsNoRow) {
  EXPECT_EQ(post(kOrders, "[]").status, 422);
  EXPECT_EQ(post(kOrders, "\n\n", ndjson()).status, 422);
  EXPECT_EQ(post(kOrders, " ").status, 400);
}

TEST_F(CreateTest, ABodyWithoutATypeIsRefused) {
  auto asked = request("POST", kOrders, http::body_of("{}"));
  const auto answer = api_.handle(asked);
  EXPECT_EQ(answer.status, 415);
  EXPECT_TRUE(holds(answer, "application/json")) << answer.body;
}

TEST_F(CreateTest, AnArrayIsLimited) {
  std::string body = "[";
  for (int i = 0; i <= 10'000; ++i) body += i == 0 ? "{}" : ",{}";
  const auto answer = post(kOrders, body + "]");
  EXPECT_EQ(answer.status, 413);
  EXPECT_TRUE(holds(answer, "at most 10000 items, not 10001")) << answer.body;
}

TEST_F(CreateTest, AJsonBodyIsLimited) {
  const auto answer = post(kOrders, "\"" + std::string(17u << 20, 'x') + "\"");
  EXPECT_EQ(answer.status, 413);
}

TEST_F(CreateTest, LinesMayBeOfAnyNumber) {
  std::string body;
  for (int i = 0; i < 25'000; ++i)
    body += R"({"page":"/"})"
            "\n";
  const auto answer = post("/api/v1/shop/visits", body, ndjson());
  EXPECT_EQ(shown(answer), R"(201 {"accepted":25000,"rejected":0,"position":25000})");
}

TEST_F(CreateTest, ALongLineIsOneBadItem) {
  const std::string body = R"({"id":"a","customer":"c"})"
                           "\n" +
                           std::string(2u << 20, 'x') +
                           "\n"
                           R"({"id":"b","customer":"c"})";
  const auto answer = post(kOrders, body, ndjson());
  EXPECT_EQ(answer.status, 207);
  EXPECT_TRUE(holds(answer, R"("ids":["a",null,"b"])")) << answer.body;
  EXPECT_TRUE(holds(answer, R"("item":1,"status":413)")) << answer.body;
}

TEST_F(CreateTest, ABodyThatBreaksOffSaysWhatWasStored) {
  std::string lines;
  for (int i = 0; i < 1'500; ++i)
    lines += R"({"page":"/"})"
             "\n";
  auto asked = request("POST", "/api/v1/shop/visits",
                       broken_body({lines}, Error(Code::kMalformed, "the gzip stream ends early")),
                       ndjson());
  const auto answer = api_.handle(asked);
  EXPECT_EQ(answer.status, 400);
  EXPECT_TRUE(holds(answer, "1000 lines stored before that")) << answer.body;
  EXPECT_TRUE(holds(answer, "the gzip stream ends early")) << answer.body;
}

TEST_F(CreateTest, AClientThatHasGoneSendsNoMoreRows) {
  std::string lines;
  for (int i = 0; i < 1'000; ++i) lines += "{\"page\":\"/\"}\n";
  auto asked = request("POST", "/api/v1/shop/visits",
                       broken_body({lines, lines, lines}, Error(Code::kInvalid, "")), ndjson());
  asked.is_cancelled = [asks = 0]() mutable { return ++asks > 2; };
  const auto answer = api_.handle(asked);
  EXPECT_EQ(answer.status, 503);
  EXPECT_TRUE(holds(answer, "2000 lines stored before that")) << answer.body;
  EXPECT_TRUE(holds(get("/api/v1/shop/visits?count=exact&limit=1"), R"("count":2000)"));
}

TEST_F(CreateTest, AllRejectedIsOneProblem) {
  const auto answer = post(kOrders, "{}\n{}\n", ndjson());
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.headers.get("Content-Type"), "application/problem+json");
  EXPECT_TRUE(holds(answer, R"("detail":"none of the 2 items was stored")")) << answer.body;
}

TEST_F(CreateTest, AStoreThatFailsIsA503) {
  store_->fail(1);
  const auto answer = post(kOrders, R"({"customer":"c"})");
  EXPECT_EQ(answer.status, 503);
  EXPECT_TRUE(answer.headers.has("Retry-After"));
  EXPECT_EQ(post(kOrders, R"({"customer":"c"})").status, 201);
}

TEST_F(CreateTest, ReferencesMustBeThere) {
  EXPECT_EQ(post("/api/v1/shop/customers", R"({"id":"c1","email":"a@b.example"})").status, 201);
  EXPECT_EQ(post("/api/v1/shop/parcels", R"({"customer":"c1"})").status, 201);
  const auto answer = post("/api/v1/shop/parcels", R"([{"customer":"c2"},{"customer":"c1"}])");
  EXPECT_EQ(answer.status, 207);
  EXPECT_TRUE(holds(answer, R"("errors":[{"item":0,"pointer":"#/customer",)"
                            R"("detail":"there is no row 'c2' in shop/customers"}])"))
      << answer.body;
}

TEST_F(CreateTest, ARepeatGetsTheFirstAnswer) {
  const Pairs key = {{"Idempotency-Key", "\"k\""}};
  const auto first = post(kOrders, R"({"customer":"c"})", key);
  const auto again = post(kOrders, R"({"customer":"c"})", key);
  EXPECT_EQ(shown(again), shown(first));
  EXPECT_EQ(again.headers.get("Location"), first.headers.get("Location"));
  EXPECT_EQ(again.headers.get("Idempotency-Replayed"), "true");
  EXPECT_FALSE(first.headers.has("Idempotency-Replayed"));
  EXPECT_EQ(post(kOrders, R"({"customer":"d"})", key).status, 422);
}

TEST_F(CreateTest, ARepeatOfLinesTellsTheSameMistakes) {
  const Pairs key = ndjson({{"Idempotency-Key", "k"}});
  const std::string body = R"({"customer":"c"})"
                           "\n{}\n";
  const auto first = post(kOrders, body, key);
  EXPECT_EQ(first.status, 207);
  EXPECT_EQ(shown(post(kOrders, body, key)), shown(first));
}

TEST_F(CreateTest, ARepeatAfterALostAnswerFindsWhatWasStored) {
  const Pairs key = {{"Idempotency-Key", "k"}};
  store_->fail(2, contract::FailingStore::When::kAfter);  // recall, then apply
  EXPECT_EQ(post(kOrders, R"({"customer":"c"})", key).status, 503);
  const auto again = post(kOrders, R"({"customer":"c"})", key);
  EXPECT_EQ(again.status, 201);
  EXPECT_TRUE(holds(again, R"("position":1)")) << again.body;
  EXPECT_TRUE(holds(get("/api/v1/shop/orders?count=exact"), R"("count":1)"));
}

TEST_F(CreateTest, LinesWithAKeyAreCountedAsTheyAreRead) {
  std::string body;
  for (int i = 0; i < 10'001; ++i) body += "not even JSON\n";
  const auto answer = post(kOrders, body, ndjson({{"Idempotency-Key", "k"}}));
  EXPECT_EQ(answer.status, 413);
  EXPECT_TRUE(holds(answer, "at most 10000 rows")) << answer.body;
}

TEST_F(CreateTest, RowsThatAreThereAlreadyAreCounted) {
  const std::string row = R"({"id":"a","customer":"c","placed_at":"2026-03-10T10:00:00Z"})";
  EXPECT_FALSE(holds(post(kOrders, row), "repeated"));
  const auto answer = post(kOrders, row + "\n{\"customer\":\"d\"}\n", ndjson());
  EXPECT_TRUE(holds(answer, R"("accepted":2,"rejected":0,)")) << answer.body;
  EXPECT_TRUE(holds(answer, R"("repeated":1)")) << answer.body;
}

TEST_F(CreateTest, ASlowClientIsA408) {
  const Error late(Code::kTooSlow, "the request's body took too long");
  for (const auto& headers : {ndjson(), ndjson({{"Idempotency-Key", "k"}})}) {
    auto asked = request("POST", kOrders, broken_body({"{\"customer\":\"c\"}\n"}, late), headers);
    const auto answer = api_.handle(asked);
    EXPECT_EQ(answer.status, 408);
    EXPECT_TRUE(holds(answer, "/problems/timeout")) << answer.body;
    EXPECT_TRUE(holds(answer, "took too long")) << answer.body;
  }
}

// An order of about so many bytes on a line.
std::string large_order(std::size_t bytes) {
  return R"({"customer":"c","more":")" + std::string(bytes, 'x') + "\"}\n";
}

TEST_F(CreateTest, LinesAreCommittedEarlyWhenThereIsLittleRoom) {
  http::BodyBudget budget(1'500'000);
  std::string body;
  for (int i = 0; i < 12; ++i) body += large_order(500'000);
  auto asked = request("POST", kOrders, http::body_of(std::move(body)), ndjson());
  asked.body->count_in(budget);
  EXPECT_EQ(api_.handle(asked).status, 201);
  EXPECT_TRUE(holds(get("/api/v1/shop/orders?count=exact&limit=1"), R"("count":12)"));
}

TEST_F(CreateTest, ABodyForWhichThereIsNoRoomIsA503) {
  http::BodyBudget budget(1'500'000);
  budget.take(1'200'000);
  for (const bool is_streamed : {false, true}) {
    // The line is not whole yet when the next piece is awaited.
    const std::string half = large_order(500'000).substr(0, 400'000);
    auto asked = request("POST", kOrders,
                         broken_body({"{\"customer\":\"c\"}\n" + half, half}, {Code::kInvalid, ""}),
                         is_streamed ? ndjson() : Pairs{{"Content-Type", "application/json"}});
    asked.body->count_in(budget);
    const auto answer = api_.handle(asked);
    EXPECT_EQ(answer.status, 503) << answer.body;
    EXPECT_TRUE(answer.headers.has("Retry-After"));
    EXPECT_EQ(holds(answer, "1 line stored before that"), is_streamed) << answer.body;
  }
  budget.give_back(1'200'000);
  EXPECT_TRUE(budget.take_if_free(1'500'000));  // nothing was kept
}

TEST_F(CreateTest, ADeclaredRouteTellsIdAndPosition) {
  const auto answer = post("/api/v1/buy", R"({"id":"a","customer":"c"})");
  EXPECT_EQ(shown(answer), R"(201 {"id":"a","position":1})");
  EXPECT_EQ(answer.headers.get("Location"), "/api/v1/shop/orders/a");
  EXPECT_EQ(post("/api/v1/buy", R"([{"customer":"c"}])").status, 422);
}

}  // namespace
}  // namespace daybook::api
