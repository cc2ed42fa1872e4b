// I3: a question sees one commit. The life of a partition (rows, a change, a seal, changes while it
// is encoded and after, blocks written anew, expiry) is played with real threads, each held at the
// moments where it meets the others.
#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "store/sqlite/sqlite_store.h"
#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

using sqlite::Moment;

// Readers are held by name; threads of the store itself have none.
thread_local std::string name_of_thread;

class Gates final : public sqlite::Observer {
 public:
  using Gate = std::pair<std::string, Moment>;

  void close(const Gate& gate) {
    const std::lock_guard lock(mutex_);
    closed_.insert(gate);
  }
  void open(const Gate& gate) {
    const std::lock_guard lock(mutex_);
    closed_.erase(gate);
    waiting_.erase(gate);
    changed_.notify_all();
  }
  // Blocks until a thread is held there.
  void await(const Gate& gate) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_.contains(gate); });
  }
  void at(Moment moment) override {
    const Gate gate{name_of_thread, moment};
    std::unique_lock lock(mutex_);
    if (!closed_.contains(gate)) return;
    waiting_.insert(gate);
    changed_.notify_all();
    changed_.wait(lock, [&] { return !closed_.contains(gate); });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<Gate> closed_, waiting_;
};

const Gates::Gate kWriterCommitted{"", Moment::kCommitted};
const Gates::Gate kEncoded{"", Moment::kEncoded};

constexpr int kRows = 1000;

class TimelineTest : public testing::Test {
 protected:
  TimelineTest() {
    sqlite::Options options;
    options.block_rows = kRows + 10;
    options.readers = 12;  // all of them are held at once
    options.observer = &gates_;
    auto store = sqlite::open_store(directory_.path() + "/store", options);
    EXPECT_TRUE(store.ok() && (*store)->prepare(shop()).ok());
    store_ = std::move(*store);
  }

  void keep(std::vector<Operation> operations) {
    const auto committed = store_->apply(atomic(std::move(operations)));
    ASSERT_TRUE(committed.ok() && committed->applied) << say(committed);
  }
  static std::vector<Operation> rows(int first, int end) {
    std::vector<Operation> operations;
    for (int i = first; i < end; ++i) {
      operations.push_back(insert("shop/orders", R"({"id":"o)" + std::to_string(i) +
                                                     R"(","placed_at":"2026-03-09T08:00:00Z",)" +
                                                     R"("customer":"x","note":"first"})"));
    }
    return operations;
  }
  static Operation change(int row, const std::string& note) {
    return update("shop/orders", "o" + std::to_string(row), R"({"note":")" + note + R"("})");
  }

  // "1010 rows, o7 second, o8 first", as a scan, a summary and a feed of one instant each say.
  std::string seen() {
    const auto all = rows_of(*store_, scan_of("shop/orders"));
    if (!all.ok()) return say(all.error());
    std::string text = std::to_string(all->size()) + " rows";
    const std::size_t note = *collection("shop/orders").find_field("note");
    for (const std::string id : {"o7", "o8"}) {
      for (const Row& row : *all) {
        if (row.id == id) text += ", " + id + " " + row.values[note].get<std::string>();
      }
    }
    return text;
  }
  // A reader that is held at a moment; what it will have seen.
  std::future<std::string> reader(const std::string& name, Moment held_at) {
    gates_.close({name, held_at});
    auto answer = std::async(std::launch::async, [this, name] {
      name_of_thread = name;
      return seen();
    });
    gates_.await({name, held_at});
    return answer;
  }
  std::uint64_t blocks() { return store_->space()->collections.at("shop/orders").blocks; }
  // The store's own thread does what it was held from; until it can be seen.
  void until_blocks_are(std::uint64_t n) {
    while (blocks() != n) std::this_thread::yield();
  }

  Directory directory_;
  Gates gates_;
  std::unique_ptr<Store> store_;
};

