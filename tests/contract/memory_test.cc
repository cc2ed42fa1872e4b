// I8: memory is bounded by settings. Every byte that C++ code holds is counted here while rows of
// hundreds of partitions come in without order and are read again, and beside it what SQLite holds.
#include <malloc.h>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>

#include "store/sqlite/sqlite_store.h"
#include "tests/contract/stores.h"

namespace {

std::atomic<std::int64_t> held = 0;
std::atomic<std::int64_t> most_held = 0;

void* count(void* memory) {
  if (memory == nullptr) std::abort();
  const std::int64_t now = held += static_cast<std::int64_t>(malloc_usable_size(memory));
  std::int64_t most = most_held;
  while (most < now && !most_held.compare_exchange_weak(most, now)) {
  }
  return memory;
}

void uncount(void* memory) noexcept {
  if (memory != nullptr) held -= static_cast<std::int64_t>(malloc_usable_size(memory));
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) { return count(std::malloc(size)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  const auto step = static_cast<std::size_t>(alignment);
  return count(std::aligned_alloc(step, (size + step - 1) / step * step));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return count(std::malloc(size));
}
void operator delete(void* memory) noexcept { uncount(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { uncount(memory); }
void operator delete(void* memory, std::size_t) noexcept { uncount(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { uncount(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { uncount(memory); }

namespace daybook::contract {

namespace {

constexpr int kPartitions = 200;
constexpr std::int64_t kMegabyte = 1 << 20;

// A visit in every partition, with words that no other has.
Batch visits_everywhere(int number) {
  std::vector<Operation> operations;
  for (int i = 0; i < kPartitions; ++i) {
    // Partitions of an hour, in an order that favours none.
    const int hour = (i * 131 + number * 17) % kPartitions;
    const Instant time = at("2026-02-01T00:30:00Z") + std::chrono::hours(hour);
    operations.push_back(insert("shop/visits", R"({"seen_at":")" + format_instant(time) +
                                                   R"(","page":"page )" +
                                                   std::to_string(number * kPartitions + i) +
                                                   R"( of a long story without an end"})"));
  }
  return each(std::move(operations));
}

TEST(Memory, I8_ABackfillOfHundredsOfPartitionsStaysWithinItsBounds) {
  Directory directory;
  sqlite::Options options;
  options.open_bytes = 6 * kMegabyte;
  options.cache_bytes = 2 * kMegabyte;
  options.page_cache_bytes = 2 * kMegabyte;
  auto store = sqlite::open_store(directory.path() + "/store", options);
  ASSERT_TRUE(store.ok() && (*store)->prepare(shop()).ok());
  const std::int64_t before = held;
  std::int64_t most_after = 0;
  for (int number = 0; number < 300; ++number) {
    {
      const Batch batch = visits_everywhere(number);
      ASSERT_TRUE((*store)->apply(batch).ok());
    }
    if (number % 10 == 9) {
      const auto groups = (*store)->summarize(summary_of("shop/visits", {.of = {{"n", "count()"}}},
                                                         {.now = at("2026-02-01T12:00:00Z")}));
      ASSERT_TRUE(groups.ok());
      EXPECT_EQ(groups->groups[0].measures[0], Value((number + 1) * kPartitions));
    }
    most_after = std::max<std::int64_t>(most_after, held - before);
  }
  std::cout << "at most " << most_after / kMegabyte << " MB between batches, "
            << (most_held - before) / kMegabyte << " MB at any time, of SQLite "
            << sqlite3_memory_highwater(0) / kMegabyte << " MB\n";
  // What is being encoded, and the descriptions of sealed blocks, come on top.
  EXPECT_LT(most_after, 12 * kMegabyte);
  // What a statement works on comes on top of the pages.
  EXPECT_LT(sqlite3_memory_highwater(0), 4 * kMegabyte);
  EXPECT_GT((*store)->space()->collections.at("shop/visits").blocks, 0u);
}

// Whoever sends a map names its entries: thousands of names in a block must not take a place each
// in every row, and what is asked of one of them is right all the same.
TEST(Memory, I8_SealingMapsOfThousandsOfNamesStaysWithinItsBounds) {
  constexpr int kRows = 32 * 1024;
  constexpr int kNames = 2000;
  constexpr int kAtOnce = 2048;
  Directory directory;
  sqlite::Options options;
  options.block_rows = kRows;
  options.background = false;
  auto store = sqlite::open_store(directory.path() + "/store", options);
  ASSERT_TRUE(store.ok() && (*store)->prepare(shop()).ok());
  most_held = held.load();
  const std::int64_t before = held;
  for (int begin = 0; begin < kRows; begin += kAtOnce) {
    std::vector<Operation> operations;
    for (int i = begin; i < begin + kAtOnce; ++i) {
      const Instant time = at("2026-03-09T08:00:00Z") + std::chrono::milliseconds(i * 100);
      operations.push_back(insert("shop/orders", R"({"placed_at":")" + format_instant(time) +
                                                     R"(","customer":"x","scores":{"n)" +
                                                     std::to_string(i % kNames) + R"(":2.5}})"));
    }
    const Batch batch = each(std::move(operations));
    ASSERT_TRUE((*store)->apply(batch).ok());
  }
  // Has its turn when the block is sealed.
  ASSERT_TRUE((*store)->apply(each({insert("shop/visits", R"({"page":"/"})")})).ok());
  std::cout << "at most " << (most_held - before) / kMegabyte << " MB at any time\n";
  EXPECT_LT(most_held - before, 96 * kMegabyte);
  EXPECT_EQ((*store)->space()->collections.at("shop/orders").blocks, 1u);
  const auto groups = (*store)->summarize(
      summary_of("shop/orders", {.of = {{"n", "count(scores.n17)"}, {"sum", "sum(scores.n17)"}}}));
  ASSERT_TRUE(groups.ok());
  EXPECT_EQ(groups->groups[0].measures[0], Value(17));
  EXPECT_EQ(groups->groups[0].measures[1], Value(42.5));
}

}  // namespace

}  // namespace daybook::contract
