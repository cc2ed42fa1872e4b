#include "catalog/value.h"

#include <gtest/gtest.h>

#include <limits>

namespace daybook {
namespace {

TEST(Value, OrdersByKindThenByValue) {
  const std::vector<Value> ascending = {
      Value(),
      false,
      true,
      std::numeric_limits<std::int64_t>::min(),
      -1.5,
      0,
      0.5,
      9007199254740992.0,
      std::int64_t{9007199254740993},  // next to the double that cannot hold it
      std::numeric_limits<std::int64_t>::max(),
      9223372036854775808.0,
      from_micros(-5),
      from_micros(5),
      Date(std::chrono::days(3)),
      "A",
      "a",
      "ab",
      "\xC3\xA4",
      Json{"[1]"},
      List{1},
      List{1, 2},
      List{2},
      Map{{"a", 1}},
      Map{{"a", 2}},
      Map{{"b", 0}},
  };
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      EXPECT_EQ(compare(ascending[i], ascending[j]), i <=> j)
          << debug_text(ascending[i]) << " and " << debug_text(ascending[j]);
    }
  }
}

TEST(Value, ComparesIntsAndFloatsByValue) {
  EXPECT_EQ(compare(1, 1.0), std::strong_ordering::equal);
  EXPECT_EQ(compare(2, 1.5), std::strong_ordering::greater);
  EXPECT_EQ(compare(-2, -1.5), std::strong_ordering::less);
  EXPECT_EQ(compare(-1.5, -2), std::strong_ordering::greater);
}

TEST(Value, HasACanonicalTextThatTellsValuesApart) {
  const std::vector<Value> different = {Value(),
                                        true,
                                        false,
                                        1,
                                        1.0,
                                        "1",
                                        "",
                                        Json{"1"},
                                        List{},
                                        List{1, 2},
                                        List{12},
                                        List{"a", "b"},
                                        List{"ab"},
                                        Map{},
                                        Map{{"a", 1}},
                                        from_micros(1),
                                        Date(std::chrono::days(1)),
                                        "i1;",
                                        List{List{1}, 2}};
  for (std::size_t i = 0; i < different.size(); ++i) {
    for (std::size_t j = 0; j < different.size(); ++j) {
      std::string a;
      std::string b;
      append_canonical(different[i], a);
      append_canonical(different[j], b);
      EXPECT_EQ(a == b, i == j) << debug_text(different[i]) << " " << debug_text(different[j]);
    }
  }
}

TEST(Value, HasOneCanonicalTextForZero) {
  std::string plus;
  std::string minus;
  append_canonical(0.0, plus);
  append_canonical(-0.0, minus);
  EXPECT_EQ(plus, minus);
}

TEST(Value, FindsTheEntryOfAMap) {
  const Map map = {{"a", 1}, {"c", 3}};
  EXPECT_EQ(*find_key(map, "c"), Value(3));
  EXPECT_EQ(find_key(map, "b"), nullptr);
  EXPECT_EQ(find_key(Map{}, "a"), nullptr);
}

TEST(Value, ShowsItselfInTests) {
  EXPECT_EQ(debug_text(Map{{"a", List{1, 1.5, Value(), "x", true}}}),
            "{a: [1, 1.5, null, \"x\", true]}");
  EXPECT_EQ(debug_text(Date(std::chrono::days(0))), "1970-01-01");
  EXPECT_EQ(debug_text(from_micros(0)), "1970-01-01T00:00:00Z");
}

}  // namespace
}  // namespace daybook