TEST_F(TimelineTest, I3_EveryReaderSeesTheInstantItBeganAt) {
  keep(rows(1, kRows + 1));
  auto reader_1 = reader("1", Moment::kSnapshotBegun);

  // The block is full: it is frozen, and encoded while row 8 changes.
  gates_.close(kEncoded);
  auto more = rows(kRows + 1, kRows + 11);
  more.push_back(change(7, "second"));
  keep(std::move(more));
  gates_.await(kEncoded);
  auto reader_2 = reader("2", Moment::kSnapshotTaken);
  keep({change(8, "second")});
  auto reader_3 = reader("3", Moment::kSnapshotBegun);
  EXPECT_EQ(seen(), "1010 rows, o7 second, o8 second");
  gates_.open(kEncoded);
  until_blocks_are(1);
  EXPECT_EQ(seen(), "1010 rows, o7 second, o8 second");

  // Many rows change, so that the block is written anew; meanwhile row 7 changes once more.
  auto reader_4 = reader("4", Moment::kSnapshotBegun);
  gates_.close(kEncoded);
  std::vector<Operation> changes;
  for (int row = 100; row < 400; ++row) changes.push_back(change(row, "second"));
  keep(std::move(changes));
  gates_.await(kEncoded);
  keep({change(7, "third")});
  auto reader_5 = reader("5", Moment::kSnapshotBegun);
  gates_.close(kWriterCommitted);
  gates_.open(kEncoded);
  gates_.await(kWriterCommitted);
  auto reader_6 = reader("6", Moment::kSnapshotBegun);
  gates_.open(kWriterCommitted);
  EXPECT_EQ(seen(), "1010 rows, o7 third, o8 second");

  Expiry expiry;
  expiry.collection = &collection("shop/orders");
  expiry.now = at("2026-05-01T00:00:00Z");
  ASSERT_EQ(store_->expire(expiry)->rows, 1010u);
  EXPECT_EQ(seen(), "0 rows");

  for (const std::string name : {"1", "2", "3", "4", "5", "6"}) {
    gates_.open({name, Moment::kSnapshotBegun});
    gates_.open({name, Moment::kSnapshotTaken});
  }
  EXPECT_EQ(reader_1.get(), "1000 rows, o7 first, o8 first");
  EXPECT_EQ(reader_2.get(), "1010 rows, o7 second, o8 first");
  EXPECT_EQ(reader_3.get(), "1010 rows, o7 second, o8 second");
  EXPECT_EQ(reader_4.get(), "1010 rows, o7 second, o8 second");
  EXPECT_EQ(reader_5.get(), "1010 rows, o7 third, o8 second");
  EXPECT_EQ(reader_6.get(), "1010 rows, o7 third, o8 second");
}

TEST_F(TimelineTest, I3_ACommitThatIsNotPublishedYetIsWaitedFor) {
  keep(rows(1, 11));
  gates_.close(kWriterCommitted);
  std::thread writer([&] { keep({change(7, "second")}); });
  gates_.await(kWriterCommitted);
  auto early = reader("early", Moment::kSnapshotBegun);
  gates_.open({"early", Moment::kSnapshotBegun});
  gates_.open(kWriterCommitted);
  EXPECT_EQ(early.get(), "10 rows, o7 second, o8 first");
  writer.join();
}

TEST_F(TimelineTest, AReaderThatComesTooLateForItsViewTakesAnother) {
  keep(rows(1, 11));
  auto late = reader("late", Moment::kSnapshotBegun);
  for (int i = 0; i < 100; ++i) keep({change(7, std::to_string(i))});
  gates_.open({"late", Moment::kSnapshotBegun});
  EXPECT_EQ(late.get(), "10 rows, o7 99, o8 first");
}

TEST_F(TimelineTest, RowsComeInWhileAnExpiryLooksForItsOwn) {
  keep(rows(1, kRows + 11));
  until_blocks_are(1);
  Expiry expiry;
  expiry.collection = &collection("shop/orders");
  expiry.now = noon();
  expiry.tenants = {{"main", std::chrono::hours(1)}};  // whose all of these rows are
  const Gates::Gate sweep{"sweep", Moment::kLookedForExpired};
  const auto begin = [&](Expiry::Mode mode) {
    expiry.mode = mode;
    gates_.close(sweep);
    auto removed = std::async(std::launch::async, [this, expiry] {
      name_of_thread = "sweep";
      return store_->expire(expiry)->rows;
    });
    gates_.await(sweep);
    return removed;
  };

  auto preview = begin(Expiry::Mode::kPreview);
  keep(rows(kRows + 11, kRows + 12));
  gates_.open(sweep);
  EXPECT_EQ(preview.get(), 1010u);

  // Row 7 has another version by the time it is removed, row 9 is gone, and row 1012 was not there.
  auto removed = begin(Expiry::Mode::kRemove);
  keep({change(7, "second"), remove("shop/orders", "o9")});
  keep(rows(kRows + 12, kRows + 13));
  EXPECT_EQ(seen(), "1011 rows, o7 second, o8 first");
  gates_.open(sweep);
  EXPECT_EQ(removed.get(), 1011u);
  EXPECT_EQ(seen(), "0 rows");
  Summary summary = summary_of("shop/orders", {.of = {{"n", "count()"}}}, {.now = noon()});
  summary.window = between("2026-03-09T00:00:00Z", "2026-03-10T00:00:00Z");
  EXPECT_EQ(store_->summarize(summary)->groups[0].measures[0], Value(1011));
}

}  // namespace

}  // namespace daybook::contract
