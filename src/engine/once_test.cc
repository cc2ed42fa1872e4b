#include "engine/once.h"

#include <gtest/gtest.h>

#include "engine/engine.h"
#include "store/memory/memory_store.h"
#include "tests/contract/shop.h"

namespace daybook {
namespace {

class OnceTest : public testing::Test {
 protected:
  OnceTest() { EXPECT_TRUE(store_->prepare(contract::shop()).ok()); }

  Result<Once> begin(const std::string& key, const std::string& fingerprint) {
    return Once::begin(engine_, {key, fingerprint, std::chrono::hours(24)});
  }
  // Runs a request that answers "first".
  void run(const std::string& key, const std::string& fingerprint) {
    const auto once = begin(key, fingerprint);
    ASSERT_TRUE(once.ok());
    Batch batch;
    batch.application = contract::shop().find("shop");
    batch.at = engine_.now();
    batch.once = once->record(engine_.now(), [](const Committed&) { return "first"; });
    ASSERT_TRUE(store_->apply(batch).ok());
  }

  ManualClock clock_{*parse_instant("2026-03-10T12:00:00Z")};
  std::unique_ptr<Store> store_ = make_memory_store();
  Engine engine_{contract::shop(), *store_, clock_};
};

TEST_F(OnceTest, ARepeatGetsTheFirstAnswer) {
  run("k", "body");
  const auto again = begin("k", "body");
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->kept(), "first");
}

TEST_F(OnceTest, ANewKeyHasNoAnswer) {
  run("k", "body");
  const auto other = begin("other", "body");
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(other->kept(), std::nullopt);
}

TEST_F(OnceTest, AnotherBodyIsRefused) {
  run("k", "body");
  const auto other = begin("k", "other body");
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code(), Code::kInvalid);
}

TEST_F(OnceTest, WhileTheFirstRunsTheSecondIsAConflict) {
  {
    const auto first = begin("k", "body");
    ASSERT_TRUE(first.ok());
    const auto second = begin("k", "body");
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code(), Code::kConflict);
  }
  EXPECT_TRUE(begin("k", "body").ok());
}

TEST_F(OnceTest, AnAnswerIsForgottenInTime) {
  run("k", "body");
  clock_.advance(std::chrono::hours(24));
  const auto later = begin("k", "other body");
  ASSERT_TRUE(later.ok());
  EXPECT_EQ(later->kept(), std::nullopt);
}

}  // namespace
}  // namespace daybook
