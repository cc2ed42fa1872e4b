#include "cli/rows_out.h"

#include <algorithm>

#include "base/text.h"

namespace daybook::cli {

namespace {

void flatten(const json::Value& object, const std::string& prefix,
             std::vector<std::pair<std::string, std::string>>& out) {
  auto members = object.members();
  while (const auto member = members.next()) {
    const std::string name = prefix + std::string(member->first);
    const bool is_nested =
        member->second.kind() == json::Kind::kObject && member->second.size() > 0;
    if (is_nested)
      flatten(member->second, name + ".", out);
    else
      out.emplace_back(name, cell_text(member->second));
  }
}

// The value at a dotted name, in one step where a member has the whole name.
std::optional<json::Value> find_dotted(const json::Value& object, std::string_view name) {
  if (const auto whole = object.find(name)) return whole;
  for (std::size_t dot = name.find('.'); dot != std::string_view::npos;
       dot = name.find('.', dot + 1)) {
    const auto outer = object.find(name.substr(0, dot));
    if (!outer || outer->kind() != json::Kind::kObject) continue;
    if (const auto inner = find_dotted(*outer, name.substr(dot + 1))) return inner;
  }
  return std::nullopt;
}

// A cell that keeps its line a line.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (c == '\r')
      out += "\\r";
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      out += '?';  // no escape sequences
    else
      out += c;
  }
  return out;
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.-+eE") == std::string_view::npos;
}

}  // namespace

void declare_format(Options& options, FormatWords& words) {
  options.option("--format", "FORMAT", words.format, "table, plain, json, ndjson or csv");
  options.flag("--json", words.json, "the same as --format json");
  options.flag("--plain", words.plain, "a row a line with tabs, for grep and awk");
}

Result<RowForm> format_of(const FormatWords& words) {
  const std::string name = words.json ? "json" : words.plain ? "plain" : words.format;
  if (name.empty() || name == "table") return RowForm::kTable;
  if (name == "plain") return RowForm::kPlain;
  if (name == "json") return RowForm::kJson;
  if (name == "ndjson") return RowForm::kNdjson;
  if (name == "csv") return RowForm::kCsv;
  return Error(Code::kInvalid,
               "--format: '" + name + "' is not one of table, plain, json, ndjson, csv");
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string cell_text(const json::Value& value) {
  if (value.kind() == json::Kind::kNull) return "";
  if (value.kind() == json::Kind::kString) return std::string(value.as_string());
  std::string text;
  value.write(text);
  return text;
}

RowsOut::RowsOut(Terminal& terminal, RowForm format, std::vector<std::string> columns)
    : terminal_(terminal),
      format_(format),
      columns_(std::move(columns)),
      are_columns_fixed_(!columns_.empty()) {
  if (are_columns_fixed_ && format_ == RowForm::kCsv) write(columns_);
}

void RowsOut::add(const json::Value& row) {
  if (format_ == RowForm::kNdjson) {
    std::string line;
    row.write(line);
    terminal_.print(line + "\n");
    return;
  }
  Cells cells;
  if (are_columns_fixed_) {
    for (const std::string& column : columns_) {
      const auto value = find_dotted(row, column);
      cells.emplace_back(column, value ? cell_text(*value) : "");
    }
  } else {
    flatten(row, "", cells);
    for (const auto& [name, text] : cells) {
      if (std::find(columns_.begin(), columns_.end(), name) == columns_.end())
        columns_.push_back(name);
    }
  }
  if (are_columns_fixed_ && format_ != RowForm::kTable)
    write(line_of(cells));
  else
    waiting_.push_back(std::move(cells));
}

std::vector<std::string> RowsOut::line_of(const Cells& cells) const {
  std::vector<std::string> line(columns_.size());
  for (const auto& [name, text] : cells) {
    const auto at = std::find(columns_.begin(), columns_.end(), name);
    line[static_cast<std::size_t>(at - columns_.begin())] = text;
  }
  return line;
}

void RowsOut::write(const std::vector<std::string>& line) {
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (i > 0) out += format_ == RowForm::kCsv ? "," : "\t";
    out += format_ == RowForm::kCsv ? csv_cell(line[i]) : one_line(line[i]);
  }
  terminal_.print(out + (format_ == RowForm::kCsv ? "\r\n" : "\n"));
}

void RowsOut::write_table() const {
  std::vector<std::vector<std::string>> lines;
  lines.reserve(waiting_.size());
  for (const Cells& cells : waiting_) lines.push_back(line_of(cells));
  terminal_.print(table_text(columns_, lines, terminal_));
}

void RowsOut::finish() {
  if (format_ == RowForm::kTable) {
    if (!waiting_.empty()) write_table();
  } else if (!are_columns_fixed_ && format_ != RowForm::kNdjson) {
    if (format_ == RowForm::kCsv && !columns_.empty()) write(columns_);
    for (const Cells& cells : waiting_) write(line_of(cells));
  }
  waiting_.clear();
}

std::string table_text(const std::vector<std::string>& columns,
                       const std::vector<std::vector<std::string>>& lines,
                       const Terminal& terminal) {
  constexpr std::size_t kWidestOnTerminal = 60;
  std::vector<std::vector<std::string>> shown;
  std::vector<std::size_t> widths;
  std::vector<bool> is_right(columns.size(), true);
  for (const std::string& column : columns) widths.push_back(width_of(column));
  for (const auto& line : lines) {
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      std::string cell = one_line(line[i]);
      if (terminal.look().out_is_terminal && width_of(cell) > kWidestOnTerminal) {
        cell = std::string(utf8_prefix(cell, kWidestOnTerminal - 3)) + "...";
      }
      widths[i] = std::max(widths[i], width_of(cell));
      if (!cell.empty() && !is_number(cell)) is_right[i] = false;
      cells.push_back(std::move(cell));
    }
    shown.push_back(std::move(cells));
  }
  const auto padded = [&](const std::vector<std::string>& cells) {
    std::string out;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string space(widths[i] - width_of(cells[i]), ' ');
      const bool is_last = i + 1 == cells.size();
      out += is_right[i] ? space + cells[i] : is_last ? cells[i] : cells[i] + space;
      if (!is_last) out += "  ";
    }
    out.erase(out.find_last_not_of(' ') + 1);
    return out;
  };
  std::string out = terminal.bold(padded(columns)) + "\n";
  for (const auto& cells : shown) out += padded(cells) + "\n";
  return out;
}

}  // namespace daybook::cli
