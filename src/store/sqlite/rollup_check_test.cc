// I5: stored sums are those of the rows, whatever happens to the rows while they are made and
// after.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "query/rollup_cells.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/sqlite_store.h"

namespace daybook::sqlite {
namespace {

constexpr const char* kVisits = R"(
kind = "journal"
about = "Somebody looked at a page."
time = "at"
keep = "2d"
[fields]
at     = { type = "time", default = "now" }
page   = { type = "text", facet = true }
millis = { type = "int", measure = true, facet = true }
[changes]
page = "any"
[[rollups]]
by       = ["page"]
measures = ["millis"]
)";

// Does something once, the next time that rows were summed and the sums not written yet.
class BetweenSums final : public Observer {
 public:
  void at(Moment moment) override {
    if (moment != Moment::kSummed) return;
    const auto happening = take();
    if (!happening) return;
    happening();
    is_over_ = true;
  }
  void next(std::function<void()> happening) {
    const std::lock_guard lock(mutex_);
    happening_ = std::move(happening);
  }
  bool is_over() const { return is_over_; }

 private:
  std::function<void()> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(happening_, nullptr);
  }

  std::mutex mutex_;
  std::function<void()> happening_;
  std::atomic<bool> is_over_ = false;
};

class RollupCheckTest : public testing::Test {
 protected:
  explicit RollupCheckTest(const std::string& visits = kVisits)
      : catalog_(
            *Catalog::load({{"shop/application.toml", "application.toml", "about = \"A shop.\""},
                            {"shop/visits.toml", "visits.toml", visits}},
                           [](const std::string&) { return std::nullopt; })),
        visits_(**catalog_.collection("shop/visits")),
        directory_(testing::TempDir() + "daybook-" + std::to_string(random64())) {}
  ~RollupCheckTest() override { std::filesystem::remove_all(directory_); }

  // Upkeep comes by between commits, and finds nothing quiet unless a test says so.
  std::unique_ptr<Store> open(Duration quiet = std::chrono::hours(1)) {
    Options options;
    options.background = false;
    options.quiet = quiet;
    return open(options);
  }
  std::unique_ptr<Store> open(Options options) {
    options.block_rows = 32;
    auto store = open_store(directory_, options);
    EXPECT_TRUE(store.ok()) << store.error().message();
    EXPECT_TRUE((*store)->prepare(catalog_).ok());
    return std::move(*store);
  }

  // Three days of 64 visits each, within an hour.
  void fill(Duration quiet = std::chrono::hours(1)) {
    const auto store = open(quiet);
    std::vector<Operation> visits;
    for (int i = 0; i < 192; ++i) {
      const Instant at = Instant() + std::chrono::hours(24 * (i / 64)) + std::chrono::seconds(i);
      visits.push_back(visit(i, at));
      if (visits.size() == 8) keep(*store, std::exchange(visits, {}));
    }
  }

  Operation visit(int number, Instant at) const {
    Operation operation;
    operation.collection = &visits_;
    operation.row.values = {Value(at), Value(number % 2 == 0 ? "/a" : "/b"),
                            Value(std::int64_t{number})};
    operation.row.id = "visit-" + std::to_string(number);
    return operation;
  }
  Operation of_visit(int number, Verb verb) const {
    Operation operation;
    operation.collection = &visits_;
    operation.verb = verb;
    operation.id = "visit-" + std::to_string(number);
    return operation;
  }

  void keep(Store& store, std::vector<Operation> operations) const {
    Batch batch;
    batch.application = catalog_.find("shop");
    batch.operations = std::move(operations);
    const auto committed = store.apply(batch);
    ASSERT_TRUE(committed.ok() && committed->applied);
  }

  // The periods that were done, or the first difference.
  std::string check(Store& store, RollupCheck::Mode mode = RollupCheck::Mode::kVerify) {
    RollupCheck check{&visits_, mode, std::nullopt};
    while (true) {
      const auto rolled = store.check_rollups(check);
      if (!rolled.ok()) return rolled.error().message();
      if (!rolled->difference.empty()) return rolled->difference;
      if (!rolled->period) return std::to_string(rolled->done) + " good";
      check.after = rolled->period;
    }
  }

