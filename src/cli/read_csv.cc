#include "cli/read_csv.h"

#include "base/text.h"

namespace daybook::cli {

namespace {

// Reads fields of one line into `fields`; true when a quoted one is still open at its end.
bool scan_line(std::string_view line, std::vector<std::string>& fields, bool is_open) {
  if (is_open)
    fields.back() += '\n';
  else
    fields.emplace_back();
  bool in_quotes = is_open;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (in_quotes && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += '"';
      ++i;
    } else if (c == '"' && (in_quotes || fields.back().empty())) {
      in_quotes = !in_quotes;
    } else if (c == ',' && !in_quotes) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return in_quotes;
}

}  // namespace

Result<bool> CsvReader::read_fields(std::vector<std::string>& fields, std::string& problem) {
  std::string line;
  do {
    DAYBOOK_ASSIGN(const bool more, lines_.next(line));
    if (!more) return false;
  } while (line.empty());
  began_ = lines_.number();
  std::size_t bytes = line.size();
  bool is_open = scan_line(line, fields, false);
  while (is_open) {
    DAYBOOK_ASSIGN(const bool more, lines_.next(line));
    bytes += line.size();
    if (!more || bytes > kMaxLineBytes) {
      problem = "has a quote that is not closed";
      break;
    }
    is_open = scan_line(line, fields, true);
  }
  return true;
}

Result<bool> CsvReader::next(Record& record) {
  if (columns_.empty()) {
    std::string problem;
    DAYBOOK_ASSIGN(const bool more, read_fields(columns_, problem));
    if (!more) return Error(Code::kInvalid, "there is no heading: the file is empty");
    for (std::string& column : columns_) column = std::string(trim(column));
    for (const std::string& column : columns_) {
      if (column.empty()) return Error(Code::kInvalid, "a column of the heading has no name");
    }
  }
  std::vector<std::string> fields;
  DAYBOOK_ASSIGN(const bool more, read_fields(fields, record.problem));
  if (!more) return false;
  record.line = began_;
  if (record.problem.empty() && fields.size() != columns_.size()) {
    record.problem = "has " + std::to_string(fields.size()) + " fields, the heading has " +
                     std::to_string(columns_.size());
  }
  if (!record.problem.empty()) return true;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!fields[i].empty()) record.parts.emplace_back(columns_[i], std::move(fields[i]));
  }
  return true;
}

}  // namespace daybook::cli
