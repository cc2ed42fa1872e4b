// Declared answers: what a [[routes]] entry of the catalog asks, asked of the store. The members of
// an answer come as plain values; api/ writes them.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "engine/ask.h"
#include "engine/engine.h"
#include "engine/principal.h"
#include "engine/words.h"
#include "query/scan.h"

namespace daybook {

// A call of a declared route.
struct RouteCall {
  const Application& application;
  const Route& route;
  const Principal& principal;
  std::vector<std::pair<std::string, std::string>> path;  // the names in the path and their values
  Words words;
  Budget budget;
};

// What the route's parameters are in this call, the principal's own values included. Takes their
// words; kInvalid names a parameter that is missing or has a wrong type.
Result<Arguments> take_arguments(RouteCall& call);

// What a route's `where` means with these arguments.
Result<Filter> bind_where(const Collection& collection, const std::vector<Expression>& where,
                          const Arguments& arguments);
// What a route's `order` means; the collection's default when there is none.
Result<Order> bind_order(const Collection& collection, const std::vector<OrderKey>& order);

// A list of objects that have the same members.
struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<Value>> rows;
};
struct RowList {
  const Collection* collection = nullptr;
  std::vector<Row> rows;
};
struct FirstRow {
  const Collection* collection = nullptr;
  std::optional<Row> row;
};
using KeyedValues = std::vector<std::pair<std::string, Value>>;

struct AnswerMember {
  std::string name;
  // An optional window, one value, groups, a map, rows, a row, or a list of one field's values.
  std::variant<std::optional<Window>, Value, Table, KeyedValues, RowList, FirstRow,
               std::vector<Value>>
      content;
  bool is_cut = false;  // a list or a map: there is more than its limit lets through
};

struct Answer {
  std::vector<AnswerMember> members;
  Inquiries inquiries;
};
Result<Answer> answer(Engine& engine, RouteCall call);

// Whether every declared answer can be asked: its fields, aggregates, orders and renamings. The
// error's problems name file and line of each mistake.
Result<void> check_answers(const Catalog& catalog);

}  // namespace daybook
