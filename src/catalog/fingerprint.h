// Fingerprints: which rows are the same thing happening again ([group] of a declaration). Two rows
// are alike when the fields of the group are, once what varies from one time to the next is left
// out. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "catalog/collection.h"
#include "catalog/row.h"

namespace daybook {

// The text without its variable parts: numbers, ids, addresses, e-mail addresses, quoted texts,
// line numbers, times and temporary directories become '#', runs of blanks one blank.
std::string without_variables(std::string_view text);

// "1-" and 16 hexadecimal digits: the version of the rule above, and a hash of the group's fields.
// A new rule has a new version, so that groups of different rules never meet.
std::string fingerprint(const Grouping& group, const Row& row);

}  // namespace daybook
