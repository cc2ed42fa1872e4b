// Filter and order -> SQL text with parameters. What the text lets through is looked at again with
// matches(), so it may let through too much and never too little. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "query/filter.h"
#include "query/scan.h"
#include "store/sql/dialect.h"

namespace daybook::sql {

struct Where {
  std::string text;           // empty: every row
  std::vector<Value> values;  // of the parameters, from 1
  bool is_exact = true;       // lets through just what the filter means
};

Where where(const Dialect& dialect, const Collection& collection, const Filter& filter);

// "ORDER BY ..." for an order that the database sorts as compare_rows() does; empty when it cannot.
std::optional<std::string> order_by(const Collection& collection, const Order& order);

}  // namespace daybook::sql
