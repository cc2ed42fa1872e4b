// CSV (RFC 4180): a heading, then records whose quoted fields may span lines. One thread.
#pragma once

#include <string>
#include <vector>

#include "cli/lines.h"
#include "cli/record.h"

namespace daybook::cli {

class CsvReader final : public RecordReader {
 public:
  explicit CsvReader(Input& input) : lines_(input) {}

  // Empty fields are left out.
  Result<bool> next(Record& record) override;

 private:
  Result<bool> read_fields(std::vector<std::string>& fields, std::string& problem);

  Lines lines_;
  std::vector<std::string> columns_;
  std::uint64_t began_ = 0;  // line of the record last read
};

}  // namespace daybook::cli
