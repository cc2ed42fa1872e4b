// RegisterTable: the rows of a register as rows of its table. Functions over a connection; changes
// are made inside the caller's transaction.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/collection.h"
#include "catalog/row.h"
#include "query/filter.h"
#include "query/scan.h"
#include "store/sqlite/connection.h"

namespace daybook::sqlite {

// Makes the table, its new columns and its indexes, and drops indexes that are not declared
// (register_schema.cc).
Result<void> prepare_register(Connection& db, const Collection& collection);

// A column of the table as a value of the field's type.
Value read_column(const Query& query, int column, Type type);

// By the row's key; where the collection has no tenants, `tenant` is null.
Result<std::optional<Row>> find_row(Connection& db, const Collection& collection,
                                    std::string_view id, const Value& tenant);
// The rows of an id, by tenant: where the collection has none, at most one.
Result<std::vector<Row>> find_rows(Connection& db, const Collection& collection,
                                   std::string_view id);
// Whether it is there or not.
Result<void> put_row(Connection& db, const Collection& collection, const Row& row);
Result<void> remove_row(Connection& db, const Collection& collection, std::string_view id,
                        const Value& tenant);
// The id of another row that has the row's key in a unique index, and its tenant.
Result<std::optional<std::string>> key_holder(Connection& db, const Collection& collection,
                                              const Index& index, const Row& row);

// Calls `look` for rows that the filter may mean (it looks at them again itself), in the order
// where one is given, until it says false.
using Look = std::function<Result<bool>(Row&&)>;
Result<void> look_at_rows(Connection& db, const Collection& collection, const Filter& filter,
                          const std::string& order_by, const Look& look);

}  // namespace daybook::sqlite