  // Visits of the first day, as its rollup counts them after they have expired.
  std::int64_t counted(Store& store, Filter filter = {}) const {
    Summary summary;
    summary.collection = &visits_;
    summary.filter = std::move(filter);
    summary.measures = {*bind_measure(visits_, "n", *parse_expression("count()"), {})};
    summary.window = Window{Instant(), Instant() + std::chrono::hours(24), Zone()};
    summary.now = Instant() + std::chrono::hours(24 * 3 + 1);
    const auto groups = store.summarize(summary);
    EXPECT_TRUE(groups.ok() && groups->groups.size() == 1);
    return groups->groups[0].measures[0].get<std::int64_t>();
  }

  void run(const std::string& sql) {
    auto db = Connection::open(database_path(directory_), "", Connection::Access::kReadWrite);
    ASSERT_TRUE(db.ok());
    const auto done = db->run(sql);
    EXPECT_TRUE(done.ok()) << done.error().message();
    EXPECT_GT(db->changed(), 0U);
  }

  // Of many blocks.
  std::int64_t stored_sums(const std::string& which = "") const {
    auto db = Connection::open(database_path(directory_), "", Connection::Access::kRead);
    EXPECT_TRUE(db.ok());
    const auto count = db->ask_integer("SELECT count(*) FROM rollup_sum WHERE tier > 0 " + which);
    EXPECT_TRUE(count.ok());
    return count->value_or(-1);
  }

  const Catalog catalog_;
  const Collection& visits_;
  const std::string directory_;
};

TEST_F(RollupCheckTest, SumsThatAgreeAreGood) {
  fill();
  EXPECT_EQ(check(*open()), "3 good");
}

class SecondRollupTest : public RollupCheckTest {
 protected:
  SecondRollupTest()
      : RollupCheckTest(kVisits + std::string("[[rollups]]\nby = [\"page\", \"millis\"]\n")) {}

  // That sums were compared with.
  std::uint64_t rows(Store& store) const {
    std::uint64_t rows = 0;
    RollupCheck check{&visits_, RollupCheck::Mode::kVerify, std::nullopt};
    while (true) {
      const auto rolled = store.check_rollups(check);
      EXPECT_TRUE(rolled.ok() && rolled->difference.empty());
      if (!rolled.ok() || !rolled->period) return rows;
      rows += rolled->rows;
      check.after = rolled->period;
    }
  }
};

TEST_F(SecondRollupTest, RowsAreCountedOnce) {
  fill();
  EXPECT_EQ(rows(*open()), 192U);
}

TEST_F(RollupCheckTest, SumsOfOtherRowsAreNamed) {
  fill();
  // The first block gets the sums of the second.
  run("UPDATE block_part SET data = (SELECT data FROM block_part AS other WHERE other.id = "
      "block_part.id + (1 << 14)) WHERE id >> 14 = 1 AND id >> 12 & 3 = 3");
  const std::string difference = check(*open());
  EXPECT_TRUE(
      difference.starts_with("block 1, rollup by_page, 1m: 1970-01-01T00:00:00Z page=\"/a\": "))
      << difference;
}

TEST_F(RollupCheckTest, WrongSumsAreMadeAnew) {
  fill();
  run("UPDATE block_part SET data = (SELECT data FROM block_part AS other WHERE other.id = "
      "block_part.id + (1 << 14)) WHERE id >> 14 = 1 AND id >> 12 & 3 = 3");
  const auto store = open();
  EXPECT_EQ(check(*store, RollupCheck::Mode::kRebuild), "3 good");
  EXPECT_EQ(check(*store), "3 good");
}

TEST_F(RollupCheckTest, TheBlocksOfAQuietPartitionAreSummedIntoOne) {
  fill(Duration(0));
  EXPECT_EQ(check(*open()), "3 good");
  run("UPDATE rollup_sum SET data = (SELECT data FROM rollup_sum AS other WHERE other.tier = "
      "rollup_sum.tier AND other.partition = rollup_sum.partition + 1) WHERE partition = 1");
  const std::string difference = check(*open());
  EXPECT_NE(difference.find("partition 1, rollup by_page, 1m: "), std::string::npos) << difference;
}

