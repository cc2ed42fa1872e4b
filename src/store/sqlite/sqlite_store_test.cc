// The store as a whole. I8: memory is bounded from the start on; I10: no question outlives its
// time, and the log is bounded, and emptied when nothing is written.
#include "store/sqlite/sqlite_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <random>
#include <string>
#include <thread>

#include "base/hash.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/schema.h"

namespace daybook::sqlite {
namespace {

constexpr const char* kVisits = R"(
kind = "journal"
about = "Somebody looked at a page."
time = "at"
[fields]
at    = { type = "time", default = "now" }
page  = { type = "text", facet = true }
state = { type = "choice", of = ["new", "seen"], default = "new" }
[changes]
state = "any"
[[rollups]]
by = ["page"]
)";

constexpr const char* kNotes = R"(
kind = "journal"
about = "Somebody wrote something."
time = "at"
keep = "30d"
[fields]
at   = { type = "time", default = "now" }
text = { type = "text" }
[text]
language = "english"
fields   = { text = 1 }
)";

// 2100-01-01T00:00:00Z
const Instant kFuture = from_micros(4'102'444'800'000'000);

constexpr auto kPatience = std::chrono::seconds(30);

// Text that does not pack well.
std::string noise(std::size_t bytes) {
  std::mt19937 random(static_cast<std::uint32_t>(bytes));
  std::string text(bytes, ' ');
  for (char& letter : text) letter = static_cast<char>('0' + random() % 64);
  return text;
}

class SqliteStoreTest : public testing::Test {
 protected:
  SqliteStoreTest()
      : catalog_(
            *Catalog::load({{"shop/application.toml", "application.toml", "about = \"A shop.\""},
                            {"shop/notes.toml", "notes.toml", kNotes},
                            {"shop/visits.toml", "visits.toml", kVisits}},
                           [](const std::string&) { return std::nullopt; })),
        visits_(**catalog_.collection("shop/visits")),
        directory_(testing::TempDir() + "daybook-" + std::to_string(random64())) {}
  ~SqliteStoreTest() override { std::filesystem::remove_all(directory_); }

  std::unique_ptr<Store> open(Options options = {}) {
    auto store = open_store(directory_, options);
    EXPECT_TRUE(store.ok()) << store.error().message();
    const auto prepared = (*store)->prepare(catalog_);
    EXPECT_TRUE(prepared.ok()) << prepared.error().message();
    return std::move(*store);
  }

  Operation insert(int i, const std::string& page = "/") const {
    Operation operation;
    operation.collection = &visits_;
    operation.row.values = {Value(from_micros(i)), Value(page), Value("new")};
    operation.row.id = "visit-" + std::to_string(i);
    return operation;
  }
  // In the partition of a day that is not over.
  Operation insert_at(int day, int row) const {
    Operation operation = insert(1000 * day + row);
    operation.row.values[0] = Value(kFuture + std::chrono::hours(24 * day) + Duration(row));
    return operation;
  }
  Operation seen(int i) const {
    Operation operation;
    operation.collection = &visits_;
    operation.verb = Verb::kUpdate;
    operation.id = "visit-" + std::to_string(i);
    operation.assignments = {{2, Value("seen")}};
    return operation;
  }
  Batch batch(std::vector<Operation> operations) const {
    Batch made;
    made.application = catalog_.find("shop");
    made.operations = std::move(operations);
    return made;
  }
  std::uintmax_t log_bytes() const {
    return std::filesystem::file_size(directory_ + "/daybook.db-wal");
  }
  std::string all(Store& store) const {
    Scan scan;
    scan.collection = &visits_;
    scan.order = {{{{0, ""}, false}}};
    scan.limit = 100'000;
    std::string text;
    const auto cost = store.scan(scan, [&](Row&& row) {
      text += row.id.substr(6) + (row.values[2] == Value("seen") ? "+ " : " ");
      return true;
    });
    EXPECT_TRUE(cost.ok()) << cost.error().message();
    return text;
  }

  const Catalog catalog_;
  const Collection& visits_;
  const std::string directory_;
};

TEST_F(SqliteStoreTest, ADirectoryHasOneOwner) {
  const auto store = open();
  const auto second = open_store(directory_, {});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code(), Code::kUnavailable);
  EXPECT_NE(second.error().message().find("is held by process"), std::string::npos)
      << second.error().message();
}

