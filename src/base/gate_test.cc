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

}  // namespace
}  // namespace daybook