TEST_F(RollupCheckTest, SumsOfManyBlocksGoWithAnyOfThem) {
  fill(Duration(0));
  {
    const auto store = open();
    const Erasure erasure{&visits_, equals({1, ""}, "/b"), Erasure::Mode::kRemove};
    ASSERT_TRUE(store->erase(erasure).ok());
    EXPECT_EQ(check(*store), "3 good");
  }
  EXPECT_EQ(stored_sums(), 0);
}

TEST_F(RollupCheckTest, SumsOfAQuietPartitionStayThoseOfItsRows) {
  fill(Duration(0));
  int next = 192;
  const auto late = [&](Store& store) {
    std::vector<Operation> visits;
    for (int i = 0; i < 40; ++i, ++next) {
      visits.push_back(visit(next, Instant() + std::chrono::minutes(next)));
    }
    keep(store, std::move(visits));
  };
  const auto change = [&](Store& store) {
    Operation operation = of_visit(70, Verb::kUpdate);
    operation.assignments = {{1, Value("/b")}};
    keep(store, {operation});
  };
  const auto erase = [&](Store& store) {
    const Erasure erasure{&visits_, equals({2, ""}, std::int64_t{71}), Erasure::Mode::kRemove};
    ASSERT_TRUE(store.erase(erasure).ok());
  };
  const auto expire = [&](Store& store) {
    const Instant later = Instant() + std::chrono::hours(24 * 3 + 1);
    ASSERT_TRUE(store.expire({&visits_, later, Expiry::Mode::kRemove, {}}).ok());
  };
  const std::vector<std::function<void(Store&)>> happenings = {
      late, change, [&](Store& store) { keep(store, {of_visit(72, Verb::kDelete)}); }, erase,
      expire};
  for (std::size_t i = 0; i < happenings.size(); ++i) {
    SCOPED_TRACE("after happening " + std::to_string(i));
    {
      const auto store = open(Duration(0));
      happenings[i](*store);
      EXPECT_EQ(check(*store), "3 good");
      // Upkeep comes by.
      keep(*store, {visit(next++, Instant() + std::chrono::hours(60))});
      EXPECT_EQ(check(*store), "3 good");
    }
    EXPECT_GT(stored_sums(), 0);
    EXPECT_EQ(stored_sums("AND commit_number < (SELECT max(commit_number) FROM death JOIN block ON "
                          "block.id = death.block WHERE block.partition = rollup_sum.partition)"),
              0);
  }
}

// What sums came to is remembered, and asked for again by other questions and at other times.
TEST_F(RollupCheckTest, WhatIsRememberedOfSumsIsThatOfTheRows) {
  fill(Duration(0));
  const auto store = open(Duration(0));
  const auto expect = [&](std::int64_t all, std::int64_t of_a) {
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(counted(*store), all);
      EXPECT_EQ(counted(*store, equals({1, ""}, "/a")), of_a);
    }
  };
  const auto upkeep = [&] { keep(*store, {visit(1000, Instant() + std::chrono::hours(60))}); };
  expect(64, 32);
  keep(*store, {visit(500, Instant() + std::chrono::minutes(7))});
  expect(65, 33);
  upkeep();
  expect(65, 33);
  Operation change = of_visit(3, Verb::kUpdate);
  change.assignments = {{1, Value("/a")}};
  keep(*store, {change});
  expect(65, 34);
  keep(*store, {of_visit(4, Verb::kDelete)});
  expect(64, 33);
  keep(*store, {visit(1001, Instant() + std::chrono::hours(61))});
  expect(64, 33);
  const Erasure erasure{&visits_, equals({2, ""}, std::int64_t{6}), Erasure::Mode::kRemove};
  ASSERT_TRUE(store->erase(erasure).ok());
  expect(63, 32);
  const Instant later = Instant() + std::chrono::hours(24 * 3 + 1);
  ASSERT_TRUE(store->expire({&visits_, later, Expiry::Mode::kRemove, {}}).ok());
  expect(63, 32);
}

