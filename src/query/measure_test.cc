#include <gtest/gtest.h>

#include "query/literal.h"
#include "query/sample_collection.h"
#include "query/summary.h"

namespace daybook {
namespace {

const Collection& journal() {
  static const Collection kJournal = sample_journal();
  return kJournal;
}

FieldRef ref(std::string_view name) { return *find_field(journal(), name); }

Result<Measure> bind(std::string_view text, const Arguments& arguments = {}) {
  DAYBOOK_ASSIGN(const Expression expression, parse_expression(text));
  return bind_measure(journal(), "m", expression, arguments);
}

TEST(MeasureTest, BindsAggregates) {
  const Filter get = equals(ref("method"), "GET");
  const std::pair<std::string_view, Measure> cases[] = {
      {"count()", {"m", Aggregate::kCount, std::nullopt, {}}},
      {"count(endpoint)", {"m", Aggregate::kCount, ref("endpoint"), {}}},
      {"count(resolved)", {"m", Aggregate::kCount, std::nullopt, equals(ref("resolved"), true)}},
      {"count(method = 'GET')", {"m", Aggregate::kCount, std::nullopt, get}},
      {"count(method = :m)", {"m", Aggregate::kCount, std::nullopt, get}},
      {"rate(method = 'GET')", {"m", Aggregate::kRate, std::nullopt, get}},
      {"avg(took_ms)", {"m", Aggregate::kAvg, ref("took_ms"), {}}},
      {"p95(metrics.cpu)", {"m", Aggregate::kP95, ref("metrics.cpu"), {}}},
      {"max(timestamp)", {"m", Aggregate::kMax, ref("timestamp"), {}}},
      {"distinct(email)", {"m", Aggregate::kDistinct, ref("email"), {}}},
      {"last(endpoint)", {"m", Aggregate::kLast, ref("endpoint"), {}}}};
  for (const auto& [text, expected] : cases) {
    const auto measure = bind(text, {{"m", "GET"}});
    ASSERT_TRUE(measure.ok()) << text << ": " << measure.error().message();
    EXPECT_EQ(*measure, expected) << text;
  }
}

TEST(MeasureTest, SaysWhyAnAggregateCannotBe) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"took_ms", "'took_ms' is no aggregate such as count()"},
      {"method = 'GET'", "'method = 'GET'' is no aggregate"},
      {"rate()", "rate() needs a condition"},
      {"avg()", "avg() needs a field"},
      {"avg(method = 'GET')", "avg(method = 'GET') needs a field"},
      {"avg(endpoint)", "avg(endpoint) needs a field of type int or float"},
      {"sum(id)", "sum(id) needs a field of type int or float"},
      {"sum(metrics)", "sum(metrics) needs a field of type int or float"},
      {"min(details)", "min(details) needs a field whose values have an order"},
      {"distinct(token)", "distinct(token) would show a secret"},
      {"avg(took)", "there is no field 'took'"}};
  for (const auto& [text, message] : cases) {
    const auto measure = bind(text);
    ASSERT_FALSE(measure.ok()) << text;
    EXPECT_TRUE(measure.error().message().starts_with(message)) << measure.error().message();
  }
}

TEST(MeasureTest, OnlyDeclaredMeasuresAreSummed) {
  Collection collection = sample_journal();
  collection.fields[*collection.find_field("took_ms")].is_measure = false;
  const auto measure = bind_measure(collection, "m", *parse_expression("avg(took_ms)"), {});
  ASSERT_FALSE(measure.ok());
  EXPECT_EQ(measure.error().message(), "avg(took_ms) needs a field that is declared as a measure");
}

}  // namespace
}  // namespace daybook