TEST_F(SqliteStoreTest, FilesAreForTheirOwner) {
  std::filesystem::create_directory(directory_);  // with the rights that anything has
  const auto store = open();
  ASSERT_TRUE(store->apply(batch({insert(1)}))->applied);
  for (const auto& file : std::filesystem::directory_iterator(directory_)) {
    const auto others = file.status().permissions() & std::filesystem::perms(0077);
    EXPECT_EQ(others, std::filesystem::perms::none) << file.path();
  }
}

TEST_F(SqliteStoreTest, AFileThatIsNoDatabaseIsNamed) {
  std::filesystem::create_directories(directory_);
  std::ofstream(directory_ + "/daybook.db") << std::string(8192, 'x');
  const auto store = open_store(directory_, {});
  ASSERT_FALSE(store.ok());
  EXPECT_NE(store.error().message().find("cannot open the store"), std::string::npos);
}

TEST_F(SqliteStoreTest, AFileFromBeforeAColumnWasThereGetsIt) {
  open();
  {
    auto db = Connection::open(database_path(directory_), "", Connection::Access::kReadWrite);
    ASSERT_TRUE(db.ok() && db->run("ALTER TABLE buried DROP COLUMN tenant").ok());
  }
  const auto store = open();
  Operation remove = seen(1);
  remove.verb = Verb::kDelete;
  const auto committed = store->apply(batch({insert(1), remove}));
  ASSERT_TRUE(committed.ok()) << committed.error().message();
  EXPECT_EQ(all(*store), "");
}

TEST_F(SqliteStoreTest, SealedChangedAndReopenedRowsAreTheSameRows) {
  Options options;
  options.block_rows = 4;
  options.background = false;
  std::string expected;
  {
    const auto store = open(options);
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(store->apply(batch({insert(i)}))->applied);
    for (int i = 0; i < 20; i += 3) ASSERT_TRUE(store->apply(batch({seen(i)}))->applied);
    for (int i = 0; i < 20; ++i) {
      expected += std::to_string(i) + (i % 3 == 0 ? "+ " : " ");
    }
    EXPECT_EQ(all(*store), expected);
    EXPECT_GT(store->space()->collections.at("shop/visits").blocks, 2u);
    EXPECT_TRUE(store->verify()->empty());
  }
  const auto store = open(options);
  EXPECT_EQ(all(*store), expected);
  EXPECT_EQ(store->space()->collections.at("shop/visits").rows, 20u);
}

TEST_F(SqliteStoreTest, OneCommitIsSeenWholeWhileOthersWriteAndSeal) {
  Options options;
  options.block_rows = 16;
  const auto store = open(options);
  // Each batch inserts two rows of one page, so a question at any moment finds an even number.
  std::thread writer([&] {
    for (int i = 0; i < 400; i += 2) {
      EXPECT_TRUE(store->apply(batch({insert(i), insert(i + 1)}))->applied);
      if (i % 20 == 0) {
        EXPECT_TRUE(store->apply(batch({seen(i), seen(i + 1)}))->applied);
      }
    }
  });
  for (int i = 0; i < 200; ++i) {
    const std::string rows = all(*store);
    EXPECT_EQ(std::ranges::count(rows, ' ') % 2, 0);
    EXPECT_EQ(std::ranges::count(rows, '+') % 2, 0);
  }
  writer.join();
  EXPECT_EQ(std::ranges::count(all(*store), ' '), 400);
}

