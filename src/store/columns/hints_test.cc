#include "store/columns/hints.h"

#include <gtest/gtest.h>

#include <limits>

#include "query/sample_collection.h"

namespace daybook::columns {
namespace {

class HintsTest : public testing::Test {
 protected:
  // Of a block of three rows: status codes 200, 404 and none; took_ms 1.5 to 80; no method.
  HintsTest() {
    hints_.push_back({number("status_code"), 1, true, 200, 404});
    Column took(Type::kFloat);
    for (const double ms : {7.0, 80.0, 1.5}) took.append(ms);
    hints_.push_back(hint_of(took, number("took_ms"), {0, 1, 2}));
    std::ranges::sort(hints_, {}, &Hint::number);
  }

  std::uint32_t number(std::string_view field) const {
    return static_cast<std::uint32_t>(*collection_.find_field(field));
  }

  bool may_match(const Filter& filter) const {
    return columns::may_match({3, hints_}, filter, collection_,
                              FieldNumbers::in_order(collection_.fields.size()));
  }

  Filter clause(std::string_view name, std::string_view text) const {
    auto filter = parse_clause(collection_, name, text);
    EXPECT_TRUE(filter.ok()) << name;
    return *std::move(filter);
  }

  const Collection collection_ = sample_journal();
  std::vector<Hint> hints_;
};

TEST_F(HintsTest, BlocksThatMayMatchAreLookedAt) {
  const std::vector<std::pair<const char*, const char*>> clauses = {
      {"status_code", "200"},         {"status_code", "300"},    {"status_code", "100,404"},
      {"status_code.gte", "404"},     {"status_code.lt", "201"}, {"status_code.exists", "false"},
      {"status_code.exists", "true"}, {"took_ms.gt", "79.5"},    {"took_ms.lte", "1.5"},
      {"method.exists", "false"},     {"method.ne", "GET"},      {"status_code.ne", "200"}};
  for (const auto& [name, text] : clauses) {
    EXPECT_TRUE(may_match(clause(name, text))) << name << " " << text;
  }
  EXPECT_TRUE(may_match(Filter()));
  EXPECT_TRUE(may_match(negate(clause("status_code", "100"))));
  EXPECT_TRUE(may_match(equals({}, "an id")));
}

TEST_F(HintsTest, BlocksThatCannotMatchArePassedBy) {
  const std::vector<std::pair<const char*, const char*>> clauses = {
      {"status_code", "199"},      {"status_code", "100,405"}, {"status_code.gt", "404"},
      {"status_code.lt", "200"},   {"took_ms.gte", "80.5"},    {"took_ms.lt", "1.5"},
      {"took_ms.exists", "false"}, {"method", "GET"},          {"method", "GET,PUT"},
      {"method.exists", "true"}};
  for (const auto& [name, text] : clauses) {
    EXPECT_FALSE(may_match(clause(name, text))) << name << " " << text;
  }
  EXPECT_FALSE(may_match(both(clause("status_code", "200"), clause("method", "GET"))));
  EXPECT_TRUE(may_match(either(clause("status_code", "200"), clause("method", "GET"))));
}

TEST_F(HintsTest, NumbersWithoutAnOrderHaveNoRange) {
  Column column(Type::kFloat);
  column.append(std::numeric_limits<double>::quiet_NaN());
  column.append(1.0);
  column.append(Value());
  EXPECT_EQ(hint_of(column, 4, {0, 1, 2}), (Hint{4, 1, false, 0, 0}));
}

TEST_F(HintsTest, HintsComeBack) {
  for (const Hint& hint : hints_) {
    std::string bytes;
    put_hint(bytes, hint);
    ByteReader in(bytes);
    EXPECT_EQ(read_hint(in), hint);
    EXPECT_TRUE(in.ok() && in.at_end());
  }
}

}  // namespace
}  // namespace daybook::columns
