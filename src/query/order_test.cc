#include <gtest/gtest.h>

#include <algorithm>

#include "query/sample_collection.h"
#include "query/scan.h"

namespace daybook {
namespace {

const Collection& journal() {
  static const Collection kJournal = sample_journal();
  return kJournal;
}

Row visit(std::string id, int seconds, const char* endpoint) {
  Row row = sample_row(journal(), std::move(id), from_micros(seconds * 1'000'000));
  if (endpoint != nullptr) set(journal(), row, "endpoint", endpoint);
  return row;
}

std::string sorted_ids(const Collection& collection, const Order& order, std::vector<Row> rows) {
  std::sort(rows.begin(), rows.end(),
            [&](const Row& a, const Row& b) { return compare_rows(collection, order, a, b) < 0; });
  std::string ids;
  for (const Row& row : rows) ids += row.id;
  return ids;
}

TEST(OrderTest, OrdersRowsTotally) {
  const std::vector<Row> rows = {visit("c", 2, "/x"), visit("a", 1, "/y"), visit("b", 1, "/x"),
                                 visit("d", 3, nullptr)};
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"timestamp", "abcd"},
      {"-timestamp", "dcba"},
      {"endpoint", "dbca"},
      {"-endpoint", "acbd"},
      {"endpoint,-timestamp", "dcba"},
      {"id", "abcd"},
      {"-id", "dcba"},
      {" -endpoint , timestamp ", "abcd"}};
  for (const auto& [text, expected] : cases) {
    const auto order = parse_order(journal(), text);
    ASSERT_TRUE(order.ok()) << order.error().message();
    EXPECT_EQ(sorted_ids(journal(), *order, rows), expected) << text;
  }
}

TEST(OrderTest, HasADefaultOfEachKind) {
  const std::vector<Row> rows = {visit("a", 2, nullptr), visit("b", 1, nullptr)};
  EXPECT_EQ(sorted_ids(journal(), default_order(journal()), rows), "ab");
  const Collection guests = sample_register();
  EXPECT_EQ(
      sorted_ids(guests, default_order(guests), {sample_row(guests, "z"), sample_row(guests, "y")}),
      "yz");
}

TEST(OrderTest, NamesTheFieldThatIsWrong) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", "order: there is no field ''"},
      {"endpoint,,id", "order: there is no field ''"},
      {"timestmap",
       "order: there is no field 'timestmap' in shop/visits; did you mean 'timestamp'?"},
      {"details", "order: rows cannot be ordered by details, which is of type json"},
      {"token", "order: rows cannot be ordered by token, which is of type secret"},
      {"endpoint,-endpoint", "order: endpoint is named twice"},
      {"id,endpoint,method,status_code,took_ms,kind,resolved,day,email",
       "order: at most 8 fields"}};
  for (const auto& [text, message] : cases) {
    const auto order = parse_order(journal(), text);
    ASSERT_FALSE(order.ok()) << text;
    EXPECT_TRUE(order.error().message().starts_with(message)) << order.error().message();
  }
}

TEST(OrderTest, RowsOfTwoTenantsWithOneKeyAreInOrder) {
  for (Collection collection : {sample_journal(), sample_register()}) {
    collection.tenant_field = collection.find_field(collection.is_journal() ? "endpoint" : "email");
    std::vector<Row> rows;
    for (const char* tenant : {"b", "a", "c"}) {
      rows.push_back(sample_row(collection, "x"));
      rows.back().values[*collection.tenant_field] = Value(tenant);
    }
    const Order order = default_order(collection);
    const int sign = collection.is_journal() ? -1 : 1;
    EXPECT_EQ(compare_rows(collection, order, rows[0], rows[1]), sign);
    EXPECT_EQ(compare_rows(collection, order, rows[0], rows[2]), -sign);
    const Place place = place_of(collection, order, rows[0]);
    EXPECT_EQ(compare_to_place(collection, order, rows[0], place), 0);
    EXPECT_EQ(compare_to_place(collection, order, rows[1], place), -sign);
    EXPECT_EQ(compare_to_place(collection, order, rows[2], place), sign);
  }
}

TEST(OrderTest, APlaceStandsWhereItsRowStands) {
  const std::vector<Row> rows = {visit("c", 2, "/x"), visit("a", 1, "/y"), visit("b", 1, "/x"),
                                 visit("d", 3, nullptr), visit("e", 3, nullptr)};
  for (const std::string_view text :
       {"timestamp", "-timestamp", "-endpoint", "endpoint,-id", "-id"}) {
    const Order order = *parse_order(journal(), text);
    for (const Row& a : rows) {
      const Place place = place_of(journal(), order, a);
      for (const Row& b : rows) {
        EXPECT_EQ(compare_to_place(journal(), order, b, place),
                  compare_rows(journal(), order, b, a))
            << text << " " << a.id << b.id;
      }
    }
  }
}

}  // namespace
}  // namespace daybook
