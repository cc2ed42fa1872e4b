// Toml: one value of a declaration file, with the line where it stands and members in the order of
// the file. The only home of the TOML library is toml.cc. Private to this folder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace daybook {

struct TomlMember;

struct Toml {
  enum class Kind { kText, kInt, kFloat, kBool, kTime, kList, kTable };

  Kind kind = Kind::kTable;
  int line = 0;
  std::string text;  // of kText; of kTime the instant, date or time as it is written
  std::int64_t whole = 0;
  double number = 0;
  bool flag = false;
  std::vector<Toml> elements;
  std::vector<TomlMember> members;

  const Toml* find(std::string_view key) const;
};

struct TomlMember {
  std::string key;
  Toml value;
};

// "a text", "a table", ... for messages.
std::string_view kind_name(Toml::Kind kind);

// The whole file as a table. The message of an error is what the library says; its line is in
// `line`.
Result<Toml> parse_toml(std::string_view text, int& line);

void write_json(const Toml& value, json::Writer& out);
std::string json_text(const Toml& value);

}  // namespace daybook
