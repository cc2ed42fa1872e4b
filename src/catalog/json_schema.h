// JSON Schema 2020-12 of rows and values, to stand within another document; json_schema() of
// catalog.h is one by itself. Pure; any thread.
#pragma once

#include "base/json.h"
#include "catalog/collection.h"

namespace daybook {

// A row as it is sent in.
void write_sent_schema(const Collection& collection, json::Writer& out);
// A row and a value as they are told: secrets never are, people may be pseudonyms, and any member
// but the id may be missing.
void write_told_schema(const Collection& collection, json::Writer& out);
void write_value_schema(const Field& field, json::Writer& out);

}  // namespace daybook
