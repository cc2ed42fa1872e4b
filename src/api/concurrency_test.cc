// Many callers at once: what holds of one must hold of all. Runs under the thread sanitizer too.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>

#include "api/test_door.h"
#include "tests/contract/failing_store.h"

namespace daybook::api {
namespace {

class ConcurrencyTest : public Door {
 protected:
  static constexpr int kCallers = 8;

  // Runs `call(caller)` in as many threads and waits for them.
  static void together(const std::function<void(int)>& call) {
    std::vector<std::thread> callers;
    for (int i = 0; i < kCallers; ++i) callers.emplace_back(call, i);
    for (std::thread& caller : callers) caller.join();
  }
};

TEST_F(ConcurrencyTest, OfRequestsWithOneKeyOneIsTaken) {
  for (int round = 0; round < 20; ++round) {
    const Pairs key = {{"Idempotency-Key", "round-" + std::to_string(round)}};
    std::atomic<int> first = 0, again = 0, running = 0;
    together([&](int) {
      const auto answer = post("/api/v1/shop/orders", R"({"customer":"c"})", key);
      if (answer.status == 409) ++running;
      if (answer.status != 201) return;
      answer.headers.has("Idempotency-Replayed") ? ++again : ++first;
    });
    EXPECT_EQ(first, 1);
    EXPECT_EQ(first + again + running, kCallers);
  }
  const auto all = get("/api/v1/shop/orders?count=exact&limit=1");
  EXPECT_NE(all.body.find(R"("count":20)"), std::string::npos) << all.body;
}

TEST_F(ConcurrencyTest, PagesAreWholeWhileRowsComeInAndGo) {
  constexpr int kRows = 200;
  for (int i = 0; i < kRows; ++i) {
    ASSERT_EQ(
        post("/api/v1/shop/orders", R"({"customer":"kept","placed_at":"2026-03-10T10:00:00Z"})")
            .status,
        201);
  }
  std::atomic<int> wrong = 0;
  together([&](int caller) {
    if (caller % 2 == 0) {
      for (int i = 0; i < 50; ++i) {
        const std::string id = "o-" + std::to_string(caller) + "-" + std::to_string(i);
        wrong +=
            post("/api/v1/shop/orders", R"({"id":")" + id + R"(","customer":"new"})").status != 201;
        wrong += ask("DELETE", "/api/v1/shop/orders/" + id).status != 204;
        wrong += get("/metrics").status != 200;
      }
      return;
    }
    std::string cursor;
    int seen = 0;
    do {
      const auto page =
          get("/api/v1/shop/orders?customer=kept&fields=id&limit=17&cursor=" + cursor);
      json::Parser parser;
      const auto answer = parser.parse(page.body);
      if (!answer.ok() || page.status != 200) {
        ++wrong;
        return;
      }
      seen += static_cast<int>(answer->find("items")->size());
      cursor = answer->find("next_cursor")->as_string();
    } while (!cursor.empty());
    wrong += seen != kRows;
  });
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace daybook::api