TEST_F(SqliteStoreTest, TheBoundOfMemoryHoldsFromTheStartOn) {
  constexpr int kPartitions = 20;
  Options options;
  options.background = false;
  {
    const auto store = open(options);
    for (int i = 0; i < kPartitions; ++i) {
      std::vector<Operation> operations;
      for (int row = 0; row < 50; ++row) operations.push_back(insert_at(i, row));
      ASSERT_TRUE(store->apply(batch(std::move(operations)))->applied);
    }
    EXPECT_EQ(store->space()->collections.at("shop/visits").blocks, 0u);
  }
  options.open_bytes = 64 << 10;
  const auto store = open(options);
  // What a commit brings about is done before the next one.
  for (int row = 50; row < 52; ++row) {
    ASSERT_TRUE(store->apply(batch({insert_at(0, row)}))->applied);
  }
  EXPECT_GT(store->space()->collections.at("shop/visits").blocks, kPartitions / 2u);
  EXPECT_EQ(store->space()->collections.at("shop/visits").rows, kPartitions * 50u + 2);
}

// Holds the background as soon as it has encoded something.
class HeldBackground final : public Observer {
 public:
  void at(Moment moment) override {
    if (moment == Moment::kEncoded) released_.wait();
  }
  void release() { release_.set_value(); }

 private:
  std::promise<void> release_;
  std::shared_future<void> released_ = release_.get_future().share();
};

TEST_F(SqliteStoreTest, I8_TheWriterSealsWhatTheBackgroundCannot) {
  HeldBackground held;
  Options options;
  options.open_bytes = 64 << 10;
  options.quiet = std::chrono::hours(1);
  options.observer = &held;
  const auto store = open(options);
  for (int i = 0; i < 20; ++i) {
    std::vector<Operation> operations;
    for (int row = 0; row < 50; ++row) operations.push_back(insert_at(i, row));
    EXPECT_TRUE(store->apply(batch(std::move(operations)))->applied);
  }
  // What a commit brings about is done before the next one.
  EXPECT_TRUE(store->apply(batch({insert_at(0, 50)}))->applied);
  EXPECT_GT(store->space()->collections.at("shop/visits").blocks, 5u);
  held.release();
}

class CommitCounter final : public Observer {
 public:
  void at(Moment moment) override {
    if (moment == Moment::kCommitted) ++commits;
  }
  std::atomic<int> commits = 0;
};

TEST_F(SqliteStoreTest, I8_ABackfillSealsManySmallBlocksAtOnce) {
  constexpr int kDays = 60;
  constexpr int kBatches = 200;
  CommitCounter counter;
  Options options;
  options.open_bytes = 4 << 20;
  options.quiet = std::chrono::hours(1);
  options.background = false;
  options.observer = &counter;
  const auto store = open(options);
  for (int row = 0; row < kBatches; ++row) {
    std::vector<Operation> operations;
    for (int day = 0; day < kDays; ++day) {
      operations.push_back(insert_at(day, row));
      operations.back().row.values[1] = Value(noise(200) + operations.back().row.id);
    }
    EXPECT_TRUE(store->apply(batch(std::move(operations)))->applied);
  }
  const auto space = store->space()->collections.at("shop/visits");
  std::cout << counter.commits << " commits, " << space.blocks << " blocks\n";
  EXPECT_GT(space.blocks, 30u);
  EXPECT_LT(counter.commits, kBatches + static_cast<int>(space.blocks) / 4);
  EXPECT_EQ(space.rows, std::uint64_t{kDays} * kBatches);
}

// Writes over two bytes in the middle of a value.
void damage(const std::string& directory, const std::string& table, const std::string& column,
            const std::string& where) {
  auto db = Connection::open(database_path(directory), "", Connection::Access::kReadWrite);
  ASSERT_TRUE(db.ok());
  const std::string half = "length(" + column + ") / 2";
  const auto done =
      db->run("UPDATE " + table + " SET " + column + " = CAST(substr(" + column + ", 1, " + half +
              ") || x'ff01' || substr(" + column + ", " + half + " + 3) AS BLOB) WHERE " + where);
  EXPECT_TRUE(done.ok()) << done.error().message();
  EXPECT_GT(db->changed(), 0U);
}

