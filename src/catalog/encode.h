// Row -> JSON and CSV. Secrets are never written. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "catalog/collection.h"
#include "catalog/row.h"

namespace daybook {

// Which fields an answer shows: ordinals in order, empty for all; hidden ones are left out always.
struct Projection {
  std::vector<std::size_t> fields;
  std::vector<std::size_t> hidden;
  bool with_extra = true;
};

// The id first, then the fields in declared order, nested by their dotted names; nulls are written
// only for fields that were asked for by name. Kept undeclared members stand at the top level.
void encode_row(const Collection& collection, const Row& row, const Projection& projection,
                json::Writer& out);
void encode_value(const Value& value, json::Writer& out);

// RFC 4180: one line with CRLF. Lists, maps and json as JSON text; a text that a spreadsheet would
// run as a formula is written as it is (the data stays true).
std::string csv_header(const Collection& collection, const Projection& projection);
std::string csv_line(const Collection& collection, const Row& row, const Projection& projection);

}  // namespace daybook
