// A journal and a register with a field of every type, for the tests and fuzzers of questions.
#pragma once

#include <string>

#include "catalog/collection.h"
#include "catalog/row.h"

namespace daybook {

Collection sample_journal();
Collection sample_register();

// A row of the collection with nothing but id and, of a journal, time.
Row sample_row(const Collection& collection, std::string id, Instant time = {});
// Sets a field by its dotted name.
void set(const Collection& collection, Row& row, std::string_view name, Value value);

}  // namespace daybook
