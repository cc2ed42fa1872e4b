#include "http/pace.h"

#include <gtest/gtest.h>

namespace daybook::http {
namespace {

using std::chrono::seconds;

TEST(PaceTest, AWaitLastsAsLongAsThePatience) {
  Pace pace(seconds(30), 1000);
  EXPECT_EQ(pace.left(), seconds(30));
  pace.note(seconds(0), 1'000'000);
  EXPECT_EQ(pace.left(), seconds(30));
}

TEST(PaceTest, AByteNowAndThenIsNotEnough) {
  Pace pace(seconds(30), 1000);
  pace.note(seconds(25), 1);
  EXPECT_EQ(pace.left() / seconds(1), 5);
  pace.note(seconds(5), 1);
  EXPECT_EQ(pace.left() / seconds(1), 0);
  pace.note(seconds(5), 1);
  EXPECT_EQ(pace.left(), seconds(0));
}

TEST(PaceTest, WhoMovesEnoughMayGoOn) {
  Pace pace(seconds(30), 1000);
  for (int i = 0; i < 1000; ++i) pace.note(seconds(25), 25'000);
  EXPECT_EQ(pace.left(), seconds(30));
}

}  // namespace
}  // namespace daybook::http