// By bucket and page: how many, and their sum.
using Figures = std::map<std::pair<std::int64_t, std::string>, std::pair<std::int64_t, double>>;

class RememberedSumsTest : public RollupCheckTest {
 protected:
  struct Asked {
    Duration start, end;
    std::optional<Step> every;
    std::optional<std::string> page;
  };

  // Every question again and again: at first nothing is remembered, then what single blocks come
  // to, then what all of them do.
  void expect_right(Store& store) const {
    using std::chrono::hours, std::chrono::minutes, std::chrono::seconds;
    const std::vector<Asked> questions = {
        {hours(0), hours(72), {}, {}},
        {hours(0), hours(48), {}, {}},
        {hours(0), hours(48), Step{StepUnit::kDay, 1}, {}},
        {hours(0), hours(48), Step{StepUnit::kHour, 1}, {}},
        {hours(0), hours(48), Step{StepUnit::kHour, 1}, "/a"},
        {hours(0), hours(48), {}, "/a"},
        {seconds(17), hours(48), {}, {}},
        {minutes(1), hours(24), Step{StepUnit::kHour, 1}, {}},
    };
    for (int round = 0; round < 2; ++round) {
      for (std::size_t i = 0; i < questions.size(); ++i) {
        for (int times = 0; times < 3; ++times) {
          EXPECT_EQ(answered(store, questions[i]), of_rows(questions[i])) << "question " << i;
        }
      }
    }
  }

  void add(Store& store, int number, Instant at) {
    keep(store, {visit(number, at)});
    rows_[number] = at;
  }
  void take_out(Store& store, int number) {
    keep(store, {of_visit(number, Verb::kDelete)});
    rows_.erase(number);
  }

  std::map<int, Instant> rows_;  // by number

 private:
  Figures answered(Store& store, const Asked& asked) const {
    Summary summary;
    summary.collection = &visits_;
    if (asked.page) summary.filter = equals({1, ""}, *asked.page);
    summary.by = {{1, ""}};
    summary.every = asked.every;
    for (const char* measure : {"count()", "sum(millis)", "p50(millis)"}) {
      summary.measures.push_back(*bind_measure(visits_, "n", *parse_expression(measure), {}));
    }
    summary.window = Window{Instant() + asked.start, Instant() + asked.end, Zone()};
    summary.now = Instant() + std::chrono::hours(1);
    const auto groups = store.summarize(summary);
    EXPECT_TRUE(groups.ok());
    Figures figures;
    for (const Group& group : groups->groups) {
      const std::int64_t bucket = group.bucket ? micros(*group.bucket) : 0;
      figures[{bucket, group.key[0].get<std::string>()}] = {group.measures[0].get<std::int64_t>(),
                                                            group.measures[1].number()};
    }
    return figures;
  }

  Figures of_rows(const Asked& asked) const {
    Figures figures;
    for (const auto& [number, at] : rows_) {
      const Duration time = at - Instant();
      const std::string page = number % 2 == 0 ? "/a" : "/b";
      if (time < asked.start || time >= asked.end || (asked.page && page != *asked.page)) continue;
      std::int64_t bucket = 0;
      if (asked.every) {
        const std::int64_t width = width_of(*asked.every).count();
        bucket = micros(at) / width * width;
      }
      auto& [count, sum] = figures[{bucket, page}];
      ++count;
      sum += number;
    }
    return figures;
  }
};

