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

TEST(ClauseTest, ReadsQueryParameters) {
  using C = Comparison;
  struct Case {
    std::string_view name, text;
    Filter expected;
  };
  const Case cases[] = {
      {"status_code", "500", equals(ref("status_code"), 500)},
      {"status_code", "500,503,500", one_of(ref("status_code"), {500, 503})},
      {"status_code.ne", "500", compares(ref("status_code"), C::kNotEqual, 500)},
      {"method.ne", "GET,PUT", negate(one_of(ref("method"), {"GET", "PUT"}))},
      {"status_code.lt", "500", compares(ref("status_code"), C::kLess, 500)},
      {"status_code.lte", "500", compares(ref("status_code"), C::kLessEqual, 500)},
      {"status_code.gt", "500", compares(ref("status_code"), C::kGreater, 500)},
      {"status_code.gte", "500", compares(ref("status_code"), C::kGreaterEqual, 500)},
      {"kind", "external,api", one_of(ref("kind"), {"api", "external_service"})},
      {"endpoint", "\"a,b\",c", one_of(ref("endpoint"), {"a,b", "c"})},
      {"endpoint", "\"say \"\"hi\"\"\"", equals(ref("endpoint"), "say \"hi\"")},
      {"endpoint", "", equals(ref("endpoint"), "")},
      {"endpoint.has", "/Auth", has(ref("endpoint"), "/auth")},
      {"tags.has", "x,y", either(has(ref("tags"), "x"), has(ref("tags"), "y"))},
      {"metrics.has", "cpu", has(ref("metrics"), "cpu")},
      {"metrics.exists", "true", compares(ref("metrics"), C::kNotEqual, Value())},
      {"details.exists", "false", equals(ref("details"), Value())},
      {"oauth.google_id", "g", equals(ref("oauth.google_id"), "g")},
      {"oauth.google_id.exists", "true", compares(ref("oauth.google_id"), C::kNotEqual, Value())},
      {"scores.loud.gte", "0.8", compares(ref("scores.loud"), C::kGreaterEqual, 0.8)},
      {"metrics.cpu.load.lt", "2", compares(ref("metrics.cpu.load"), C::kLess, 2.0)},
      {"resolved", "true", equals(ref("resolved"), true)},
      {"id", "a,b", one_of(FieldRef{}, {"a", "b"})},
      {"id.gt", "a", compares(FieldRef{}, C::kGreater, "a")},
  };
  for (const Case& c : cases) {
    const auto filter = parse_clause(journal(), c.name, c.text);
    ASSERT_TRUE(filter.ok()) << c.name << "=" << c.text << ": " << filter.error().message();
    EXPECT_EQ(*filter, c.expected) << c.name << "=" << c.text;
  }
}

TEST(ClauseTest, ADeclaredNameIsNoOperator) {
  Collection collection = sample_journal();
  Field odd;
  odd.name = "took_ms.gte";
  collection.fields.push_back(odd);
  collection.names = FieldNames(collection.fields);
  const auto filter = parse_clause(collection, "took_ms.gte", "text");
  ASSERT_TRUE(filter.ok());
  EXPECT_EQ(filter->ref.field, collection.fields.size() - 1);
}

TEST(ClauseTest, NamesTheParameterThatIsWrong) {
  struct Case {
    std::string_view name, text, message;
  };
  const Case cases[] = {
      {"endpiont", "x", "there is no field 'endpiont' in shop/visits; did you mean 'endpoint'?"},
      {"endpiont.gte", "x", "there is no field 'endpiont'"},
      {"status_code", "many", "status_code "},
      {"status_code.gte", "1,2", "status_code "},
      {"method", "GOT", "method "},
      {"method.gte", "GET", "method is a choice"},
      {"tags", "x", "tags is a list"},
      {"status_code.has", "5", "status_code is an int"},
      {"email.exists", "maybe", "email.exists must be true or false, not 'maybe'"},
      {"endpoint", "\"open", "endpoint: a quote is not closed"},
      {"endpoint", "\"a\"b", "endpoint: expected a comma after the quoted value"},
      {"token", "x", "token is a secret"},
      {"timestamp.gte", "yesterday", "timestamp "},
  };
  for (const Case& c : cases) {
    const auto filter = parse_clause(journal(), c.name, c.text);
    ASSERT_FALSE(filter.ok()) << c.name;
    EXPECT_EQ(filter.error().code(), Code::kInvalid);
    EXPECT_TRUE(filter.error().message().starts_with(c.message)) << filter.error().message();
  }
}

}  // namespace
}  // namespace daybook
