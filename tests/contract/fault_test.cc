// I1: an answer of success comes after the sync of what it acknowledges. The embedded store on a
// disk that forgets, fills up, fails to sync and dies.
// DAYBOOK_FAULT_ROUNDS plays longer.
#include <algorithm>
#include <cstdlib>
#include <random>

#include "store/sqlite/sqlite_store.h"
#include "tests/contract/fault_vfs.h"
#include "tests/contract/numbered.h"
#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

constexpr int kRounds = 40;

int rounds() {
  const char* given = std::getenv("DAYBOOK_FAULT_ROUNDS");
  return given == nullptr ? kRounds : std::atoi(given);
}

class FaultTest : public testing::Test {
 protected:
  // The store, or nothing when the disk failed it.
  Result<std::unique_ptr<Store>> try_open() {
    sqlite::Options options;
    options.vfs = vfs_.name();
    options.block_rows = 64;
    options.readers = 2;
    DAYBOOK_ASSIGN(auto store, sqlite::open_store(directory_.path() + "/store", options));
    DAYBOOK_TRY(store->prepare(shop()));
    return store;
  }
  void open() {
    store_.reset();
    auto opened = try_open();
    ASSERT_TRUE(opened.ok()) << say(opened.error());
    store_ = std::move(*opened);
  }
  // Ingests numbers until one fails or so many are acknowledged.
  void ingest(int most) {
    for (int i = 0; i < most; ++i) {
      const int number = next_++;
      const auto committed = store_->apply(numbered_batch(number));
      if (!committed.ok()) return;
      acknowledged_[number] = committed->first;
    }
  }
  std::string damage() { return find_damage(*store_, acknowledged_); }
  FaultDisk& disk() { return vfs_.disk(); }

  Directory directory_;
  FaultVfs vfs_;  // outlives the store
  std::unique_ptr<Store> store_;
  Acknowledged acknowledged_;
  int next_ = 0;
};

TEST_F(FaultTest, WhatWasAcknowledgedOutlivesAPowerCut) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < rounds(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    ASSERT_NO_FATAL_FAILURE(open());
    ASSERT_EQ(damage(), "");
    disk().cut_power(1 + random() % 120);
    ingest(1000);
    EXPECT_FALSE(disk().has_power());
    store_.reset();
    disk().restart(round % 2 == 0 ? 0 : random());
  }
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_EQ(damage(), "");
  EXPECT_GT(acknowledged_.size(), 0u);
}

TEST_F(FaultTest, ItMayDieAtAnyCallOfItsBirth) {
  for (std::uint64_t n = 1, step = 1; n < 100'000; n += step, step += n / 40) {
    SCOPED_TRACE("call " + std::to_string(n));
    Directory fresh;
    FaultVfs vfs;
    sqlite::Options options;
    options.vfs = vfs.name();
    const auto birth = [&]() -> Result<void> {
      DAYBOOK_ASSIGN(auto store, sqlite::open_store(fresh.path() + "/store", options));
      return store->prepare(shop());
    };
    vfs.disk().cut_power(n);
    static_cast<void>(birth());
    const bool was_cut = !vfs.disk().has_power();
    vfs.disk().restart(n);
    const auto born = birth();
    ASSERT_TRUE(born.ok()) << say(born.error());
    if (!was_cut) return;
  }
  FAIL() << "preparing a store never ends";
}