TEST_F(RememberedSumsTest, AreThoseOfTheRows) {
  fill();
  for (int i = 0; i < 192; ++i) {
    rows_[i] = Instant() + std::chrono::hours(24 * (i / 64)) + std::chrono::seconds(i);
  }
  const auto store = open();
  ASSERT_EQ(stored_sums(), 0) << "each of the many blocks is to be asked";
  expect_right(*store);
  for (int day = 0; day < 3; ++day) {
    SCOPED_TRACE(day);
    take_out(*store, 64 * day + 6);
    expect_right(*store);
    for (int i = 0; i < 32; ++i) {  // another block
      const auto time = std::chrono::hours(24 * day + 5) + std::chrono::seconds(i);
      add(*store, 1000 + 64 * day + i, Instant() + time);
    }
    expect_right(*store);
  }
  const Erasure erasure{&visits_, equals({2, ""}, std::int64_t{8}), Erasure::Mode::kRemove};
  ASSERT_TRUE(store->erase(erasure).ok());
  rows_.erase(8);
  expect_right(*store);
}

// Blocks from before have no sums of what is declared now: who asked for others shall not leave
// them to those who ask for that.
TEST_F(RollupCheckTest, WhatIsRememberedOfAnEarlierDeclarationAnswersNoLaterOne) {
  fill();
  const auto now = *Catalog::load(
      {{"shop/application.toml", "application.toml", "about = \"A shop.\""},
       {"shop/visits.toml", "visits.toml", std::string(kVisits) + "rates = [\"millis > 100\"]\n"}},
      [](const std::string&) { return std::nullopt; });
  const Collection& visits = **now.collection("shop/visits");
  Options options;
  options.background = false;
  options.quiet = std::chrono::hours(1);
  options.block_rows = 32;
  const auto store = open_store(directory_, options);
  ASSERT_TRUE(store.ok() && (*store)->prepare(now).ok());
  const auto asked = [&](const char* measure) {
    Summary summary;
    summary.collection = &visits;
    summary.by = {{1, ""}};
    summary.measures = {*bind_measure(visits, "n", *parse_expression(measure), {})};
    summary.window = Window{Instant(), Instant() + std::chrono::hours(72), Zone()};
    summary.now = Instant() + std::chrono::hours(1);
    const auto groups = (*store)->summarize(summary);
    EXPECT_TRUE(groups.ok() && groups->groups.size() == 2);
    return groups->groups[0].measures[0].number();
  };
  for (int times = 0; times < 4; ++times) {
    EXPECT_EQ(asked("count()"), 96);
    EXPECT_DOUBLE_EQ(asked("rate(millis > 100)"), 45.0 / 96);
  }
}

class KeptRollupCheckTest : public RollupCheckTest {
 protected:
  KeptRollupCheckTest() : RollupCheckTest(std::string(kVisits) + "keep = \"4d\"\n") {}
};

// The fine sums of an hour are as old as the coarse ones of its day.
TEST_F(KeptRollupCheckTest, TheSumsOfAPeriodAreForgottenTogether) {
  fill();
  const auto store = open();
  const auto check_after = [&](Duration age) {
    EXPECT_TRUE(store->expire({&visits_, Instant() + age, Expiry::Mode::kRemove, {}}).ok());
    return check(*store);
  };
  EXPECT_EQ(check_after(std::chrono::hours(24 * 3 + 1)), "3 good");
  EXPECT_EQ(check_after(std::chrono::hours(24 * 4 + 2)), "3 good") << "the hour, not its day";
  EXPECT_EQ(check_after(std::chrono::hours(24 * 5 + 1)), "2 good") << "the first day is gone";
}

