#include <gtest/gtest.h>

#include "query/filter.h"
#include "query/literal.h"
#include "query/sample_collection.h"

namespace daybook {
namespace {

const Collection& journal() {
  static const Collection kJournal = sample_journal();
  return kJournal;
}

FieldRef ref(std::string_view name) { return *find_field(journal(), name); }

Result<Filter> bind(std::string_view text, const Arguments& arguments = {}) {
  DAYBOOK_ASSIGN(const Expression expression, parse_expression(text));
  return bind_filter(journal(), expression, arguments);
}

Instant at(std::string_view text) { return *parse_instant(text); }

TEST(BindTest, TurnsExpressionsIntoFilters) {
  using C = Comparison;
  const std::pair<std::string_view, Filter> cases[] = {
      {"status_code >= 500", compares(ref("status_code"), C::kGreaterEqual, 500)},
      {"status_code = 9999", equals(ref("status_code"), 9999)},
      {"status_code > 499.5", compares(ref("status_code"), C::kGreater, 499.5)},
      {"status_code = 500.0", equals(ref("status_code"), 500)},
      {"status_code = '500'", equals(ref("status_code"), 500)},
      {"took_ms < 3", compares(ref("took_ms"), C::kLess, 3.0)},
      {"took_ms > 2s", compares(ref("took_ms"), C::kGreater, 2000.0)},
      {"resolved", equals(ref("resolved"), true)},
      {"NOT resolved", compares(ref("resolved"), C::kNotEqual, true)},
      {"resolved = false", equals(ref("resolved"), false)},
      {"endpoint : '/Auth'", has(ref("endpoint"), "/auth")},
      {"tags : 'Red'", has(ref("tags"), "Red")},
      {"metrics : 'cpu'", has(ref("metrics"), "cpu")},
      {"metrics.cpu > 1", compares(ref("metrics.cpu"), C::kGreater, 1.0)},
      {"kind = 'external'", equals(ref("kind"), "external_service")},
      {"kind = 'never seen'", equals(ref("kind"), "never seen")},
      {"email = 'Ann@X.Org'", equals(ref("email"), "ann@x.org")},
      {"email = 'no address'", equals(ref("email"), "no address")},
      {"timestamp < 2025-12-05T14:00:00Z",
       compares(ref("timestamp"), C::kLess, at("2025-12-05T14:00:00Z"))},
      {"timestamp < '2025-12-05T14:00:00Z'",
       compares(ref("timestamp"), C::kLess, at("2025-12-05T14:00:00Z"))},
      {"day = 2025-12-05", equals(ref("day"), *parse_date("2025-12-05"))},
      {"details = null", equals(ref("details"), Value())},
      {"tags != null", compares(ref("tags"), C::kNotEqual, Value())},
      {"token != null", compares(ref("token"), C::kNotEqual, Value())},
      {"id = 'x'", equals(FieldRef{}, "x")},
      {"method in ['POST', 'GET', 'POST']", one_of(ref("method"), {"GET", "POST"})},
      {"method in ['GET']", equals(ref("method"), "GET")},
      {"true", Filter{}},
      {"false", negate(Filter{})},
      {"method = 'GET' AND true", equals(ref("method"), "GET")},
  };
  for (const auto& [text, expected] : cases) {
    const auto filter = bind(text);
    ASSERT_TRUE(filter.ok()) << text << ": " << filter.error().message();
    EXPECT_EQ(*filter, expected) << text << ": " << canonical_text(*filter);
  }
}

TEST(BindTest, FillsInParameters) {
  const Filter get = equals(ref("method"), "GET");
  const Filter code = equals(ref("status_code"), 500);
  const std::string_view both_text = "method = :method? AND status_code = :code?";
  EXPECT_EQ(*bind(both_text, {{"method", "GET"}, {"code", "500"}}), both(get, code));
  EXPECT_EQ(*bind(both_text, {{"code", 500}}), code);
  EXPECT_EQ(*bind(both_text, {}), Filter{});
  EXPECT_EQ(*bind("NOT method = :method?", {}), Filter{});
  EXPECT_EQ(*bind("method = :method? OR status_code = 500", {}), code);
  EXPECT_EQ(*bind("method in [:methods]", {{"methods", List{Value("GET"), Value("PUT")}}}),
            one_of(ref("method"), {"GET", "PUT"}));
  EXPECT_EQ(*bind("method in [:methods]", {{"methods", List{}}}), negate(Filter{}));
}

TEST(BindTest, RefusesWhatDoesNotFit) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"nothing = 1", "there is no field 'nothing' in shop/visits"},
      {"method = 'GOT'", "method "},
      {"status_code = 'many'", "status_code "},
      {"endpoint = 5", "endpoint must be a text in quotes, not 5"},
      {"resolved = 1", "resolved must be true or false, not 1"},
      {"timestamp > 2025-12-05", "timestamp must be an instant such as 2025-12-05T14:00:00Z"},
      {"method < 'PUT'", "method is a choice, which has no order for < or >"},
      {"resolved > false", "resolved is a bool, which has no order for < or >"},
      {"status_code > null", "status_code can be = null or != null"},
      {"details = 'x'", "details is a json; it can only be compared with null"},
      {"token = 'x'", "token is a secret; it can only be compared with null"},
      {"tags = 'x'", "tags is a list; it can only be compared with null, or asked"},
      {"status_code : 5", "status_code is an int; only a list, a map or a text has parts"},
      {"scores : 'fire'", "'scores' has no entry 'fire'"},
      {"endpoint : ''", "endpoint has an empty text everywhere"},
      {"endpoint : 24h", "'1d' is a duration; endpoint has none"},
      {"bytes > 24h", "bytes has no unit of time, so it cannot be compared with 1d"},
      {"5 = status_code", "'5' stands on the left of a comparison, where a field is expected"},
      {"method = kind", "'kind' stands on the right of a comparison"},
      {"endpoint", "'endpoint' alone is no condition"},
      {"5", "'5' alone is no condition"},
      {":x", "':x' alone is no condition"},
      {"count()", "count() computes over many rows"},
      {"count() > 5", "'count()' stands on the left"},
      {"endpoint = :x", "the parameter 'x' is missing"},
  };
  for (const auto& [text, message] : cases) {
    const auto filter = bind(text);
    ASSERT_FALSE(filter.ok()) << text;
    EXPECT_EQ(filter.error().code(), Code::kInvalid);
    EXPECT_TRUE(filter.error().message().starts_with(message)) << filter.error().message();
  }
}

}  // namespace
}  // namespace daybook
