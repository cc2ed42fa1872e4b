#include "store/sqlite/view.h"

#include <gtest/gtest.h>

#include <chrono>

#include <thread>

namespace daybook::sqlite {
namespace {

const auto kSoon = std::chrono::steady_clock::time_point::max();

std::shared_ptr<const View> view(Commit commit) {
  auto made = std::make_shared<View>();
  made->commit = commit;
  return made;
}

TEST(Views, OnlyTheNewestIsKeptWhenNobodyTakesASnapshot) {
  Views views;
  std::weak_ptr<const View> first;
  {
    const auto made = view(1);
    first = made;
    views.publish(made);
  }
  EXPECT_FALSE(first.expired());
  views.publish(view(2));
  EXPECT_TRUE(first.expired()) << "an old View keeps its open blocks in memory";
  EXPECT_EQ(views.at(2, kSoon)->commit, 2u);
}

TEST(Views, ThoseThatASnapshotMayHaveSeenAreKeptUntilItHasItsOwn) {
  Views views;
  for (Commit commit = 1; commit <= 3; ++commit) views.publish(view(commit));
  {
    const Views::Entry entry(views);
    views.publish(view(4));
    views.publish(view(5));
    EXPECT_EQ(views.at(2, kSoon), nullptr);
    EXPECT_EQ(views.at(3, kSoon)->commit, 3u);
    EXPECT_EQ(views.at(4, kSoon)->commit, 4u);
  }
  EXPECT_EQ(views.at(3, kSoon), nullptr);
  EXPECT_EQ(views.at(5, kSoon)->commit, 5u);
}

TEST(Views, AStalledReaderHoldsABoundedNumber) {
  Views views;
  views.publish(view(1));
  const Views::Entry entry(views);
  for (Commit commit = 2; commit <= 1000; ++commit) views.publish(view(commit));
  EXPECT_EQ(views.at(1, kSoon), nullptr);
  EXPECT_EQ(views.at(800, kSoon), nullptr);
  EXPECT_EQ(views.at(1000, kSoon)->commit, 1000u);
}

TEST(Views, AReaderWaitsForAViewThatIsAboutToBePublished) {
  Views views;
  views.publish(view(1));
  std::thread writer([&] { views.publish(view(2)); });
  const Views::Entry entry(views);
  EXPECT_EQ(views.at(2, kSoon)->commit, 2u);
  writer.join();
}

}  // namespace
}  // namespace daybook::sqlite
