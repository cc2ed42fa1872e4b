// A register's declaration -> the text that makes its table and indexes. Pure.
//
// A register is a table of its full name: `id` first, then a column a field (nested ones by their
// dotted names), then `extra`. The id is its key; where it has tenants, id and tenant are, by an
// index, since rows from before there were tenants have none. An index over a list is a table of
// (value, id) beside it: some row of this id has the value.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/collection.h"
#include "store/sql/dialect.h"

namespace daybook::sql {

std::string create_table(const Dialect& dialect, const Collection& collection);
std::string add_column(const Dialect& dialect, const Collection& collection, const Field& field);
// Of a register with tenants.
std::optional<std::string> create_key(const Dialect& dialect, const Collection& collection);
// That one and a text for each index that is declared, each harmless when it is there already.
// Empty for an index that is a table of elements.
std::vector<std::string> create_indexes(const Dialect& dialect, const Collection& collection);
// The tables of elements, one a list field that an index begins with.
std::vector<std::string> create_element_tables(const Dialect& dialect,
                                               const Collection& collection);

// Whether rows are found by the elements of this field.
bool has_element_table(const Collection& collection, std::size_t field);
std::string element_table(const Collection& collection, std::size_t field);
// The name of an index in the database, where names are shared by all tables.
std::string index_name(const Collection& collection, const Index& index);
// "id", the fields and "extra", quoted, with commas.
std::string column_list(const Collection& collection);

}  // namespace daybook::sql