TEST_F(SqliteStoreTest, DamageNamesTheBlockAndWhoseItIs) {
  Options options;
  options.block_rows = 4;
  options.background = false;
  {
    const auto store = open(options);
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(store->apply(batch({insert(i)}))->applied);
  }
  damage(directory_, "block_part", "data", "id = (1 << 14) + 1");
  {
    const auto store = open(options);
    Scan scan;
    scan.collection = &visits_;
    scan.order = {{{{0, ""}, false}}};
    scan.limit = 100;
    const auto cost = store->scan(scan, [](Row&&) { return true; });
    ASSERT_FALSE(cost.ok());
    EXPECT_NE(cost.error().message().find("shop/visits, block 1, column 1 (page): "),
              std::string::npos)
        << cost.error().message();
  }
  damage(directory_, "block", "header", "true");
  damage(directory_, "frame", "data", "true");
  const auto store = open_store(directory_, options);
  ASSERT_TRUE(store.ok());
  const auto prepared = (*store)->prepare(catalog_);
  ASSERT_FALSE(prepared.ok());
  for (const char* named : {"shop/visits, partition 1 from 1970-01-01T00:00:00Z, block 1: ",
                            "shop/visits, partition 1 from 1970-01-01T00:00:00Z, block 2: ",
                            "shop/visits, partition 1 from 1970-01-01T00:00:00Z, frame "}) {
    EXPECT_NE(prepared.error().message().find(named), std::string::npos)
        << prepared.error().message();
  }
}

TEST_F(SqliteStoreTest, BlocksAreMergedAndTheirDeadRowsGo) {
  Options options;
  options.block_rows = 32;
  options.quiet = Duration(0);
  options.background = false;
  const auto store = open(options);
  std::string expected;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(store->apply(batch({insert(i)}))->applied);
    expected += std::to_string(i) + "+ ";
  }
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(store->apply(batch({seen(i)}))->applied);
  EXPECT_EQ(all(*store), expected);
  ASSERT_TRUE(store->apply(batch({insert(100)}))->applied);  // what came before is done by now
  const CollectionSpace space = store->space()->collections.at("shop/visits");
  EXPECT_EQ(space.rows, 101u);
  EXPECT_LE(space.blocks, 8u) << "each commit made a block";
  Scan scan;
  scan.collection = &visits_;
  scan.order = {{{{0, ""}, false}}};
  scan.limit = 1000;
  const auto cost = store->scan(scan, [](Row&&) { return true; });
  ASSERT_TRUE(cost.ok());
  EXPECT_LE(cost->rows, 2 * 101u) << "a question looks at more dead rows than living ones";
  EXPECT_TRUE(store->verify()->empty());
}

TEST_F(SqliteStoreTest, SpaceSaysWhatBlocksAreMadeOf) {
  Options options;
  options.block_rows = 64;
  options.quiet = Duration(0);
  options.background = false;
  const auto store = open(options);
  EXPECT_TRUE(store->space(SpaceDetail::kParts)->parts.empty()) << "nothing is sealed yet";
  std::vector<Operation> operations;
  for (int i = 0; i < 100; ++i) operations.push_back(insert(i, i < 50 ? "/a" : "/b"));
  ASSERT_TRUE(store->apply(batch(std::move(operations)))->applied);
  ASSERT_TRUE(store->apply(batch({}))->applied);  // what came before is done by now
  const auto space = store->space(SpaceDetail::kParts);
  ASSERT_TRUE(space.ok());
  std::string parts;
  std::uint64_t bytes = 0;
  for (const PartSpace& part : space->parts) {
    parts += part.part + " " + part.of + ":";
    if (!part.encoding.empty()) parts += " " + part.encoding;
    parts += "\n";
    bytes += part.bytes;
    EXPECT_EQ(part.collection, "shop/visits");
    EXPECT_EQ(part.rows, 100u);
  }
  EXPECT_EQ(parts, R"(column at: numbers, equal steps
column page: texts, 2 different, codes 1 byte each
column state: texts, 1 different, codes constant
column (id): UUIDs, halves equal steps and constant, 100 other texts
column (sequence): numbers, equal steps
postings (id):
rollup by_page, 1m:
rollup by_page, 15m:
rollup by_page, 1h:
rollup by_page, 1d:
)");
  EXPECT_EQ(bytes, space->collections.at("shop/visits").bytes);
  EXPECT_TRUE(store->space()->parts.empty()) << "nobody asked";
}

