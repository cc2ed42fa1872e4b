#include "store/columns/integers.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace daybook::columns {
namespace {

using Numbers = std::vector<std::int64_t>;

Numbers made(std::size_t count, std::int64_t (*make)(std::int64_t)) {
  Numbers numbers;
  for (std::size_t i = 0; i < count; ++i) numbers.push_back(make(static_cast<std::int64_t>(i)));
  return numbers;
}

struct Case {
  std::string how;
  Numbers numbers;
};

std::vector<Case> cases() {
  return {
      {"none", {}},
      {"constant", {7}},
      {"constant", Numbers(1000, -3)},
      {"1 byte each", {1, 200, 3, 255}},
      {"3 bytes each", {-1, 1 << 20, 0}},
      {"8 bytes each", {INT64_MIN, INT64_MAX, 0, -1}},
      {"equal steps", made(1000, [](std::int64_t i) { return 5 * i - 17; })},
      {"steps of 1 byte", made(1000, [](std::int64_t i) { return 100'000 * i + i * i % 50; })},
      {"steps of 2 bytes", made(300, [](std::int64_t i) { return i * 70'000'000 - i % 7 * 999; })},
  };
}

TEST(Integers, ComeBackWholeInPiecesAndOneByOne) {
  for (const Case& c : cases()) {
    std::string bytes = "before";
    put_integers(bytes, c.numbers);
    const std::string stored = pack_part(bytes + "behind");
    auto content = PartContent::open(stored);
    ASSERT_TRUE(content.ok());
    const auto integers = Integers::open(*content, 6, c.numbers.size());
    ASSERT_TRUE(integers.ok()) << c.how;
    EXPECT_EQ(integers->describe(), c.how);
    EXPECT_EQ(integers->end(), bytes.size()) << c.how;
    for (std::size_t begin = 0; begin < c.numbers.size(); begin += 1 + begin) {
      Numbers read(c.numbers.size() - begin);
      ASSERT_TRUE(integers->read(begin, read.size(), read.data()).ok());
      EXPECT_EQ(read,
                Numbers(c.numbers.begin() + static_cast<std::ptrdiff_t>(begin), c.numbers.end()))
          << c.how << " from " << begin;
    }
    for (std::size_t i = 0; i < c.numbers.size(); ++i) {
      EXPECT_EQ(*integers->at(i), c.numbers[i]) << c.how << " at " << i;
    }
    EXPECT_FALSE(integers->at(c.numbers.size()).ok()) << c.how;
  }
}

TEST(Integers, MoreThanAreThereAreRefused) {
  std::string bytes;
  put_integers(bytes, {1, 2, 4, 9});
  const std::string stored = pack_part(bytes);
  auto content = PartContent::open(stored);
  ASSERT_TRUE(content.ok());
  EXPECT_TRUE(Integers::open(*content, 0, 4).ok());
  EXPECT_FALSE(Integers::open(*content, 0, 5).ok());
  EXPECT_FALSE(Integers::open(*content, 1, 4).ok());
}

}  // namespace
}  // namespace daybook::columns
