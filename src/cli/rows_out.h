// Rows on their way to people and files: JSON objects laid out as a table, as lines, as CSV or as
// they are. One thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "cli/options.h"
#include "cli/terminal.h"

namespace daybook::cli {

enum class RowForm {
  kTable,   // aligned, with a heading
  kPlain,   // a row a line, tabs between, no heading: for grep and awk
  kJson,    // the answer of the server as one document
  kNdjson,  // a row a line
  kCsv,     // RFC 4180 with a heading
};

struct FormatWords {
  std::string format;
  bool json = false;
  bool plain = false;
};
void declare_format(Options& options, FormatWords& words);
Result<RowForm> format_of(const FormatWords& words);

// One field of CSV, quoted where it must be.
std::string csv_cell(std::string_view text);
// A scalar as its text, null as nothing, anything else as JSON.
std::string cell_text(const json::Value& value);

// Takes rows in any format but kJson.
class RowsOut {
 public:
  // Without columns they are found from the rows, which then wait for finish(); with columns, CSV
  // and lines go out at once. Dotted columns reach into nested objects.
  RowsOut(Terminal& terminal, RowForm format, std::vector<std::string> columns = {});

  void add(const json::Value& row);
  void finish();

 private:
  using Cells = std::vector<std::pair<std::string, std::string>>;  // by column, in order
  std::vector<std::string> line_of(const Cells& cells) const;
  void write(const std::vector<std::string>& line);
  void write_table() const;

  Terminal& terminal_;
  RowForm format_;
  std::vector<std::string> columns_;
  bool are_columns_fixed_;
  std::vector<Cells> waiting_;
};

// Lines under a bold heading, each column as wide as its widest cell; on a terminal long cells are
// cut.
std::string table_text(const std::vector<std::string>& columns,
                       const std::vector<std::vector<std::string>>& lines,
                       const Terminal& terminal);

}  // namespace daybook::cli
