// ImportSource: what an import calls the rows of a file that have no ids of their own, so that the
// same line of the same file is the same row whenever it is sent, and what an earlier import of the
// file decided. One thread.
#pragma once

#include <optional>
#include <string>

#include "cli/connection.h"
#include "cli/declaration.h"
#include "cli/record.h"
#include "cli/shape.h"

namespace daybook::cli {

class ImportSource {
 public:
  // The name of a file, without its directory and packing, unless the caller has a better one.
  static ImportSource named(const std::string& name);
  // Like no other: nothing that it brings is recognised later.
  static ImportSource unique();

  // A UUID made of the source, the record's line and its content as it stands in the file.
  std::string id_of(const Record& record) const;

 private:
  explicit ImportSource(std::string name) : name_(std::move(name)) {}

  std::string name_;
};

// "/data/access.log.gz" -> "access.log".
std::string source_name(const std::string& path);

// What an earlier import of the same file into a journal did to the times of its rows.
struct EarlierImport {
  std::optional<Duration> shift;   // whole days that it moved the times that rows say
  std::optional<Instant> arrival;  // the time that it gave to rows that say none
};

// Asks for the first of the file's rows; both are empty when none of them is there.
Result<EarlierImport> find_earlier(Connection& connection, const std::string& path,
                                   const ImportSource& source, const Shape& unmoved,
                                   const Declaration& declaration, RecordReader& reader);

}  // namespace daybook::cli
