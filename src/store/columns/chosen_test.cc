#include "store/columns/chosen.h"

#include <gtest/gtest.h>

namespace daybook::columns {
namespace {

Growing<std::int64_t> counted(std::size_t size) {
  Growing<std::int64_t> numbers;
  for (std::size_t i = 0; i < size; ++i) numbers.put(i, static_cast<std::int64_t>(10 * i));
  return numbers;
}

// What for_each_slice() and values_of() say, checked against the positions one by one.
void expect_slices(const Chosen& chosen, const Growing<std::int64_t>& numbers) {
  std::size_t seen = 0;
  std::vector<std::int64_t> buffer;
  chosen.for_each_slice([&](const Slice& slice) {
    ASSERT_EQ(slice.first, seen);
    ASSERT_LE(slice.size, Chosen::kSlice);
    const std::int64_t* values = Chosen::values_of(numbers, slice, buffer);
    for (std::size_t i = 0; i < slice.size; ++i) {
      ASSERT_EQ(slice.at(i), chosen[seen + i]);
      ASSERT_EQ(values[i], numbers[chosen[seen + i]]);
    }
    seen += slice.size;
  });
  EXPECT_EQ(seen, chosen.size());
}

TEST(ChosenTest, SlicesShowEveryPositionOnceAndInOrder) {
  constexpr std::size_t kRows = 10'000;
  const auto numbers = counted(kRows);
  for (const std::size_t rows : {0, 1, 15, 16, 17, 47, 48, 5'000, 10'000}) {
    expect_slices(Chosen::all(rows), numbers);
  }
  Positions some;
  for (std::uint32_t i = 3; i < kRows; i += 1 + i % 7) some.push_back(i);
  expect_slices(Chosen(some), numbers);
  expect_slices(Chosen(Positions{9'999}), numbers);
}

TEST(ChosenTest, KeepsWhatTheTestSays) {
  const auto numbers = counted(5'000);
  Chosen chosen = Chosen::all(5'000);
  chosen.keep(numbers, [](std::int64_t number) { return number >= 100; });
  EXPECT_EQ(chosen.size(), 4'990u);
  chosen.keep(numbers, numbers, [](std::int64_t a, std::int64_t b) { return a == b && a < 150; });
  EXPECT_EQ(chosen.size(), 5u);
  chosen.keep_if([](std::uint32_t position) { return position % 2 == 1; });
  EXPECT_EQ(std::move(chosen).positions(), (Positions{11, 13}));
  Chosen all = Chosen::all(3);
  all.keep_if([](std::uint32_t) { return true; });
  EXPECT_EQ(std::move(all).positions(), (Positions{0, 1, 2}));
}

}  // namespace
}  // namespace daybook::columns