// Without partitions a journal may be divided anew; sums stay of the periods that there were.
TEST_F(RollupCheckTest, SumsAreKeptWhenTimeIsDividedAnew) {
  const auto catalog_of = [](const std::string& period) {
    const std::string visits =
        std::string(kVisits).replace(0, 1, "\nperiod = \"" + period + "\"\n") + "keep = \"40d\"\n";
    return *Catalog::load({{"shop/application.toml", "application.toml", "about = \"A shop.\""},
                           {"shop/visits.toml", "visits.toml", visits}},
                          [](const std::string&) { return std::nullopt; });
  };
  const auto sums_after = [&](const std::string& period, int days) {
    const Catalog catalog = catalog_of(period);
    Options options;
    options.background = false;
    const auto store = *open_store(directory_, options);
    EXPECT_TRUE(store->prepare(catalog).ok());
    const Collection& visits = **catalog.collection("shop/visits");
    if (days == 0) {
      Operation operation = visit(1, Instant());
      operation.collection = &visits;
      Batch batch;
      batch.application = catalog.find("shop");
      batch.operations = {operation};
      EXPECT_TRUE(store->apply(batch)->applied);
    }
    const Instant now = Instant() + std::chrono::hours(24 * days);
    EXPECT_TRUE(store->expire({&visits, now, Expiry::Mode::kRemove, {}}).ok());
    auto db = Connection::open(database_path(directory_), "", Connection::Access::kRead);
    return **db->ask_integer("SELECT count(*) FROM rollup_past");
  };
  EXPECT_EQ(sums_after("1mo", 0), 0);
  const auto sums = sums_after("1mo", 35);
  EXPECT_GT(sums, 0) << "January is over, and its rows are gone";
  EXPECT_EQ(sums_after("1d", 43), sums) << "a day of January would be past its keep";
  EXPECT_EQ(sums_after("1d", 72), 0);
}

TEST_F(RollupCheckTest, ARowThatGoesBetweenSummingAndExpiryIsNotCounted) {
  fill();
  BetweenSums observer;
  Options options;
  options.background = false;
  options.observer = &observer;
  const auto store = open(options);
  EXPECT_EQ(counted(*store), 64);
  observer.next([&] { keep(*store, {of_visit(3, Verb::kDelete)}); });
  const Instant later = Instant() + std::chrono::hours(24 * 3 + 1);
  ASSERT_TRUE(store->expire({&visits_, later, Expiry::Mode::kRemove, {}}).ok());
  EXPECT_TRUE(observer.is_over());
  EXPECT_EQ(counted(*store), 63);
  EXPECT_EQ(check(*store), "3 good");
}

TEST_F(RollupCheckTest, ARowThatGoesWhileItsPartitionIsSummedIsNotCounted) {
  fill();
  BetweenSums observer;
  Options options;
  options.quiet = std::chrono::milliseconds(1);
  options.observer = &observer;
  const auto store = open(options);
  for (const char* partition : {"1", "2", "3"}) {
    while (stored_sums(std::string("AND partition = ") + partition) == 0) std::this_thread::yield();
  }
  observer.next([&] { keep(*store, {of_visit(3, Verb::kDelete)}); });
  keep(*store, {visit(1000, Instant() + std::chrono::hours(1))});
  while (!observer.is_over()) std::this_thread::yield();
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(check(*store), "3 good");
    ASSERT_LE(counted(*store), 65);
  }
  EXPECT_EQ(counted(*store), 64);
}

TEST_F(RollupCheckTest, SumsOfAnotherDeclarationAreMadeAnew) {
  fill(Duration(0));
  EXPECT_GT(stored_sums(), 0);
  run("UPDATE meta SET value = 'another' WHERE key LIKE 'rollups of %'");
  (void)open();
  EXPECT_EQ(stored_sums(), 0);
  keep(*open(Duration(0)), {visit(1000, Instant())});
  for (const char* partition : {"1", "2", "3"}) {
    EXPECT_GT(stored_sums(std::string("AND partition = ") + partition), 0) << partition;
  }
}

TEST_F(RollupCheckTest, SumsOfRowsThatAreGoneAreComparedWithEachOther) {
  fill();
  {
    const auto store = open();
    const Instant later = Instant() + std::chrono::hours(24 * 4);
    ASSERT_TRUE(store->expire({&visits_, later, Expiry::Mode::kRemove, {}}).ok());
    EXPECT_EQ(check(*store), "3 good");
  }
  run("UPDATE rollup_past SET data = (SELECT data FROM rollup_past AS other WHERE other.tier = "
      "rollup_past.tier AND other.period = rollup_past.period + 86400000000) WHERE tier = "
      "3600000000 AND period = 0");
  const std::string difference = check(*open());
  EXPECT_NE(difference.find("sums of rows that are gone, rollup by_page, 1h: "), std::string::npos)
      << difference;
}

}  // namespace
}  // namespace daybook::sqlite
