#include "query/summary_words.h"

#include <gtest/gtest.h>

#include "query/sample_collection.h"

namespace daybook {
namespace {

const Collection& journal() {
  static const Collection kJournal = sample_journal();
  return kJournal;
}

std::string names(const Summary& summary) {
  std::string out;
  for (const Measure& measure : summary.measures) out += measure.name + " ";
  return out;
}

TEST(SummaryWordsTest, NothingAsksForACount) {
  const auto summary = parse_summary(journal(), {});
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(names(*summary), "count ");
  EXPECT_TRUE(summary->by.empty());
  EXPECT_FALSE(summary->every);
}

TEST(SummaryWordsTest, ExpandsMeasures) {
  const std::string loud =
      "scores.loud.count scores.loud.avg scores.loud.min scores.loud.max scores.loud.sum "
      "scores.loud.p50 scores.loud.p95 scores.loud.p99 ";
  const std::string smoke =
      "scores.smoke.count scores.smoke.avg scores.smoke.min scores.smoke.max scores.smoke.sum "
      "scores.smoke.p50 scores.smoke.p95 scores.smoke.p99 ";
  const std::pair<std::string_view, std::string> cases[] = {
      {"took_ms",
       "count took_ms.count took_ms.avg took_ms.min took_ms.max took_ms.sum took_ms.p50 "
       "took_ms.p95 took_ms.p99 "},
      {"scores", "count " + loud + smoke},
      {"scores.loud", "count " + loud},
      {"scores.loud,scores.loud", "count " + loud},
      {"took_ms.p90, bytes.sum", "count took_ms.p90 bytes.sum "},
      {"metrics.cpu.max", "count metrics.cpu.max "},
      {"email.distinct", "count email.distinct "},
      {"endpoint.max", "count endpoint.max "}};
  for (const auto& [of, expected] : cases) {
    const auto summary = parse_summary(journal(), {.of = std::string(of)});
    ASSERT_TRUE(summary.ok()) << of << ": " << summary.error().message();
    EXPECT_EQ(names(*summary), expected) << of;
  }
}

TEST(SummaryWordsTest, OrdersByBucketKeyAndMeasure) {
  const auto summary = parse_summary(journal(), {.by = "endpoint,method",
                                                 .of = "took_ms",
                                                 .every = "15m",
                                                 .order = "-bucket,method,-took_ms.avg,count"});
  ASSERT_TRUE(summary.ok()) << summary.error().message();
  using W = GroupOrder::What;
  EXPECT_EQ(summary->order, (std::vector<GroupOrder>{{W::kBucket, 0, true},
                                                     {W::kKey, 1, false},
                                                     {W::kMeasure, 2, true},
                                                     {W::kMeasure, 0, false}}));
  EXPECT_EQ(summary->every, (Step{StepUnit::kMinute, 15}));
}

TEST(SummaryWordsTest, NamesTheParameterAndTheWord) {
  struct Case {
    SummaryWords words;
    std::string_view message;
  };
  const Case cases[] = {
      {{.by = "endpiont"},
       "by: there is no field 'endpiont' in shop/visits; did you mean 'endpoint'?"},
      {{.by = "email"}, "by: 'email' is not a facet of shop/visits; it has endpoint, method, "},
      {{.by = "id"}, "by: 'id' is not a facet"},
      {{.by = "endpoint,endpoint"}, "by: 'endpoint' is named twice"},
      {{.of = "endpoint"}, "of: 'endpoint' is not a measure of shop/visits; it has status_code, "},
      {{.of = "email.max"}, "of: 'email.max' is not a measure"},
      {{.of = "token.distinct"}, "of: distinct(token) would show a secret"},
      {{.of = "endpoint.avg"}, "of: avg(endpoint) needs a field of type int or float"},
      {{.of = "metrics"}, "of: 'metrics' is a map; say which of its entries: metrics.<key>"},
      {{.of = "took_ms.rate"}, "of: 'took_ms.rate' needs a condition"},
      {{.every = "7m"}, "every: \"7m\" does not divide an hour into equal parts"},
      {{.by = "endpoint", .order = "-method"},
       "order: groups cannot be ordered by 'method'; expected one of endpoint, count"},
      {{.order = "bucket"}, "order: groups cannot be ordered by 'bucket'; expected one of count"}};
  for (const Case& c : cases) {
    const auto summary = parse_summary(journal(), c.words);
    ASSERT_FALSE(summary.ok()) << c.message;
    EXPECT_TRUE(summary.error().message().starts_with(c.message)) << summary.error().message();
  }
}

TEST(SummaryWordsTest, ARegisterHasNoBuckets) {
  const Collection guests = sample_register();
  const auto summary = parse_summary(guests, {.every = "1h"});
  ASSERT_FALSE(summary.ok());
  EXPECT_EQ(summary.error().message(),
            "every: shop/guests is a register and has no time to cut into buckets");
}

}  // namespace
}  // namespace daybook
