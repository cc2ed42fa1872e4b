// Shape: makes the records of a file into rows of a collection as they are sent in: parts renamed,
// added, left out, typed as declared, nested by their dotted names, moved in time. A plain value.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "cli/declaration.h"
#include "cli/record.h"

namespace daybook::cli {

struct Shape {
  std::vector<std::pair<std::string, std::string>> renamed;  // from, to
  std::vector<std::pair<std::string, std::string>> added;  // field, text; in place of what is there
  std::vector<std::string> dropped;
  bool drops_undeclared = false;  // logs have more parts than a collection may declare
  Duration shift{};               // whole days, added to every time and date

  bool changes_json() const {
    return !renamed.empty() || !added.empty() || !dropped.empty() || shift.count() != 0;
  }
};

// "a=b" words into pairs; kInvalid names the flag and the word.
Result<std::vector<std::pair<std::string, std::string>>> parse_pairs(
    const std::string& flag, const std::vector<std::string>& words);

// What a row gets that does not say it; nothing where it is empty.
struct Missing {
  std::string id;
  std::string time;
};

// The row as JSON. kInvalid when the record cannot be one.
Result<std::string> shape_record(const Shape& shape, const Declaration& declaration,
                                 const Record& record, const Missing& missing = {});

// The time that the row of this record will have, when the record says it.
std::optional<Instant> time_of(const Shape& shape, const Declaration& declaration,
                               const Record& record);

// The greatest whole number of days that leaves `newest` in the past; 0 when it is not in the past.
Duration days_until_now(Instant newest, Instant now);

}  // namespace daybook::cli
