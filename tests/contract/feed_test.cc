// I4: positions and the feed. Each change of an application takes the next number, in commit order
// and without gaps, and can be read again from any of them.
#include <thread>

#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

class FeedTest : public StoreTest {
 protected:
  std::string feed(Position after, std::size_t limit = 100, std::string_view application = "shop") {
    return say(store().feed(*shop().find(application), after, limit));
  }
  Position wait(Position after, Duration at_most) {
    const auto position = store().wait(*shop().find("shop"), after, at_most);
    EXPECT_TRUE(position.ok());
    return position.ok() ? *position : 0;
  }
};
DAYBOOK_FOR_ALL_STORES(FeedTest);

constexpr auto kFirst = R"({"id":"s1","token":"a","ends_at":"2026-03-11T00:00:00Z"})";
constexpr auto kSecond = R"({"id":"s2","token":"b","ends_at":"2026-03-11T00:00:00Z"})";

TEST_P(FeedTest, BeforeAnythingThereIsNothing) {
  EXPECT_EQ(feed(0), "next 0\n");
  EXPECT_EQ(wait(0, Duration(0)), 0u);
}

TEST_P(FeedTest, EveryChangeIsThereOnceAndInOrder) {
  keep(each({insert("shop/sessions", kFirst), insert("shop/sessions", kSecond)}));
  keep(each({update("shop/sessions", "s1", R"({"hits":1})")}));
  keep(each({remove("shop/sessions", "s2")}));
  EXPECT_EQ(feed(0),
            "1 insert sessions s1 {id=s1, token=\"a\", ends_at=2026-03-11T00:00:00Z, hits=1}\n"
            "2 insert sessions s2\n"
            "3 update sessions s1 {id=s1, token=\"a\", ends_at=2026-03-11T00:00:00Z, hits=1}\n"
            "4 delete sessions s2\n"
            "next 4\n");
  EXPECT_EQ(feed(3), "4 delete sessions s2\nnext 4\n");
  EXPECT_EQ(feed(4), "next 4\n");
}

TEST_P(FeedTest, ALimitEndsAPage) {
  keep(each({insert("shop/sessions", kFirst), insert("shop/sessions", kSecond),
             remove("shop/sessions", "s1"), remove("shop/sessions", "s2")}));
  EXPECT_EQ(feed(0, 1), "1 insert sessions s1\nnext 1\n");
  EXPECT_EQ(feed(1, 2), "2 insert sessions s2\n3 delete sessions s1\nnext 3\n");
  EXPECT_EQ(feed(3, 2), "4 delete sessions s2\nnext 4\n");
}

TEST_P(FeedTest, JournalsAndRegistersShareTheNumbers) {
  keep(
      atomic({insert("shop/orders", R"({"id":"o1","customer":"x"})"),
              insert("shop/sessions", kFirst), insert("shop/visits", R"({"id":"v1","page":"/"})"),
              update("shop/orders", "o1", R"({"status":"packed"})"), remove("shop/visits", "v1")}));
  const auto changes = store().feed(*shop().find("shop"), 0, 100);
  ASSERT_TRUE(changes.ok());
  std::string text;
  for (const Change& change : changes->changes) {
    text += std::to_string(change.position) + " " + std::string(verb_name(change.verb)) + " " +
            change.collection->name + " " + change.id + (change.row ? " there\n" : " gone\n");
  }
  EXPECT_EQ(text,
            "1 insert orders o1 there\n2 insert sessions s1 there\n3 insert visits v1 gone\n"
            "4 update orders o1 there\n5 delete visits v1 gone\n");
}

TEST_P(FeedTest, ApplicationsCountOnTheirOwn) {
  keep(each({insert("shop/sessions", kFirst)}));
  EXPECT_EQ(
      apply(each({insert("lab/samples", R"({"id":"x","at":"2026-03-10T12:00:00Z","probe":"p"})")})),
      "[1..1] stored");
  EXPECT_EQ(feed(0, 10, "lab"),
            "1 insert samples x {id=x, at=2026-03-10T12:00:00Z, probe=\"p\"}\nnext 1\n");
}

TEST_P(FeedTest, WhatChangesNothingTakesNoNumber) {
  keep(each({insert("shop/sessions", kFirst)}));
  EXPECT_EQ(
      apply(each({insert("shop/sessions", kFirst), update("shop/sessions", "s1", R"({"hits":0})"),
                  remove("shop/sessions", "none")})),
      "[0..1] same, unchanged, missing: there is no row with this id");
  EXPECT_EQ(apply(atomic({insert("shop/sessions", kSecond), remove("shop/sessions", "none")})),
            "refused [0..1] stored, missing: there is no row with this id");
  keep(each({insert("shop/sessions", kSecond)}));
  EXPECT_EQ(wait(0, Duration(0)), 2u);
}

TEST_P(FeedTest, WaitEndsWithTheCommit) {
  Position seen = 0;
  std::thread waiter([&] { seen = wait(0, std::chrono::seconds(60)); });
  keep(each({insert("shop/sessions", kFirst)}));
  waiter.join();
  EXPECT_EQ(seen, 1u);
  EXPECT_EQ(wait(0, std::chrono::seconds(60)), 1u);
}

TEST_P(FeedTest, WaitEndsWithItsTime) {
  keep(each({insert("shop/sessions", kFirst)}));
  EXPECT_EQ(wait(1, std::chrono::milliseconds(5)), 1u);
}

TEST_P(FeedTest, LongFeedsAreReadInPages) {
  for (int batch = 0; batch < 20; ++batch) {
    std::vector<Operation> operations;
    for (int i = 0; i < 37; ++i) operations.push_back(insert("shop/visits", R"({"page":"/"})"));
    keep(each(std::move(operations)));
  }
  Position after = 0;
  for (Position expected = 1; expected <= 740;) {
    const auto changes = store().feed(*shop().find("shop"), after, 50);
    ASSERT_TRUE(changes.ok());
    ASSERT_FALSE(changes->changes.empty());
    for (const Change& change : changes->changes) {
      EXPECT_EQ(change.position, expected++);
      EXPECT_TRUE(change.row);
    }
    after = changes->next;
  }
  EXPECT_EQ(feed(after), "next 740\n");
}

}  // namespace

}  // namespace daybook::contract
