// ConfigFile: the names and values of one daybook.toml. A plain value.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace daybook::cli {

struct ConfigFile {
  std::string path;  // empty: there is none
  struct Entry {
    std::string value;
    int line = 0;
  };
  std::map<std::string, Entry, std::less<>> entries;

  // "path line 3", for messages.
  std::string where(const Entry& entry) const;
};

// `name = value` lines: a text in quotes, a number or true and false; '#' begins a comment. That is
// the part of TOML 1.0 that settings need; a table or a list is kInvalid with its line.
Result<ConfigFile> parse_config(std::string path, std::string_view text);
// kNotFound when there is no such file.
Result<ConfigFile> read_config(const std::string& path);

}  // namespace daybook::cli
