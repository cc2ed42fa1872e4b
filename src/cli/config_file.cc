#include "cli/config_file.h"

#include <fstream>
#include <sstream>

#include "base/text.h"

namespace daybook::cli {

namespace {

bool is_bare_key(std::string_view key) {
  for (const char c : key) {
    const bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-';
    if (!fine) return false;
  }
  return !key.empty();
}

// The rest of a line after a value may only be blank or a comment.
bool is_rest_empty(std::string_view rest) {
  rest = trim(rest);
  return rest.empty() || rest.front() == '#';
}

std::optional<std::string> literal_text(std::string_view text) {
  const std::size_t end = text.find('\'', 1);
  if (end == std::string_view::npos || !is_rest_empty(text.substr(end + 1))) return std::nullopt;
  return std::string(text.substr(1, end - 1));
}

std::optional<std::string> quoted_text(std::string_view text) {
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"')
      return is_rest_empty(text.substr(i + 1)) ? std::optional(value) : std::nullopt;
    if (text[i] != '\\') {
      value += text[i];
      continue;
    }
    if (++i == text.size()) return std::nullopt;
    if (text[i] == 'n')
      value += '\n';
    else if (text[i] == 't')
      value += '\t';
    else if (text[i] == '"' || text[i] == '\\')
      value += text[i];
    else
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::string> bare_value(std::string_view text) {
  const std::string_view word = trim(text.substr(0, text.find('#')));
  if (word == "true" || word == "false") return std::string(word);
  if (word.find_first_not_of("0123456789+-._eE") != std::string_view::npos) return std::nullopt;
  return word.empty() ? std::nullopt : std::optional(std::string(word));
}

std::optional<std::string> value_of(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (text.front() == '"') return quoted_text(text);
  if (text.front() == '\'') return literal_text(text);
  return bare_value(text);
}

Error at_line(const std::string& path, int line, const std::string& what) {
  return Error(Code::kInvalid, path + " line " + std::to_string(line) + ": " + what);
}

}  // namespace

std::string ConfigFile::where(const Entry& entry) const {
  return path + " line " + std::to_string(entry.line);
}

Result<ConfigFile> parse_config(std::string path, std::string_view text) {
  ConfigFile file;
  file.path = std::move(path);
  int number = 0;
  for (const std::string_view raw : split(text, '\n')) {
    ++number;
    const std::string_view line = trim(raw);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t equals = line.find('=');
    const std::string_view key = trim(line.substr(0, equals));
    if (equals == std::string_view::npos || !is_bare_key(key)) {
      return at_line(file.path, number, "expected name = value, not '" + std::string(line) + "'");
    }
    const auto value = value_of(trim(line.substr(equals + 1)));
    if (!value) {
      return at_line(
          file.path, number,
          "'" + std::string(key) + "' must be a text in quotes, a number, true or false");
    }
    if (!file.entries.emplace(key, ConfigFile::Entry{*value, number}).second) {
      return at_line(file.path, number, "'" + std::string(key) + "' is said twice");
    }
  }
  return file;
}

Result<ConfigFile> read_config(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error(Code::kNotFound, "cannot read " + path);
  std::ostringstream text;
  text << in.rdbuf();
  return parse_config(path, text.str());
}

}  // namespace daybook::cli
