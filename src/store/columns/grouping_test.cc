// Groups by columns are those that the same rows make one by one.
#include "store/columns/grouping.h"

#include <gtest/gtest.h>

#include <cmath>

#include "query/summary_words.h"
#include "store/columns/sample_block.h"

namespace daybook::columns {
namespace {

struct Case {
  SummaryWords words;
  bool is_by_columns = true;
};

SummaryWords words(std::optional<std::string> by, std::optional<std::string> every = {}) {
  SummaryWords made;
  made.by = std::move(by);
  made.every = std::move(every);
  made.of = "took_ms,bytes";
  return made;
}

bool is_near(const Value& a, const Value& b) {
  const auto* x = a.get_if<double>();
  const auto* y = b.get_if<double>();
  if (x == nullptr || y == nullptr) return a == b;
  return std::abs(*x - *y) <= 1e-12 * std::max({1.0, std::abs(*x), std::abs(*y)});
}

void expect_same(const Groups& actual, const Groups& expected) {
  ASSERT_EQ(actual.groups.size(), expected.groups.size());
  EXPECT_EQ(actual.rows, expected.rows);
  EXPECT_EQ(actual.quantile_error, expected.quantile_error);
  for (std::size_t g = 0; g < expected.groups.size(); ++g) {
    const Group& a = actual.groups[g];
    const Group& e = expected.groups[g];
    EXPECT_EQ(a.bucket, e.bucket);
    EXPECT_EQ(a.key, e.key);
    for (std::size_t m = 0; m < e.measures.size(); ++m) {
      EXPECT_TRUE(is_near(a.measures[m], e.measures[m]))
          << "measure " << m << ": " << debug_text(a.measures[m]) << " instead of "
          << debug_text(e.measures[m]);
    }
  }
}

class GroupingTest : public testing::Test {
 protected:
  Summary asked(const SummaryWords& words) {
    auto summary = parse_summary(sample_.collection(), words);
    EXPECT_TRUE(summary.ok()) << summary.error().message();
    summary->limit = 1'000'000;
    return *std::move(summary);
  }

  void add(Summary& summary, const std::string& measure) {
    const auto expression = parse_expression(measure);
    ASSERT_TRUE(expression.ok());
    auto bound = bind_measure(sample_.collection(), measure, *expression, {});
    ASSERT_TRUE(bound.ok()) << bound.error().message();
    summary.measures.push_back(*std::move(bound));
  }

  // Folds the block in two parts and the rows one by one.
  void compare(const Summary& summary, const Chosen& chosen) {
    GroupTable by_rows(summary);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      ASSERT_TRUE(by_rows.add(sample_.rows()[chosen[i]]).ok());
    }
    GroupTable by_columns(summary);
    const Grouping grouping(summary);
    is_by_columns_ = grouping.is_by_columns();
    Chosen rest = chosen;
    rest.keep_if([](std::uint32_t position) { return position % 3 == 0; });
    Chosen others = chosen;
    others.keep_if([](std::uint32_t position) { return position % 3 != 0; });
    ASSERT_TRUE(grouping.fold(sample_.reader(), rest, by_columns).ok());
    GroupTable more(summary);
    ASSERT_TRUE(grouping.fold(sample_.reader(), others, more).ok());
    ASSERT_TRUE(by_columns.merge(std::move(more)).ok());
    expect_same(std::move(by_columns).finish(), std::move(by_rows).finish());
  }

  static constexpr std::size_t kRows = 6'000;
  SampleBlock sample_{kRows, 4};
  bool is_by_columns_ = false;
};

TEST_F(GroupingTest, IsWhatTheRowsMakeOneByOne) {
  for (const auto& [by, every] : std::vector<std::pair<const char*, const char*>>{
           {"endpoint", ""},
           {"status_code", ""},
           {"resolved", ""},
           {"day", ""},
           {"endpoint,method,status_code", ""},
           {"endpoint", "15m"},
           {"", "1h"},
           {"status_code,day,endpoint,resolved", "1m"}}) {
    SCOPED_TRACE(std::string(by) + " every " + every);
    Summary summary = asked(words(*by == 0 ? std::optional<std::string>() : by,
                                  *every == 0 ? std::optional<std::string>() : every));
    add(summary, "rate(status_code >= 400)");
    add(summary, "count(took_ms)");
    add(summary, "count(method)");
    add(summary, "distinct(method)");
    add(summary, "distinct(bytes)");
    add(summary, "count(resolved)");
    compare(summary, Chosen::all(kRows));
    EXPECT_TRUE(is_by_columns_);
    Positions some;
    for (std::uint32_t i = 100; i < kRows; i += 7) some.push_back(i);
    compare(summary, Chosen(some));
    compare(summary, Chosen(Positions{4'321}));
    compare(summary, Chosen());
  }
}

// So far apart that they are numbered by what they are, not by their distance.
TEST_F(GroupingTest, GroupsOfNumbersFarApart) {
  Summary summary = asked(words("endpoint"));
  summary.by.push_back(*find_field(sample_.collection(), "bytes"));
  summary.by.push_back(*find_field(sample_.collection(), "took_ms"));
  compare(summary, Chosen::all(kRows));
  EXPECT_TRUE(is_by_columns_);
}

TEST_F(GroupingTest, LeavesToRowsWhatColumnsDoNotTell) {
  for (const char* measure : {"first(took_ms)", "last(endpoint)", "min(endpoint)",
                              "sum(scores.loud)", "distinct(trace)", "distinct(id)"}) {
    SCOPED_TRACE(measure);
    Summary summary = asked(words("endpoint"));
    add(summary, measure);
    compare(summary, Chosen::all(kRows));
    EXPECT_FALSE(is_by_columns_);
  }
}

TEST_F(GroupingTest, SumsOfFloatsAreExactToTheLastDigits) {
  Summary summary = asked(words(std::nullopt));
  GroupTable table(summary);
  const Grouping grouping(summary);
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(grouping.fold(sample_.reader(), Chosen::all(kRows), table).ok());
  }
  __float128 exact = 0;
  for (const Row& row : sample_.rows()) {
    const Value& value = row.values[*sample_.collection().find_field("took_ms")];
    if (!value.is_null()) exact += 20 * static_cast<__float128>(value.number());
  }
  const Groups groups = std::move(table).finish();
  for (std::size_t m = 0; m < summary.measures.size(); ++m) {
    if (summary.measures[m].name != "took_ms.sum") continue;
    EXPECT_EQ(groups.groups[0].measures[m], Value(static_cast<double>(exact)));
  }
}

}  // namespace
}  // namespace daybook::columns