TEST_F(SqliteStoreTest, AnIndexIsBuiltWhenEveryBlockHasItsList) {
  const Catalog indexed =
      *Catalog::load({{"shop/application.toml", "application.toml", "about = \"A shop.\""},
                      {"shop/visits.toml", "visits.toml",
                       std::string(kVisits) + "[[indexes]]\non = [\"page\", \"at\"]\n"}},
                     [](const std::string&) { return std::nullopt; });
  Options options;
  options.block_rows = 64;
  options.background = false;
  const auto state = [&](Store& store) {
    const auto states = store.indexes();
    return states.ok() && states->size() == 1
               ? (*states)[0].definition + ((*states)[0].is_built ? ": built" : ": not built")
               : std::string("not one index");
  };
  {
    const auto store = open(options);
    std::vector<Operation> operations;
    for (int i = 0; i < 100; ++i) operations.push_back(insert(i));
    ASSERT_TRUE(store->apply(batch(std::move(operations)))->applied);
    ASSERT_TRUE(store->apply(batch({}))->applied);  // what came before is done by now
  }
  {
    auto store = open_store(directory_, options);
    ASSERT_TRUE((*store)->prepare(indexed).ok());
    EXPECT_EQ(state(**store), "page, at: not built");
  }
  auto fresh = open_store(directory_ + "/fresh", options);
  ASSERT_TRUE((*fresh)->prepare(indexed).ok());
  EXPECT_EQ(state(**fresh), "page, at: built");
}

// I9: also of rows that no block holds yet, which leave nothing but free pages behind.
TEST_F(SqliteStoreTest, I9_RowsThatExpireUnsealedLeaveTheFile) {
  Options options;
  options.background = false;
  const auto store = open(options);
  const Collection& notes = **catalog_.collection("shop/notes");
  std::vector<Operation> operations;
  for (int i = 0; i < 200; ++i) {
    Operation operation = insert(i);
    operation.collection = &notes;
    operation.row.values = {Value(kFuture), Value("canary " + noise(500))};
    operations.push_back(std::move(operation));
  }
  ASSERT_TRUE(store->apply(batch(std::move(operations)))->applied);
  ASSERT_TRUE(store->apply(batch({}))->applied);  // nothing is free, and that was seen
  Expiry expiry;
  expiry.collection = &notes;
  expiry.now = kFuture + std::chrono::hours(24 * 31);
  ASSERT_EQ(store->expire(expiry)->rows, 200U);
  ASSERT_TRUE(store->apply(batch({}))->applied);
  EXPECT_EQ(store->space()->free_bytes, 0U);
}

