// Dialect: the short list of what differs between the SQL databases. Values are always parameters;
// only names from the checked catalog are ever placed into text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "catalog/field.h"

namespace daybook::sql {

class Dialect {
 public:
  virtual ~Dialect() = default;

  // The n-th parameter, from 1.
  virtual std::string placeholder(std::size_t n) const = 0;
  virtual std::string_view column_type(Type type) const = 0;
  // What follows the closing bracket of CREATE TABLE.
  virtual std::string_view table_suffix() const = 0;
  // Equality that treats null as a value, as filters do.
  virtual std::string_view is_same() const = 0;
  virtual std::string_view is_other() const = 0;
  // An expression that is never null and equal only where the column is, null included.
  virtual std::string null_as_value(std::string_view column) const = 0;
};

const Dialect& sqlite_dialect();

// A name in double quotes.
std::string quote_name(std::string_view name);

}  // namespace daybook::sql
