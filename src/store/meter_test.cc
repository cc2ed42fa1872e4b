#include "store/meter.h"

#include <gtest/gtest.h>

namespace daybook {

namespace {

TEST(MeterTest, RowsWithinTheBudget) {
  Budget budget;
  budget.rows = 3;
  Meter meter(budget);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(meter.row().ok());
  EXPECT_EQ(meter.rows(), 3u);
  const auto over = meter.row();
  EXPECT_EQ(over.error().code(), Code::kTooLarge);
  EXPECT_EQ(
      over.error().message(),
      "the question looks at more than 3 rows; ask for a shorter window or a narrower filter");
}

TEST(MeterTest, Memory) {
  Budget budget;
  budget.bytes = 2 << 20;
  Meter meter(budget);
  EXPECT_TRUE(meter.hold(2 << 20).ok());
  EXPECT_EQ(meter.hold(1).error().message(),
            "the answer needs more than 2 MiB of memory; ask for fewer rows or groups");
}

TEST(MeterTest, TimeAndCancelling) {
  Budget budget;
  budget.time = Duration(0);
  EXPECT_EQ(Meter(budget).row().error().code(), Code::kTooSlow);
  budget = {};
  bool is_cancelled = false;
  budget.is_cancelled = [&] { return is_cancelled; };
  Meter meter(budget);
  EXPECT_TRUE(meter.row().ok());
  is_cancelled = true;
  Result<void> result;
  for (int i = 0; i < 1000 && result.ok(); ++i) result = meter.row();
  EXPECT_EQ(result.error().message(), "the question was cancelled");
}

}  // namespace

}  // namespace daybook
