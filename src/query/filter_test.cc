#include "query/filter.h"

#include <gtest/gtest.h>

#include "query/literal.h"
#include "query/sample_collection.h"

namespace daybook {
namespace {

const Collection& journal() {
  static const Collection kJournal = sample_journal();
  return kJournal;
}

FieldRef ref(std::string_view name) { return *find_field(journal(), name); }

Row one_row() {
  Row row = sample_row(journal(), "r1", from_micros(1'000'000));
  set(journal(), row, "endpoint", "/Auth/Login");
  set(journal(), row, "status_code", 503);
  set(journal(), row, "took_ms", 12.0);
  set(journal(), row, "tags", List{Value("a"), Value("b")});
  set(journal(), row, "metrics", Map{{"cpu", Value(0.5)}});
  return row;
}

TEST(FilterTest, FindsFieldsByTheirNames) {
  EXPECT_TRUE(find_field(journal(), "id")->is_id());
  EXPECT_EQ(field_name(journal(), ref("oauth.google_id")), "oauth.google_id");
  EXPECT_EQ(ref("metrics.cpu").key, "cpu");
  EXPECT_EQ(ref("metrics.cpu.load").key, "cpu.load");
  EXPECT_EQ(field_of(journal(), ref("metrics.cpu")).type, Type::kFloat);
  EXPECT_EQ(field_of(journal(), ref("metrics")).type, Type::kMap);
  EXPECT_EQ(field_of(journal(), FieldRef{}).type, Type::kText);
}

TEST(FilterTest, NamesAWrongFieldAndANearOne) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"endpiont", "there is no field 'endpiont' in shop/visits; did you mean 'endpoint'?"},
      {"zzzzzzzz", "there is no field 'zzzzzzzz' in shop/visits"},
      {"endpoint.x", "there is no field 'endpoint.x' in shop/visits"},
      {"scores.fire", "'scores' has no entry 'fire'; it has loud, smoke"},
      {"metrics.", "there is no field 'metrics.' in shop/visits; did you mean 'metrics'?"},
  };
  for (const auto& [name, message] : cases) {
    const auto found = find_field(journal(), name);
    ASSERT_FALSE(found.ok()) << name;
    EXPECT_TRUE(found.error().message().starts_with(message)) << found.error().message();
  }
}

TEST(FilterTest, ReadsValuesAndAbsence) {
  const Row row = one_row();
  EXPECT_EQ(read(FieldRef{}, row), Value("r1"));
  EXPECT_EQ(peek(FieldRef{}, row), nullptr);
  EXPECT_EQ(read(ref("metrics.cpu"), row), Value(0.5));
  EXPECT_EQ(peek(ref("metrics.gpu"), row), nullptr);
  EXPECT_EQ(peek(ref("scores.loud"), row), nullptr);
  EXPECT_TRUE(read(ref("email"), row).is_null());
}

struct Case {
  Filter filter;
  bool expected;
};

TEST(FilterTest, ComparesWithTwoValuedLogic) {
  using C = Comparison;
  const Case cases[] = {
      {equals(ref("status_code"), 503), true},
      {equals(ref("status_code"), 503.0), true},
      {compares(ref("status_code"), C::kGreaterEqual, 503), true},
      {compares(ref("status_code"), C::kGreater, 502.5), true},
      {compares(ref("status_code"), C::kLess, 503), false},
      {compares(ref("took_ms"), C::kLessEqual, 12), true},
      {compares(ref("endpoint"), C::kLess, "/B"), true},
      {equals(ref("email"), Value()), true},
      {equals(ref("endpoint"), Value()), false},
      {compares(ref("email"), C::kNotEqual, Value()), false},
      {compares(ref("email"), C::kNotEqual, "x"), true},
      {equals(ref("email"), "x"), false},
      {compares(ref("bytes"), C::kLess, 5), false},
      {compares(ref("bytes"), C::kGreaterEqual, 5), false},
      {equals(FieldRef{}, "r1"), true},
      {compares(FieldRef{}, C::kGreater, "r0"), true},
      {equals(FieldRef{}, Value()), false},
      {equals(ref("metrics.cpu"), 0.5), true},
      {one_of(ref("status_code"), {200, 503, 404}), true},
      {one_of(ref("status_code"), {200, 404}), false},
      {one_of(ref("email"), {Value(), Value("x")}), true},
      {one_of(ref("email"), {"x", "y"}), false},
      {one_of(FieldRef{}, {"r0", "r1"}), true},
      {has(ref("tags"), "b"), true},
      {has(ref("tags"), "c"), false},
      {has(ref("metrics"), "cpu"), true},
      {has(ref("metrics"), "gpu"), false},
      {has(ref("endpoint"), "/auth"), true},
      {has(ref("endpoint"), "logout"), false},
      {has(ref("email"), "x"), false},
      {has(FieldRef{}, "r"), true},
  };
  const Row row = one_row();
  for (const Case& c : cases) {
    EXPECT_EQ(matches(c.filter, row), c.expected) << canonical_text(c.filter);
    EXPECT_EQ(matches(negate(c.filter), row), !c.expected) << canonical_text(c.filter);
  }
}