TEST_F(FaultTest, RelaxedDurabilityLosesTheNewestAndNothingElse) {
  std::size_t lost = 0;
  for (int round = 1; round < 6; ++round) {
    Directory fresh;
    FaultVfs vfs;
    sqlite::Options options;
    options.vfs = vfs.name();
    options.durability = sqlite::Durability::kRelaxed;
    const auto reopen = [&] {
      auto store = sqlite::open_store(fresh.path() + "/store", options);
      EXPECT_TRUE(store.ok() && (*store)->prepare(shop()).ok());
      store_ = std::move(*store);
    };
    reopen();
    Acknowledged acknowledged;
    for (int number = 0; number < 30; ++number) {
      const auto committed = store_->apply(numbered_batch(number));
      ASSERT_TRUE(committed.ok());
      acknowledged[number] = committed->first;
    }
    vfs.disk().cut_power();
    EXPECT_FALSE(store_->apply(numbered_batch(30)).ok());
    store_.reset();
    vfs.disk().restart(static_cast<std::uint64_t>(round));
    reopen();
    EXPECT_EQ(find_damage(*store_, {}), "");
    lost += find_damage(*store_, acknowledged).size();
    store_.reset();
  }
  EXPECT_GT(lost, 0u) << "the disk forgets nothing, so these tests show nothing";
}

TEST_F(FaultTest, AFullDiskRefusesWritesAndAnswersQuestions) {
  ASSERT_NO_FATAL_FAILURE(open());
  ingest(20);
  disk().fill_up(3);
  Result<Committed> refused = Committed();
  for (int i = 0; i < 50 && refused.ok(); ++i) {
    const int number = next_++;
    refused = store_->apply(numbered_batch(number));
    if (refused.ok()) acknowledged_[number] = refused->first;
  }
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), Code::kUnavailable);
  EXPECT_NE(refused.error().message().find("full"), std::string::npos) << say(refused);
  EXPECT_FALSE(store_->health().is_writable);
  EXPECT_NE(store_->health().reason.find("full"), std::string::npos) << store_->health().reason;
  EXPECT_EQ(damage(), "");
  EXPECT_EQ(store_->apply(numbered_batch(next_++)).error().code(), Code::kUnavailable);
  EXPECT_EQ(damage(), "");

  disk().make_room();
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_TRUE(store_->health().is_writable);
  const std::size_t before = acknowledged_.size();
  ingest(20);
  EXPECT_EQ(acknowledged_.size(), before + 20);
  EXPECT_EQ(damage(), "");
}

TEST_F(FaultTest, ADiskThatFillsUpAtAnyWriteTearsNothing) {
  for (int round = 0; round < rounds(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    ASSERT_NO_FATAL_FAILURE(open());
    disk().fill_up(static_cast<std::uint64_t>(1 + round));
    ingest(100);
    EXPECT_EQ(damage(), "") << "while it is full";
    disk().make_room();
    ASSERT_NO_FATAL_FAILURE(open());
    EXPECT_EQ(damage(), "");
  }
}

TEST_F(FaultTest, AfterAFailedSyncNothingIsWrittenUntilItIsOpenedAgain) {
  for (int round = 0; round < rounds() / 4; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    ASSERT_NO_FATAL_FAILURE(open());
    ingest(5);
    disk().fail_sync(static_cast<std::uint64_t>(1 + round % 3));
    Result<Committed> failed = Committed();
    for (int i = 0; i < 200 && failed.ok(); ++i) {
      const int number = next_++;
      failed = store_->apply(numbered_batch(number));
      if (failed.ok()) acknowledged_[number] = failed->first;
    }
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().code(), Code::kUnavailable);
    EXPECT_NE(failed.error().message().find("unknown"), std::string::npos) << say(failed);
    EXPECT_FALSE(store_->health().is_writable);
    EXPECT_FALSE(store_->health().reason.empty());
    EXPECT_EQ(store_->apply(numbered_batch(next_++)).error().code(), Code::kUnavailable);
    EXPECT_TRUE(rows_of(*store_, scan_of("shop/orders")).ok());
    // The power goes as well: what the failed sync was to make safe is lost.
    disk().cut_power();
    store_.reset();
    disk().restart(round % 2 == 0 ? 0 : static_cast<std::uint64_t>(round));
    ASSERT_NO_FATAL_FAILURE(open());
    EXPECT_TRUE(store_->health().is_writable);
    EXPECT_EQ(damage(), "");
  }
}

}  // namespace

}  // namespace daybook::contract
