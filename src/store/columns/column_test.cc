// Columns come back as they were, sealed or not; I7: with the texts of their own rows and no other.
#include "store/columns/column.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "store/columns/block.h"

namespace daybook::columns {
namespace {

struct Case {
  std::string name;
  Type type;
  std::vector<Value> values;
};

std::vector<Value> many(int count, Value (*make)(int)) {
  std::vector<Value> values;
  for (int i = 0; i < count; ++i) values.push_back(make(i));
  return values;
}

std::vector<Case> cases() {
  const Value null;
  return {
      {"ints", Type::kInt, {1, -5, null, 1'000'000, 7}},
      {"equal_ints", Type::kInt, {200, 200, 200}},
      {"extreme_ints", Type::kInt, {INT64_MAX, INT64_MIN, 0, null}},
      {"only_null_at_the_start", Type::kInt, {null, null, 3}},
      {"scaled_floats", Type::kFloat, {1.5, 2.25, 0.001, null, 1e3}},
      {"unscaled_floats", Type::kFloat, {0.1 + 0.2, 1e300, -0.0, 5e-324}},
      {"bools", Type::kBool, {true, false, null, true}},
      {"times", Type::kTime, many(300, [](int i) { return Value(from_micros(1'000'000 * i)); })},
      {"dates", Type::kDate, {Date(std::chrono::days(-3)), Date(std::chrono::days(20'000))}},
      {"texts", Type::kText, {"a", "b", "a", null, "", "longer than the others"}},
      {"one_text", Type::kText, {"same", "same", "same"}},
      {"different_texts", Type::kText, many(5'000, [](int i) { return Value(std::to_string(i)); })},
      {"json", Type::kJson, {Json{"{\"a\":1}"}, null, Json{"[]"}}},
      {"lists", Type::kList, {Value(List{1, "x"}), null, Value(List{})}},
      {"maps", Type::kMap, {Value(Map{{"cpu", 1.5}, {"mem", 2.0}}), null}},
      {"uuids",
       Type::kUuid,
       {"0194b3a0-0000-7000-8000-000000000001", "0194b3a0-0000-7000-8000-000000000002", null,
        "NOT-A-UUID"}},
  };
}

Column column_of(const Case& c) {
  Column column(c.type);
  for (const Value& value : c.values) column.append(value);
  return column;
}

std::vector<Value> values_of(const Column& column) {
  std::vector<Value> values;
  for (std::size_t i = 0; i < column.size(); ++i) values.push_back(column.value(i));
  return values;
}

Positions all(std::size_t rows) {
  Positions positions(rows);
  for (std::size_t i = 0; i < rows; ++i) positions[i] = static_cast<std::uint32_t>(i);
  return positions;
}

TEST(Column, GivesBackWhatWasAppended) {
  for (const Case& c : cases()) EXPECT_EQ(values_of(column_of(c)), c.values) << c.name;
}

TEST(Column, AppendsAValueOnceMore) {
  for (const Case& c : cases()) {
    Column column = column_of(c);
    for (std::size_t i = 0; i < c.values.size(); ++i) column.append_copy(i);
    auto twice = c.values;
    twice.insert(twice.end(), c.values.begin(), c.values.end());
    EXPECT_EQ(values_of(column), twice) << c.name;
  }
}

TEST(Column, WritesOverWhatWasTakenBack) {
  for (const Case& c : cases()) {
    Column column = column_of(c);
    column.truncate(1);
    for (std::size_t i = 1; i < c.values.size(); ++i) column.append(c.values[c.values.size() - i]);
    EXPECT_EQ(column.value(0), c.values[0]) << c.name;
    if (c.values.size() > 1) {
      EXPECT_EQ(column.value(1), c.values.back()) << c.name;
    }
  }
}

TEST(Column, SurvivesBeingSealed) {
  for (const Case& c : cases()) {
    const std::string bytes = write_column(column_of(c), all(c.values.size()));
    const auto read = read_column(c.type, c.values.size(), bytes);
    ASSERT_TRUE(read.ok()) << c.name << ": " << read.error().message();
    EXPECT_EQ(values_of(*read), c.values) << c.name;
  }
}

TEST(Column, GivesOneValueOfASealedOne) {
  for (const Case& c : cases()) {
    const std::string bytes = write_column(column_of(c), all(c.values.size()));
    auto content = PartContent::open(bytes);
    ASSERT_TRUE(content.ok()) << c.name;
    for (std::size_t i = c.values.size(); i-- > 0;) {
      const auto value = read_one(c.type, c.values.size(), *content, i);
      ASSERT_TRUE(value.ok()) << c.name << ": " << value.error().message();
      EXPECT_EQ(*value, c.values[i]) << c.name << " at " << i;
    }
    EXPECT_FALSE(read_one(c.type, c.values.size(), *content, c.values.size()).ok()) << c.name;
  }
}

TEST(Column, KnowsTheRangesOfSealedNumbers) {
  Column column(Type::kInt);
  for (std::int64_t i = 0; i < 2'000; ++i) column.append(Value(i % 700));
  const auto read = read_column(Type::kInt, 2'000, write_column(column, all(2'000)));
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read->ranges().size(), 2U);
  EXPECT_EQ(read->ranges()[0].low, 0);
  EXPECT_EQ(read->ranges()[0].high, 699);
  EXPECT_EQ(read->ranges()[1].low, 0);
  EXPECT_EQ(read->ranges()[1].high, 699);
  EXPECT_TRUE(column.ranges().empty());
}

// I8: what is decoded is counted by its bytes, so a block must not take twice what its rows need.
TEST(Column, TakesNoMoreThanItsRowsOnceSealed) {
  constexpr std::size_t kRows = 33'000;
  Column column(Type::kInt), texts(Type::kText);
  for (std::size_t i = 0; i < kRows; ++i) {
    column.append(Value(static_cast<std::int64_t>(i)));
    texts.append(Value("page " + std::to_string(i)));
  }
  const auto numbers = read_column(Type::kInt, kRows, write_column(column, all(kRows)));
  const auto pages = read_column(Type::kText, kRows, write_column(texts, all(kRows)));
  ASSERT_TRUE(numbers.ok() && pages.ok());
  EXPECT_LT(numbers->bytes(), kRows * 10) << "eight bytes and a mark a row, and ranges";
  EXPECT_LT(pages->bytes(), kRows * 36) << "a code, a view of a text and its letters a row";
  EXPECT_EQ(numbers->value(kRows - 1), Value(std::int64_t{kRows - 1}));
  EXPECT_EQ(pages->value(kRows - 1), texts.value(kRows - 1));
}

TEST(Column, KeepsManyMegabytesOfTexts) {
  Column column(Type::kText);
  for (int i = 0; i < 8'000; ++i) column.append(Value(std::to_string(i) + std::string(700, 'x')));
  EXPECT_EQ(column.value(0), Value("0" + std::string(700, 'x')));
  EXPECT_EQ(column.value(7'999), Value("7999" + std::string(700, 'x')));
  EXPECT_LT(column.bytes(), 8'000 * 800) << "pages hold many texts";
}

TEST(Column, KeepsTheSignOfZero) {
  Column column(Type::kFloat);
  column.append(-0.0);
  column.append(1.5);
  const auto read = read_column(Type::kFloat, 2, write_column(column, {0, 1}));
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(std::signbit(read->value(0).get<double>()));
}

TEST(Column, SaysHowItLies) {
  Column column(Type::kText);
  for (const char* text : {"a", "b", "a"}) column.append(Value(text));
  const std::string bytes = write_column(column, {0, 1, 2});
  auto content = PartContent::open(bytes);
  ASSERT_TRUE(content.ok());
  EXPECT_EQ(*describe_column(3, *content), "texts, 2 different, codes 1 byte each");
}

TEST(Column, SealsOnlyTheRowsAsked) {
  Column column(Type::kText);
  for (const char* text : {"a", "b", "c", "b"}) column.append(Value(text));
  const auto read = read_column(Type::kText, 2, write_column(column, {3, 2}));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(values_of(*read), (std::vector<Value>{"b", "c"}));
  EXPECT_EQ(read->dictionary().size(), 3u) << "an unused text came along";
}

TEST(Column, RefusesBytesThatWereDamaged) {
  for (const Case& c : cases()) {
    const std::string bytes = write_column(column_of(c), all(c.values.size()));
    for (std::size_t i = 0; i < bytes.size(); i += 1 + bytes.size() / 40) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ 0x40);
      EXPECT_FALSE(read_column(c.type, c.values.size(), damaged).ok()) << c.name << " at " << i;
    }
    EXPECT_FALSE(read_column(c.type, c.values.size(), bytes.substr(0, bytes.size() / 2)).ok());
  }
}

TEST(Column, TellsWhichValuesFit) {
  EXPECT_TRUE(fits(Type::kFloat, 1));
  EXPECT_TRUE(fits(Type::kInt, {}));
  EXPECT_FALSE(fits(Type::kInt, 1.5));
  EXPECT_FALSE(fits(Type::kText, 1));
  EXPECT_FALSE(fits(Type::kTime, "2025-01-01"));
}

}  // namespace
}  // namespace daybook::columns
