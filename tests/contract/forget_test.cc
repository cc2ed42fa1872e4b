// I9: what was erased, or has expired, is in no file of the store any more. Every place that can
// hold a word of a row is given one, and every file is searched for it. I7: words live in their
// block and die with it.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <thread>

#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

class ForgetTest : public StoreTest {
 protected:
  // The files that hold a text.
  std::string files_with(std::string_view text) const {
    std::string names;
    for (const auto& file : std::filesystem::recursive_directory_iterator(place_)) {
      if (!file.is_regular_file()) continue;
      std::ifstream in(file.path(), std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(in)), {});
      if (bytes.find(text) != std::string::npos) names += file.path().filename().string() + " ";
    }
    return names;
  }
  // Until nothing that reads holds the old log.
  void erase(std::string_view name, std::string_view filter) {
    Erasure erasure;
    erasure.collection = &collection(name);
    erasure.filter = where(name, filter);
    while (true) {
      const auto removed = store().erase(erasure);
      ASSERT_TRUE(removed.ok()) << say(removed.error());
      if (removed->is_scrubbed) return;
    }
  }
  // Each in a commit of its own, so that frames are small and kept as they are.
  void fill(int first, int end) {
    for (int i = first; i < end; ++i) {
      const std::string n = std::to_string(i);
      keep(each({insert("shop/orders",
                        R"({"id":"plain)" + n + R"(","placed_at":"2026-03-09T08:00:00Z",)" +
                            R"("customer":"somebody","note":"words )" + n + "\"}")}));
    }
  }
};
DAYBOOK_FOR_DURABLE_STORES(ForgetTest);

// Text that does not pack, so that a block holds it as it is.
std::string noise(int seed) {
  constexpr std::string_view kLetters =
      "!#$%&'()*+,-./"
      "0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~";
  std::mt19937 random(static_cast<std::uint32_t>(seed));
  std::string text;
  while (text.size() < 200) text += kLetters[random() % kLetters.size()];
  return text;
}

TEST_P(ForgetTest, I9_NoFileHoldsWhatWasErased) {
  fill(0, 40);
  keep(each({insert("shop/orders", R"({"id":"canary-1","placed_at":"2026-03-09T08:00:00Z",
                 "customer":"canary-subject","note":"canary note","title":"Canaryword",
                 "details":{"canary":1},"tags":["canary-tag"],"x-canary":true})"),
             insert("shop/orders", R"({"id":"canary-2","placed_at":"2026-03-09T09:00:00Z",
                 "customer":"canary-subject"})"),
             insert("shop/customers", R"({"id":"canary-c","email":"canary@b.example",
                 "labels":["canary-label"],"name":"Canary Person","login":{"card":"canary-card"}})")}));
  fill(40, 80);
  keep(each({update("shop/orders", "canary-1", R"({"note":"another canary"})"),
             update("shop/customers", "canary-c", R"({"notes":"canary notes"})"),
             remove("shop/orders", "canary-2")}));
  Batch batch = each({insert("shop/visits", R"({"page":"/"})")});
  batch.once = Batch::Once{"key", "print", R"({"ids":["canary-1"]})",
                           noon() + std::chrono::hours(1), nullptr};
  keep(batch);
  fill(80, 120);
  keep(each({update("shop/orders", "canary-1", R"({"note":"third canary"})")}));
  ASSERT_NE(files_with("anary"), "") << "the search finds nothing, so it shows nothing";

  erase("shop/orders", "customer = 'canary-subject'");
  erase("shop/customers", "email = 'canary@b.example'");
  EXPECT_EQ(files_with("anary"), "");
  EXPECT_EQ(files_with("canari"), "") << "a stem in an index of words";
  const auto changes = store().feed(*shop().find("shop"), 0, 1000);
  ASSERT_TRUE(changes.ok());
  for (const Change& change : changes->changes) {
    EXPECT_EQ(change.id.find("canary"), std::string::npos);
  }
  EXPECT_EQ(rows_of(store(), scan_of("shop/orders"))->size(), 120u);
  reopen();
  EXPECT_EQ(files_with("anary"), "");
  EXPECT_TRUE(store().verify()->empty());
}

TEST_P(ForgetTest, I9_IdsOfRowsThatWereDeletedLongBeforeGoToo) {
  keep(each({insert("shop/orders", R"({"id":"canary-9","placed_at":"2026-03-09T08:00:00Z",
                                       "customer":"canary-subject"})")}));
  keep(each({remove("shop/orders", "canary-9")}));
  fill(0, 200);  // seals the deleted row away
  ASSERT_NE(files_with("canary-9"), "");
  erase("shop/orders", "customer = 'canary-subject'");
  EXPECT_EQ(files_with("canary-9"), "");
  EXPECT_EQ(apply(each({insert("shop/orders", R"({"id":"canary-9",
                "placed_at":"2026-03-09T08:00:00Z","customer":"canary-subject"})")})),
            "[0..202] same")
      << "a repeat is still known, by its hash";
}

TEST_P(ForgetTest, I9_WhatExpiredBeforeGoesToo) {
  std::vector<Operation> visits;
  for (int i = 0; i < 100; ++i) {
    visits.push_back(insert(
        "shop/visits", R"({"seen_at":"2026-03-09T10:00:00Z","page":"canary )" + noise(i) + "\"}"));
  }
  keep(each(std::move(visits)));
  ASSERT_NE(files_with("canary"), "");
  Expiry expiry;
  expiry.collection = &collection("shop/visits");
  expiry.now = noon();
  EXPECT_EQ(store().expire(expiry)->rows, 100u);
  erase("shop/orders", "customer = 'somebody'");
  EXPECT_EQ(files_with("canary"), "");
}

TEST_P(ForgetTest, I7_WordsOfAPartitionGoWithIt) {
  for (int i = 0; i < 100; ++i) {
    keep(each({insert("shop/visits", R"({"seen_at":"2026-03-09T10:00:00Z","page":"canary )" +
                                         std::to_string(i) + "\"}")}));
  }
  ASSERT_NE(files_with("canary"), "");
  Expiry expiry;
  expiry.collection = &collection("shop/visits");
  expiry.now = noon();
  EXPECT_EQ(store().expire(expiry)->rows, 100u);
  // A store without a background frees what has gone when a batch comes by.
  keep(each({insert("shop/visits", R"({"page":"/"})")}));
  while (store().space()->free_bytes > 0) std::this_thread::yield();
  // A closed store has no log.
  store_.reset();
  EXPECT_EQ(files_with("canary"), "");
}

}  // namespace

}  // namespace daybook::contract
