// Declaration: what a command needs to know about a collection, read from GET /api/v1/catalog/...,
// so that it is the server's own also when that is elsewhere. A plain value.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/connection.h"

namespace daybook::cli {

struct Declaration {
  struct Field {
    std::string name;     // dotted when nested
    std::string type;     // "text", "int", ...
    std::string element;  // type of a list's or map's elements
    bool is_secret() const { return type == "secret"; }
  };
  std::string full_name;    // "shop/orders"
  std::string time;         // the time field of a journal; empty in a register
  bool fills_time = false;  // a row that does not say it gets the time at which it comes
  bool takes_undeclared = false;
  std::vector<Field> fields;

  const Field* find(std::string_view name) const;
  // Of a field or of an entry of a map ("scores.speed"); empty when it is not declared.
  std::string_view type_of(std::string_view name) const;
  // Whether some declared field stands inside this one ("oauth" of "oauth.google_id").
  bool is_group(std::string_view name) const;
};

Result<Declaration> read_declaration(std::string_view json);
// kNotFound suggests a near name.
Result<Declaration> fetch_declaration(Connection& connection, const std::string& collection);

}  // namespace daybook::cli
