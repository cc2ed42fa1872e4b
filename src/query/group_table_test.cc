#include <gtest/gtest.h>

#include <random>

#include "query/sample_collection.h"
#include "query/summary.h"
#include "query/summary_words.h"

namespace daybook {
namespace {

const Collection& journal() {
  static const Collection kJournal = sample_journal();
  return kJournal;
}

Row visit(std::string id, std::string_view time, const char* endpoint, double took) {
  Row row = sample_row(journal(), std::move(id), *parse_instant(time));
  if (endpoint != nullptr) set(journal(), row, "endpoint", endpoint);
  set(journal(), row, "took_ms", took);
  return row;
}

std::vector<Row> visits() {
  return {visit("a", "2025-12-05T10:10:00Z", "/x", 1), visit("b", "2025-12-05T10:50:00Z", "/y", 2),
          visit("c", "2025-12-05T11:10:00Z", "/x", 3),
          visit("d", "2025-12-05T11:20:00Z", nullptr, 4),
          visit("e", "2025-12-05T10:20:00Z", "/x", 5)};
}

Summary asked(const SummaryWords& words) {
  auto summary = parse_summary(journal(), words);
  EXPECT_TRUE(summary.ok()) << summary.error().message();
  return *std::move(summary);
}

std::string shown(const Groups& groups) {
  std::string out;
  for (const Group& group : groups.groups) {
    if (group.bucket) out += format_instant(*group.bucket).substr(11, 5) + " ";
    for (const Value& value : group.key) out += debug_text(value) + " ";
    out += "->";
    for (const Value& value : group.measures) out += " " + debug_text(value);
    out += "; ";
  }
  return out + (groups.more ? "more" : "");
}

std::string summarized(const Summary& summary, const std::vector<Row>& rows) {
  GroupTable table(summary);
  for (const Row& row : rows) EXPECT_TRUE(table.add(row).ok());
  return shown(std::move(table).finish());
}

TEST(GroupTableTest, GroupsOrdersAndCuts) {
  struct Case {
    SummaryWords words;
    std::size_t limit;
    std::string_view expected;
  };
  const Case cases[] = {
      {{.by = "endpoint"}, 10, "null -> 1; \"/x\" -> 3; \"/y\" -> 1; "},
      {{.by = "endpoint", .order = "-count"}, 10, "\"/x\" -> 3; null -> 1; \"/y\" -> 1; "},
      {{.by = "endpoint", .order = "-count"}, 1, "\"/x\" -> 3; more"},
      {{.by = "endpoint", .order = "-endpoint"}, 2, "\"/y\" -> 1; \"/x\" -> 3; more"},
      {{.every = "1h"}, 10, "10:00 -> 3; 11:00 -> 2; "},
      {{.every = "1h", .order = "-bucket"}, 10, "11:00 -> 2; 10:00 -> 3; "},
      {{.by = "endpoint", .every = "1h"},
       10,
       "10:00 \"/x\" -> 2; 10:00 \"/y\" -> 1; 11:00 null -> 1; 11:00 \"/x\" -> 1; "},
      {{.by = "endpoint", .of = "took_ms.avg", .order = "-took_ms.avg"},
       10,
       "null -> 1 4; \"/x\" -> 3 3; \"/y\" -> 1 2; "},
      {{.of = "took_ms"}, 10, "-> 5 5 3 1 5 15 3 5 5; "},
      {{.by = "endpoint"}, 0, "more"},
  };
  for (const Case& c : cases) {
    Summary summary = asked(c.words);
    summary.limit = c.limit;
    EXPECT_EQ(summarized(summary, visits()), c.expected) << c.expected;
  }
}

TEST(GroupTableTest, ATotalIsOneGroupAlsoOfNothing) {
  EXPECT_EQ(summarized(asked({.of = "took_ms.avg,took_ms.sum"}), {}), "-> 0 null 0; ");
  EXPECT_EQ(summarized(asked({.by = "endpoint"}), {}), "");
  EXPECT_EQ(summarized(asked({.every = "1h"}), {}), "");
}

TEST(GroupTableTest, BucketsFollowTheZone) {
  Summary summary = asked({.every = "1d"});
  summary.zone = *Zone::find("Asia/Kathmandu");
  const std::vector<Row> rows = {visit("a", "2025-12-05T18:14:00Z", "/x", 1),
                                 visit("b", "2025-12-05T18:15:00Z", "/x", 1)};
  EXPECT_EQ(summarized(summary, rows), "18:15 -> 1; 18:15 -> 1; ");
}

TEST(GroupTableTest, ConditionsCountAndRate) {
  Summary summary = asked({.by = "endpoint"});
  for (const std::string_view text : {"count(took_ms > 2)", "rate(took_ms > 2)", "first(id)",
                                      "distinct(endpoint)", "count(endpoint)"}) {
    summary.measures.push_back(*bind_measure(journal(), "m", *parse_expression(text), {}));
  }
  EXPECT_EQ(summarized(summary, visits()),
            "null -> 1 1 1 \"d\" 0 0; \"/x\" -> 3 2 0.6666666666666666 \"a\" 1 3; "
            "\"/y\" -> 1 0 0 \"b\" 1 1; ");
}

TEST(GroupTableTest, TablesMergeToTheSameAnswer) {
  Summary summary = asked({.by = "endpoint,method", .of = "took_ms", .every = "1m"});
  summary.limit = 100'000;
  std::mt19937 random(5);
  GroupTable whole(summary);
  std::vector<GroupTable> parts;
  for (int i = 0; i < 3; ++i) parts.emplace_back(summary);
  for (int i = 0; i < 5'000; ++i) {
    Row row = sample_row(journal(), std::to_string(i),
                         from_micros(std::int64_t{1'000'000} * (random() % 600)));
    set(journal(), row, "endpoint", Value("/" + std::to_string(random() % 5)));
    if (random() % 3 == 0) set(journal(), row, "method", "GET");
    set(journal(), row, "took_ms", static_cast<double>(random() % 50));
    ASSERT_TRUE(whole.add(row).ok());
    ASSERT_TRUE(parts[random() % 3].add(row).ok());
  }
  ASSERT_TRUE(parts[2].merge(std::move(parts[0])).ok());
  ASSERT_TRUE(parts[2].merge(std::move(parts[1])).ok());
  const Groups merged = std::move(parts[2]).finish();
  EXPECT_EQ(merged.groups.size(), 100u);
  EXPECT_EQ(merged.rows, 5'000u);
  EXPECT_EQ(shown(merged), shown(std::move(whole).finish()));
}

TEST(GroupTableTest, SaysWhatToNarrowWhenMemoryEnds) {
  Summary summary = asked({.by = "endpoint,method", .every = "1m"});
  summary.budget.bytes = 1 << 20;
  GroupTable table(summary);
  Result<void> result;
  for (int i = 0; result.ok() && i < 100'000; ++i) {
    result = table.add(visit("x", "2025-12-05T10:10:00Z", std::to_string(i).c_str(), 1));
  }
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code(), Code::kTooLarge);
  const std::string& message = result.error().message();
  EXPECT_TRUE(message.starts_with("the question makes more than ")) << message;
  EXPECT_TRUE(
      message.ends_with("groups, which do not fit into 1 MiB: narrow the window or the filter, "
                        "group by fewer fields than endpoint,method, or take buckets wider "
                        "than 1m"))
      << message;
}

TEST(GroupTableTest, PercentilesBecomeHistogramsBeforeMemoryEnds) {
  Summary summary = asked({.by = "endpoint", .of = "took_ms.p50"});
  summary.budget.bytes = 1 << 18;
  GroupTable table(summary);
  Row row = visit("x", "2025-12-05T10:10:00Z", "/x", 1);
  for (int i = 0; i < 60'000; ++i) {
    set(journal(), row, "took_ms", static_cast<double>(i % 1'000));
    ASSERT_TRUE(table.add(row).ok());
  }
  const Groups groups = std::move(table).finish();
  EXPECT_EQ(groups.quantile_error, Histogram::kQuantileError);
  EXPECT_NEAR(groups.groups[0].measures[1].number(), 499, 5);
}

TEST(GroupTableTest, SaysHowExactItsAnswersAre) {
  Summary summary = asked({.of = "took_ms.p50,endpoint.distinct"});
  GroupTable table(summary);
  for (int i = 0; i < 3'000; ++i) {
    ASSERT_TRUE(table.add(visit("x", "2025-12-05T10:10:00Z", std::to_string(i).c_str(), i)).ok());
  }
  const Groups groups = std::move(table).finish();
  EXPECT_EQ(groups.quantile_error, 0);
  EXPECT_EQ(groups.distinct_error, 0.0081);
}

TEST(GroupTableTest, ARegisterIsGroupedToo) {
  const Collection guests = sample_register();
  auto summary = *parse_summary(guests, {.by = "method"});
  GroupTable table(summary);
  Row row = sample_row(guests, "a");
  set(guests, row, "method", "GET");
  ASSERT_TRUE(table.add(row).ok());
  EXPECT_EQ(shown(std::move(table).finish()), "\"GET\" -> 1; ");
}

}  // namespace
}  // namespace daybook
