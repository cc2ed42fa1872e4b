#include "base/gate.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace daybook {
namespace {

TEST(GateTest, BoundsTheWeightInside) {
  Gate gate(10);
  std::atomic<int> inside = 0, most = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        const Gate::Pass pass = gate.enter(4);
        const int now = ++inside;
        for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
        }
        std::this_thread::yield();
        --inside;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_LE(most, 2);
}

TEST(GateTest, WhoIsTooHeavyGoesInAlone) {
  Gate gate(10);
  { const Gate::Pass pass = gate.enter(100); }
  Gate::Pass pass = gate.enter(10);
  pass = Gate::Pass();
  const Gate::Pass again = gate.enter(11);
}

TEST(GateTest, WhoWouldWaitBehindTooManyDoesNot) {
  Gate gate(2);
  Gate::Pass whole = gate.enter(2);
  std::thread first([&] { EXPECT_TRUE(gate.enter(1, 1).has_value()); });
  while (gate.waiting() < 1) std::this_thread::yield();
  EXPECT_FALSE(gate.enter(1, 1).has_value());
  whole = Gate::Pass();
  first.join();
  EXPECT_TRUE(gate.enter(1, 0).has_value()) << "who need not wait is let in";
}

}  // namespace
}  // namespace daybook
