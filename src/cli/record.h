// Records: what a file holds, one after the other, before they are made into rows of a collection.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "cli/input.h"

namespace daybook::cli {

struct Record {
  using Part = std::pair<std::string, std::string>;  // name, text

  std::uint64_t line = 0;   // where it begins, from 1
  std::string json;         // a JSON value as it stood there; or
  std::vector<Part> parts;  // named texts (CSV, logs); or
  std::string problem;      // why it cannot be read
};

// Reads one format. A record that cannot be read is given with its problem and reading goes on; an
// Error ends it (the file cannot be read, there is no heading).
class RecordReader {
 public:
  virtual ~RecordReader() = default;
  // False at the end.
  virtual Result<bool> next(Record& record) = 0;
};

enum class FileFormat {
  kNdjson,    // a JSON object a line
  kJson,      // an array of objects, or objects one after the other
  kCsv,       // RFC 4180 with a heading
  kCombined,  // Apache's and nginx's Common or Combined Log Format
  kLines,     // a text a line, as the part "line"
};

// By the format's name, else by the file's, else by how its first line looks. kInvalid when nothing
// tells.
Result<FileFormat> find_format(const std::string& name, const std::string& path,
                               const std::string& first_line);

std::unique_ptr<RecordReader> make_reader(FileFormat format, Input& input);

// One line of a log as parts: timestamp, method, endpoint, status_code, response_size_bytes,
// ip_address, user_id, referer, user_agent. What the log has as "-" is left out; a size of "-" is
// 0.
Result<std::vector<Record::Part>> parse_combined(std::string_view line);

}  // namespace daybook::cli
