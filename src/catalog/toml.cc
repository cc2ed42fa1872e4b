#include "catalog/toml.h"

#include <algorithm>
#include <sstream>
#include <tuple>

#include <toml++/toml.h>

#include "base/bug.h"

namespace daybook {

namespace {

int line_of(const toml::source_region& region) { return static_cast<int>(region.begin.line); }

template <typename T>
std::string printed(const toml::value<T>& value) {
  std::ostringstream out;
  out << value.get();
  return out.str();
}

Toml read(const toml::node& node);

// The library sorts members by name; the file's own order is that of their keys.
void read_members(const toml::table& table, Toml& out) {
  std::vector<std::pair<const toml::key*, const toml::node*>> members;
  for (const auto& [key, node] : table) members.emplace_back(&key, &node);
  std::stable_sort(members.begin(), members.end(), [](const auto& a, const auto& b) {
    const auto& left = a.first->source().begin;
    const auto& right = b.first->source().begin;
    return std::tie(left.line, left.column) < std::tie(right.line, right.column);
  });
  for (const auto& [key, node] : members) {
    Toml value = read(*node);
    value.line = line_of(key->source());
    out.members.push_back({std::string(key->str()), std::move(value)});
  }
}

Toml read(const toml::node& node) {
  Toml out;
  out.line = line_of(node.source());
  if (const auto* table = node.as_table()) {
    read_members(*table, out);
  } else if (const auto* list = node.as_array()) {
    out.kind = Toml::Kind::kList;
    for (const auto& element : *list) out.elements.push_back(read(element));
  } else if (const auto* text = node.as_string()) {
    out.kind = Toml::Kind::kText;
    out.text = text->get();
  } else if (const auto* whole = node.as_integer()) {
    out.kind = Toml::Kind::kInt;
    out.whole = whole->get();
    out.number = static_cast<double>(out.whole);
  } else if (const auto* number = node.as_floating_point()) {
    out.kind = Toml::Kind::kFloat;
    out.number = number->get();
  } else if (const auto* flag = node.as_boolean()) {
    out.kind = Toml::Kind::kBool;
    out.flag = flag->get();
  } else {
    out.kind = Toml::Kind::kTime;
    if (const auto* instant = node.as_date_time()) out.text = printed(*instant);
    if (const auto* date = node.as_date()) out.text = printed(*date);
    if (const auto* time = node.as_time()) out.text = printed(*time);
  }
  return out;
}

}  // namespace

const Toml* Toml::find(std::string_view key) const {
  for (const auto& [name, value] : members) {
    if (name == key) return &value;
  }
  return nullptr;
}

std::string_view kind_name(Toml::Kind kind) {
  switch (kind) {
    case Toml::Kind::kText:
      return "a text";
    case Toml::Kind::kInt:
      return "a whole number";
    case Toml::Kind::kFloat:
      return "a number";
    case Toml::Kind::kBool:
      return "true or false";
    case Toml::Kind::kTime:
      return "a time";
    case Toml::Kind::kList:
      return "a list";
    case Toml::Kind::kTable:
      return "a table";
  }
  bug("a TOML value of no kind");
}

Result<Toml> parse_toml(std::string_view text, int& line) {
  try {
    return read(toml::parse(text));
  } catch (const toml::parse_error& error) {
    line = line_of(error.source());
    return Error(Code::kInvalid, std::string(error.description()));
  }
}

void write_json(const Toml& value, json::Writer& out) {
  switch (value.kind) {
    case Toml::Kind::kText:
    case Toml::Kind::kTime:
      out.value(value.text);
      return;
    case Toml::Kind::kInt:
      out.value(value.whole);
      return;
    case Toml::Kind::kFloat:
      out.value(value.number);
      return;
    case Toml::Kind::kBool:
      out.value(value.flag);
      return;
    case Toml::Kind::kList:
      out.begin_array();
      for (const Toml& element : value.elements) write_json(element, out);
      out.end_array();
      return;
    case Toml::Kind::kTable:
      out.begin_object();
      for (const auto& [key, member] : value.members) {
        out.key(key);
        write_json(member, out);
      }
      out.end_object();
      return;
  }
}

std::string json_text(const Toml& value) {
  std::string text;
  json::Writer out(text);
  write_json(value, out);
  return text;
}

}  // namespace daybook
