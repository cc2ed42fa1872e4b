#include "engine/throttle.h"

#include <gtest/gtest.h>

#include "engine/sign_in_throttle.h"

namespace daybook {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const Instant kStart = *parse_instant("2026-03-10T12:00:00Z");

TEST(ThrottleTest, FillsUpAgain) {
  Throttle throttle({2, minutes(1)});
  throttle.take("a", kStart);
  EXPECT_FALSE(throttle.wait("a", kStart));
  throttle.take("a", kStart);
  EXPECT_EQ(throttle.wait("a", kStart), minutes(1));
  EXPECT_EQ(throttle.wait("a", kStart + seconds(45)), seconds(15));
  EXPECT_FALSE(throttle.wait("a", kStart + minutes(1)));
  EXPECT_FALSE(throttle.wait("b", kStart));
  throttle.clear("a");
  EXPECT_FALSE(throttle.wait("a", kStart));
}

TEST(ThrottleTest, TriesThatWereNotThereEndSomeTime) {
  Throttle throttle({2, minutes(1)});
  for (int i = 0; i < 1000; ++i) throttle.take("a", kStart);
  EXPECT_FALSE(throttle.wait("a", kStart + minutes(7)));
}

// How many of so many tries were let through.
int tries(SignInThrottle& throttle, const std::string& account, const std::string& address, int n,
          Instant now) {
  int through = 0;
  for (int i = 0; i < n; ++i) through += throttle.take(account, address, now) ? 0 : 1;
  return through;
}

TEST(SignInThrottleTest, AnAccountIsTriedFiveTimesFromOnePlace) {
  SignInThrottle throttle;
  EXPECT_EQ(tries(throttle, "ann", "192.0.2.1", 20, kStart), 5);
  EXPECT_EQ(tries(throttle, "ann", "192.0.2.1", 20, kStart + minutes(1)), 1);
}

TEST(SignInThrottleTest, OnePlaceTriesManyAccountsOnlyForAWhile) {
  SignInThrottle throttle;
  int through = 0;
  for (int i = 0; i < 100; ++i) {
    through += tries(throttle, "account" + std::to_string(i), "2001:db8::1", 1, kStart);
    through += tries(throttle, "account" + std::to_string(i), "2001:db8::ffff:2", 1, kStart);
  }
  EXPECT_EQ(through, 30);
}

TEST(SignInThrottleTest, NobodyLocksOutWhoHasSignedInFromHisPlace) {
  SignInThrottle throttle;
  EXPECT_EQ(tries(throttle, "ann", "198.51.100.7", 1, kStart), 1);
  throttle.succeeded("ann", "198.51.100.7", kStart);
  int through = 0;
  for (int i = 0; i < 200; ++i) {
    through += tries(throttle, "ann", "203.0.113." + std::to_string(i), 1, kStart);
  }
  EXPECT_EQ(through, 50) << "from all strange places together";
  EXPECT_EQ(tries(throttle, "ann", "198.51.100.7", 1, kStart), 1) << "the person himself";
}

TEST(SignInThrottleTest, TheRightPasswordIsNoTry) {
  SignInThrottle throttle;
  for (int i = 0; i < 100; ++i) {
    ASSERT_FALSE(throttle.take("ann", "192.0.2.1", kStart));
    throttle.succeeded("ann", "192.0.2.1", kStart);
  }
}

TEST(SignInThrottleTest, ATryThatWasNoneCostsNothing) {
  SignInThrottle throttle;
  for (int i = 0; i < 100; ++i) {
    ASSERT_FALSE(throttle.take("ann", "192.0.2.1", kStart));
    throttle.give_back("ann", "192.0.2.1", kStart);
  }
  EXPECT_EQ(tries(throttle, "ann", "192.0.2.1", 100, kStart), 5);
}

TEST(SignInThrottleTest, RegistrationsAreOfAPlaceAlone) {
  SignInThrottle throttle;
  int through = 0;
  for (int i = 0; i < 100; ++i) through += throttle.take_registration("192.0.2.1", kStart) ? 0 : 1;
  EXPECT_EQ(through, 30);
  EXPECT_FALSE(throttle.take_registration("198.51.100.7", kStart)) << "another place";
  EXPECT_EQ(tries(throttle, "ann", "192.0.2.1", 1, kStart), 1) << "who has an account there";
  EXPECT_FALSE(throttle.take_registration("192.0.2.1", kStart + std::chrono::seconds(10)));
}

TEST(NetworkTest, IsWhatOnePersonHas) {
  EXPECT_EQ(network_of("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(network_of("2001:db8:1:2:3:4:5:6"), network_of("2001:db8:1:2:ffff::1"));
  EXPECT_NE(network_of("2001:db8:1:2:3:4:5:6"), network_of("2001:db8:1:3:3:4:5:6"));
  EXPECT_EQ(network_of("2001:db8::1"), network_of("2001:db8::2"));
  EXPECT_EQ(network_of("1::2:3:4:5:6:7"), network_of("1:0:2:3::1"));
  EXPECT_EQ(network_of("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_NE(network_of("::ffff:192.0.2.1"), network_of("::ffff:192.0.2.2"));
  EXPECT_EQ(network_of("unknown"), "unknown");
}

}  // namespace
}  // namespace daybook