// Who writes does not wait for it.
TEST_F(SqliteStoreTest, AnExpiryOfNothingTakesNoTurnOfTheWriters) {
  const Catalog kept = *Catalog::load(
      {{"shop/application.toml", "application.toml", "about = \"A shop.\""},
       {"shop/orders.toml", "orders.toml",
        "kind = \"journal\"\ntime = \"at\"\nkeep = \"30d\"\n[fields]\nat = { type = \"time\", "
        "default = \"now\" }\n"
        "page = { type = \"text\", facet = true }\n[[rollups]]\nby = [\"page\"]\nkeep = \"60d\"\n"},
       {"shop/carts.toml", "carts.toml",
        "kind = \"register\"\nkeep = { at = \"until\" }\n[fields]\nuntil = { type = \"time\", "
        "required = true }\n"}},
      [](const std::string&) { return std::nullopt; });
  CommitCounter counter;
  Options options;
  options.background = false;
  options.changes_kept = std::chrono::hours(24 * 365 * 200);
  options.observer = &counter;
  const auto store = *open_store(directory_, options);
  ASSERT_TRUE(store->prepare(kept).ok());
  Operation order = insert(0);
  order.collection = *kept.collection("shop/orders");
  order.row.values = {Value(kFuture), Value("/")};
  Operation cart = insert(1);
  cart.collection = *kept.collection("shop/carts");
  cart.row.values = {Value(kFuture + std::chrono::hours(24 * 30))};
  Batch both = batch({order, cart});
  both.application = kept.find("shop");
  ASSERT_TRUE(store->apply(both)->applied);

  const auto commits_of_expiry = [&](int days) {
    const int before = counter.commits;
    for (const Collection* collection : {order.collection, cart.collection}) {
      Expiry expiry;
      expiry.collection = collection;
      expiry.now = kFuture + std::chrono::hours(24 * days);
      EXPECT_TRUE(store->expire(expiry).ok());
    }
    return counter.commits - before;
  };
  EXPECT_EQ(commits_of_expiry(1), 0) << "nothing is past its keep";
  EXPECT_EQ(commits_of_expiry(32), 2) << "the rows of both";
  EXPECT_EQ(commits_of_expiry(32), 0) << "they are gone";
  EXPECT_EQ(commits_of_expiry(62), 1) << "the sums of the journal's";
  EXPECT_EQ(commits_of_expiry(62), 0) << "they are gone too";
}

TEST_F(SqliteStoreTest, I8_WhatASearchReadsOfTheWordsIsCounted) {
  Options options;
  options.block_rows = 64;
  options.background = false;
  const auto store = open(options);
  const Collection& notes = **catalog_.collection("shop/notes");
  std::vector<Operation> operations;
  for (int i = 0; i < 100; ++i) {
    Operation operation = insert(i);
    operation.collection = &notes;
    operation.row.values = {Value(from_micros(i)), Value("somebody wrote " + std::to_string(i))};
    operations.push_back(std::move(operation));
  }
  ASSERT_TRUE(store->apply(batch(std::move(operations)))->applied);
  ASSERT_TRUE(store->apply(batch({}))->applied);  // what came before is done by now

  Search search;
  search.collection = &notes;
  search.text = *parse_text_query("wrote -somebody", "english");
  search.now = from_micros(100);
  const auto hits = store->search(search);
  ASSERT_TRUE(hits.ok()) << hits.error().message();
  EXPECT_TRUE(hits->hits.empty());
  search.budget.bytes = 100;
  const auto bounded = store->search(search);
  ASSERT_FALSE(bounded.ok()) << "no row was held, but the words of a block were";
  EXPECT_EQ(bounded.error().code(), Code::kTooLarge);
}

TEST_F(SqliteStoreTest, I10_AQuestionBeyondItsTimeEnds) {
  const auto store = open();
  for (int i = 0; i < 10; ++i) {
    std::vector<Operation> operations;
    for (int row = 0; row < 1000; ++row) operations.push_back(insert(1000 * i + row));
    ASSERT_TRUE(store->apply(batch(std::move(operations)))->applied);
  }
  Scan scan;
  scan.collection = &visits_;
  scan.order = {{{{0, ""}, false}}};
  scan.limit = 100'000;
  scan.budget.time = Duration(1);
  const auto cost = store->scan(scan, [](Row&&) { return true; });
  ASSERT_FALSE(cost.ok());
  EXPECT_EQ(cost.error().code(), Code::kTooSlow);
}

// Lets the first who has a snapshot keep it until it is told otherwise.
class HeldSnapshot final : public Observer {
 public:
  void at(Moment moment) override {
    if (moment != Moment::kSnapshotTaken || is_held_.exchange(true)) return;
    taken_.set_value();
    release_.get_future().wait();
  }
  void wait_until_taken() { taken_.get_future().wait(); }
  void release() { release_.set_value(); }

 private:
  std::atomic<bool> is_held_ = false;
  std::promise<void> taken_, release_;
};

