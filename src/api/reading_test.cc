#include "api/reading.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace daybook::api {
namespace {

std::string large_text() { return "[\"" + std::string(200'000, 'x') + "\"]"; }

TEST(ReadingTest, ReadsSmallAndLargeTextsInAnyOrder) {
  Gate memory(kReadingMemory);
  Reading reading(memory);
  for (const std::string& text :
       {std::string("[1]"), large_text(), large_text(), std::string("[1]")}) {
    const auto value = reading.parse(text);
    ASSERT_TRUE(value.ok());
    EXPECT_EQ(value->size(), 1U);
  }
  EXPECT_FALSE(reading.parse("[").ok());
}

TEST(ReadingTest, LargeTextsAreReadInTurns) {
  Gate memory(large_text().size() * kParserBytes);  // room for one
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&memory] {
      for (int round = 0; round < 10; ++round) {
        Reading reading(memory);
        EXPECT_TRUE(reading.parse(large_text()).ok());
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  // Small ones wait for nobody.
  const Gate::Pass all = memory.enter(SIZE_MAX);
  Reading reading(memory);
  EXPECT_TRUE(reading.parse("[1]").ok());
}

}  // namespace
}  // namespace daybook::api