TEST(FilterTest, FindsPartsOfTextBeyondAscii) {
  Row row = one_row();
  set(journal(), row, "endpoint", "Straße nach KÖLN");
  EXPECT_TRUE(matches(has(ref("endpoint"), "köln"), row));
  EXPECT_TRUE(matches(has(ref("endpoint"), "strasse"), row));
  EXPECT_FALSE(matches(has(ref("endpoint"), "bonn"), row));
}

TEST(FilterTest, BuildersDropWhatDecidesNothing) {
  const Filter a = equals(ref("endpoint"), "/x");
  const Filter b = equals(ref("method"), "GET");
  const Filter c = equals(ref("status_code"), 1);
  const Filter none = negate(Filter{});
  EXPECT_EQ(both(Filter{}, a), a);
  EXPECT_EQ(both(a, Filter{}), a);
  EXPECT_EQ(both(a, a), a);
  EXPECT_EQ(both(a, none), none);
  EXPECT_EQ(either(none, a), a);
  EXPECT_EQ(either(a, Filter{}), Filter{});
  EXPECT_EQ(both(both(a, b), c).parts.size(), 3u);
  EXPECT_EQ(either(a, either(b, c)).parts.size(), 3u);
  EXPECT_EQ(negate(negate(both(a, b))), both(a, b));
}

TEST(FilterTest, CanonicalTextIsEqualForEqualFilters) {
  const Filter a = equals(ref("endpoint"), "/x");
  const Filter b = equals(ref("method"), "GET");
  EXPECT_EQ(canonical_text(both(a, b)), canonical_text(both(b, a)));
  EXPECT_NE(canonical_text(both(a, b)), canonical_text(either(a, b)));
  EXPECT_NE(canonical_text(a), canonical_text(negate(a)));
  EXPECT_NE(canonical_text(equals(ref("metrics.a"), 1.0)),
            canonical_text(equals(ref("metrics.b"), 1.0)));
}

TEST(FilterTest, NamesTheFieldsItReads) {
  const Filter filter = both(either(equals(ref("method"), "GET"), equals(FieldRef{}, "x")),
                             negate(has(ref("endpoint"), "x")));
  EXPECT_EQ(fields_of(filter), (std::vector<std::size_t>{1, 2}));
  EXPECT_TRUE(fields_of(Filter{}).empty());
}

TEST(FilterTest, NarrowsTheRangeOfTime) {
  using C = Comparison;
  const Instant t = from_micros(10);
  const Instant u = from_micros(20);
  const FieldRef time = ref("timestamp");
  const TimeRange all;
  const std::pair<Filter, TimeRange> cases[] = {
      {Filter{}, all},
      {equals(time, t), {t, t + Duration(1)}},
      {both(compares(time, C::kGreaterEqual, t), compares(time, C::kLess, u)), {t, u}},
      {both(compares(time, C::kGreater, t), compares(time, C::kLessEqual, u)),
       {t + Duration(1), u + Duration(1)}},
      {one_of(time, {Value(u), Value(t)}), {t, u + Duration(1)}},
      {either(equals(time, t), equals(time, u)), all},
      {compares(time, C::kNotEqual, t), all},
      {both(equals(ref("method"), "GET"), compares(time, C::kLess, u)), {all.start, u}},
  };
  for (const auto& [filter, range] : cases) {
    EXPECT_EQ(time_range(filter, 0), range) << canonical_text(filter);
  }
  const TimeRange empty = time_range(both(equals(time, t), equals(time, u)), 0);
  EXPECT_EQ(empty.start, empty.end);
}

}  // namespace
}  // namespace daybook