TEST_F(SqliteStoreTest, I10_WaitingForOthersIsPartOfAQuestionsTime) {
  HeldSnapshot held;
  Options options;
  options.readers = 1;
  options.background = false;
  options.observer = &held;
  const auto store = open(options);
  ASSERT_TRUE(store->apply(batch({insert(1)}))->applied);
  auto first = std::async(std::launch::async, [&] { return all(*store); });
  held.wait_until_taken();
  Scan scan;
  scan.collection = &visits_;
  scan.order = {{{{0, ""}, false}}};
  scan.limit = 1;
  scan.budget.time = std::chrono::milliseconds(20);
  const auto late = store->scan(scan, [](Row&&) { return true; });
  scan.budget.time = kPatience;
  scan.budget.is_cancelled = [] { return true; };
  const auto cancelled = store->scan(scan, [](Row&&) { return true; });
  held.release();
  EXPECT_EQ(first.get(), "1 ");
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code(), Code::kTooSlow);
  ASSERT_FALSE(cancelled.ok());
  EXPECT_EQ(cancelled.error().code(), Code::kTooSlow);
}

TEST_F(SqliteStoreTest, I10_TheLogIsEmptiedWhenNothingIsWritten) {
  Options options;
  options.quiet = std::chrono::milliseconds(1);
  const auto store = open(options);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(store->apply(batch({insert(i)}))->applied);
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (log_bytes() > 0 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  EXPECT_EQ(log_bytes(), 0u);
  EXPECT_EQ(std::ranges::count(all(*store), ' '), 20);
}

TEST_F(SqliteStoreTest, I10_TheLogIsBoundedWhileRowsComeIn) {
  constexpr std::size_t kMegabyte = 1u << 20;
  Options options;
  options.durability = Durability::kRelaxed;  // a disk that is waited for shows nothing more
  options.open_bytes = 256 * kMegabyte;       // a block would be one large commit
  const auto store = open(options);
  for (int i = 0; i < 48; ++i) {
    ASSERT_TRUE(store->apply(batch({insert(i, noise(kMegabyte))}))->applied);
    ASSERT_LT(log_bytes(), 20 * kMegabyte) << "after " << i << " rows of a megabyte";
  }
}

TEST_F(SqliteStoreTest, ABackupOpensAsAStore) {
  const std::string copy = directory_ + "-copy";
  std::string expected;
  {
    const auto store = open();
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(store->apply(batch({insert(i)}))->applied);
    expected = all(*store);
    ASSERT_TRUE(store->backup(copy).ok());
    EXPECT_FALSE(store->backup(copy).ok()) << "a backup was written over";
  }
  {
    auto restored = open_store(copy, {});
    ASSERT_TRUE(restored.ok());
    ASSERT_TRUE((*restored)->prepare(catalog_).ok());
    EXPECT_EQ(all(**restored), expected);
  }
  std::filesystem::remove_all(copy);
}

TEST_F(SqliteStoreTest, NoFileHoldsWhatWasErased) {
  const std::string canary = "canary-in-a-coal-mine";
  Options options;
  options.block_rows = 8;
  options.background = false;
  const auto store = open(options);
  for (int i = 0; i < 20; ++i) {
    const auto page = i % 5 == 0 ? canary : std::string("/");
    ASSERT_TRUE(store->apply(batch({insert(i, page)}))->applied);
  }
  // Dead versions of the subject's rows are bytes too.
  ASSERT_TRUE(store->apply(batch({seen(0), seen(15)}))->applied);
  Erasure erasure;
  erasure.collection = &visits_;
  erasure.filter = equals({1, ""}, canary);
  const auto removed = store->erase(erasure);
  ASSERT_TRUE(removed.ok()) << removed.error().message();
  EXPECT_EQ(removed->rows, 4u);
  for (const auto& file : std::filesystem::directory_iterator(directory_)) {
    std::ifstream in(file.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    EXPECT_EQ(bytes.find(canary), std::string::npos) << file.path();
  }
  EXPECT_EQ(std::ranges::count(all(*store), ' '), 16);
}

}  // namespace
}  // namespace daybook::sqlite
