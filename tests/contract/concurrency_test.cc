// Many writers and readers at once: every question sees whole batches, every change is there once,
// positions have no gaps, conditions let one of two through.
#include <atomic>
#include <thread>

#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

constexpr int kWriters = 8;
constexpr int kBatches = 25;
constexpr int kRows = 5;

class ConcurrencyTest : public StoreTest {
 protected:
  // Runs `write` in kWriters threads and `read` in two until all have written.
  static void race(const std::function<void(int)>& write, const std::function<void()>& read) {
    std::atomic<int> writing = kWriters;
    std::vector<std::thread> threads;
    for (int w = 0; w < kWriters; ++w) {
      threads.emplace_back([&, w] {
        write(w);
        --writing;
      });
    }
    for (int r = 0; r < 2; ++r) {
      threads.emplace_back([&] {
        do {
          read();
        } while (writing > 0);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

  // A batch of kRows visits that share a number.
  static Batch visits(int number) {
    std::vector<Operation> operations;
    for (int i = 0; i < kRows; ++i) {
      operations.push_back(insert(
          "shop/visits", R"({"page":"/","batch":)" + std::to_string(number) + R"(,"millis":1.0})"));
    }
    return atomic(std::move(operations));
  }
};
DAYBOOK_FOR_ALL_STORES(ConcurrencyTest);

TEST_P(ConcurrencyTest, QuestionsSeeWholeBatchesOnly) {
  const auto summary =
      summary_of("shop/visits", {.by = {"batch"}, .of = {{"n", "count()"}, {"s", "sum(millis)"}}});
  std::atomic<std::size_t> most = 0;
  race(
      [&](int writer) {
        for (int i = 0; i < kBatches; ++i) {
          EXPECT_TRUE(store().apply(visits(writer * kBatches + i)).ok());
        }
      },
      [&] {
        const std::size_t at_least = most;
        const auto groups = store().summarize(summary);
        ASSERT_TRUE(groups.ok()) << say(groups);
        for (const Group& group : groups->groups) {
          EXPECT_EQ(group.measures[0], Value(kRows));
          EXPECT_EQ(group.measures[1], Value(double{kRows}));
        }
        EXPECT_GE(groups->groups.size(), at_least) << "a committed batch is not seen any more";
        std::size_t seen = most;
        while (seen < groups->groups.size() &&
               !most.compare_exchange_weak(seen, groups->groups.size())) {
        }
        const auto rows = rows_of(store(), scan_of("shop/visits"));
        ASSERT_TRUE(rows.ok());
        EXPECT_EQ(rows->size() % kRows, 0u);
      });
  EXPECT_EQ(rows_of(store(), scan_of("shop/visits"))->size(),
            std::size_t{kWriters * kBatches * kRows});
}

TEST_P(ConcurrencyTest, TheFeedHasEveryChangeOnceAndNoGaps) {
  std::atomic<Position> newest = 0;
  race(
      [&](int writer) {
        for (int i = 0; i < kBatches; ++i) {
          const auto committed = store().apply(visits(writer * kBatches + i));
          ASSERT_TRUE(committed.ok());
          EXPECT_EQ(committed->last, committed->first + kRows - 1);
          const auto row = store().feed(*shop().find("shop"), committed->last - 1, 1);
          ASSERT_TRUE(row.ok());
          ASSERT_EQ(row->changes.size(), 1u) << "what was acknowledged is not in the feed";
        }
      },
      [&] {
        const Position after = newest;
        const auto changes = store().feed(*shop().find("shop"), after, 1000);
        ASSERT_TRUE(changes.ok());
        Position expected = after;
        for (const Change& change : changes->changes) EXPECT_EQ(change.position, ++expected);
        EXPECT_EQ(changes->next, expected);
        const auto waited = store().wait(*shop().find("shop"), after, std::chrono::milliseconds(1));
        ASSERT_TRUE(waited.ok());
        EXPECT_GE(*waited, after);
        Position seen = after;
        newest.compare_exchange_strong(seen, changes->next);
      });
  EXPECT_EQ(store().feed(*shop().find("shop"), 0, 1'000'000)->next,
            Position{kWriters * kBatches * kRows});
}

TEST_P(ConcurrencyTest, ConditionsLetOneOfTwoThrough) {
  keep(each({insert("shop/customers", R"({"id":"c","email":"a@b.example","version":0})")}));
  std::atomic<int> counted = 0;
  race(
      [&](int) {
        for (int i = 0; i < kBatches; ++i) {
          const auto row = find_one(store(), "shop/customers", "c");
          const auto version = row->values[8].get<std::int64_t>();
          const auto committed = store().apply(
              each({only_if(equals("shop/customers", "version", version),
                            update("shop/customers", "c",
                                   R"({"version":)" + std::to_string(version + 1) + "}"))}));
          ASSERT_TRUE(committed.ok());
          if (committed->verdicts.front().kind == Verdict::Kind::kStored) ++counted;
        }
      },
      [] { std::this_thread::yield(); });
  EXPECT_GE(counted, kBatches);
  EXPECT_EQ(find_one(store(), "shop/customers", "c")->values[8], Value(int{counted}));
}

TEST_P(ConcurrencyTest, OfManyWithOneKeyOneWins) {
  std::atomic<int> stored = 0;
  race(
      [&](int writer) {
        for (int i = 0; i < kBatches; ++i) {
          const std::string id = std::to_string(writer) + "-" + std::to_string(i);
          const auto committed = store().apply(
              atomic({insert("shop/visits", R"({"id":"v)" + id + R"(","page":"/"})"),
                      insert("shop/customers", R"({"id":"c)" + id + R"(","email":"only)" +
                                                   std::to_string(i) + R"(@b.example"})")}));
          ASSERT_TRUE(committed.ok());
          if (committed->applied) ++stored;
        }
      },
      [] { std::this_thread::yield(); });
  EXPECT_EQ(stored, kBatches);
  EXPECT_EQ(rows_of(store(), scan_of("shop/visits"))->size(), std::size_t{kBatches});
}

TEST_P(ConcurrencyTest, ChangesExpiryAndErasureMeanwhile) {
  Erasure erasure;
  erasure.collection = &collection("shop/orders");
  erasure.filter = where("shop/orders", "customer = 'gone'");
  Expiry expiry;
  expiry.collection = &collection("shop/visits");
  expiry.now = noon();
  race(
      [&](int writer) {
        for (int i = 0; i < kBatches; ++i) {
          const std::string id = std::to_string(writer) + "-" + std::to_string(i);
          const std::string order = R"({"id":"o)" + id + R"(","customer":")";
          EXPECT_TRUE(store()
                          .apply(atomic(
                              {insert("shop/orders", order + (i % 5 == 0 ? "gone\"}" : "here\"}")),
                               insert("shop/visits", R"({"id":"v)" + id + R"(","page":"/"})"),
                               update("shop/orders", "o" + id, R"({"status":"packed"})")}))
                          .ok());
          if (i % 10 == 9) {
            EXPECT_TRUE(store().erase(erasure).ok());
          }
          if (i % 10 == 4) {
            EXPECT_TRUE(store().expire(expiry).ok());
          }
        }
      },
      [&] {
        const auto rows = rows_of(store(), scan_of("shop/orders"));
        ASSERT_TRUE(rows.ok());
        for (const Row& row : *rows) {
          EXPECT_EQ(row.values[*collection("shop/orders").find_field("status")], Value("packed"));
        }
      });
  ASSERT_TRUE(store().erase(erasure).ok());
  EXPECT_EQ(ids_of(store(), scan_of("shop/orders", {.where = "customer = 'gone'"})), "");
  EXPECT_EQ(rows_of(store(), scan_of("shop/orders"))->size(),
            std::size_t{kWriters * kBatches * 4 / 5});
  EXPECT_TRUE(store().verify()->empty());
}

}  // namespace

}  // namespace daybook::contract
