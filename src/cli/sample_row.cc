#include "cli/sample_row.h"

#include <array>

#include "cli/answer.h"

namespace daybook::cli {

namespace {

constexpr std::string_view kWords = "daybook demo verify";

std::string raw(const json::Value& value) {
  std::string text;
  value.write(text);
  return text;
}

std::optional<json::Value> first_element(const json::Value& list) {
  return list.kind() == json::Kind::kArray ? list.elements().next() : std::nullopt;
}

bool is_set(const json::Value& object, std::string_view name) {
  const auto member = object.find(name);
  return member && member->kind() == json::Kind::kBool && member->as_bool();
}

bool is_number(std::string_view type) { return type == "int" || type == "float"; }

// {"one_of":...}, {"numbered":["dev_",40]}, {"between":[1,2]}, ...
std::string generated(const json::Value& how, std::string_view type);

std::string one_of(const json::Value& values, std::string_view type) {
  if (const auto first = first_element(values)) return raw(*first);
  const auto weighted = values.members().next();
  if (!weighted) return "null";
  const std::string name(weighted->first);
  return is_number(type) || type == "bool" ? name : json::quote(name);
}

std::string numbered(const json::Value& parts) {
  auto elements = parts.elements();
  std::string text(elements.next()->as_string());
  text += "1";
  elements.next();
  if (const auto after = elements.next()) text += after->as_string();
  return json::quote(text);
}

std::string each(const json::Value& entries) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  auto members = entries.members();
  while (const auto member = members.next()) {
    out.key(member->first).raw(generated(member->second, "float"));
  }
  out.end_object();
  return text;
}

std::string generated(const json::Value& how, std::string_view type) {
  if (const auto values = how.find("one_of")) return one_of(*values, type);
  if (const auto parts = how.find("numbered")) return numbered(*parts);
  if (const auto entries = how.find("each")) return each(*entries);
  constexpr std::array<std::string_view, 3> kNumbers = {"between", "around", "walk"};
  for (const std::string_view kind : kNumbers) {
    if (const auto numbers = how.find(kind)) return raw(*first_element(*numbers));
  }
  return json::quote(kWords);
}

// The least that a required field takes; empty when that cannot be told.
std::string least(const json::Value& field) {
  const std::string type = text_of(field, "type");
  if (const auto example = field.find("example")) return raw(*example);
  if (type == "text") return json::quote(kWords);
  if (type == "bool") return "true";
  if (type == "choice") {
    const auto choices = field.find("of");
    return choices ? raw(*first_element(*choices)) : "";
  }
  if (is_number(type)) {
    const auto min = field.find("min");
    return min ? raw(*min) : "1";
  }
  if (type == "list") return "[]";
  return type == "map" || type == "json" ? "{}" : "";
}

bool is_said_by_server(const json::Value& field) {
  return field.find("default") || field.find("derive") ||
         text_of(field, "from").starts_with("connection");
}

// Adds a member when the row should have it; false when it cannot be made.
bool add_member(std::string_view name, const json::Value& field,
                const std::optional<json::Value>& how, SampleRow& row) {
  const bool is_required = is_set(field, "required") && !is_said_by_server(field);
  if (field.find("references")) return !is_required;
  if (how) {
    row.members.emplace_back(name, generated(*how, text_of(field, "type")));
    return true;
  }
  if (!is_required) return true;
  std::string value = least(field);
  if (value.empty()) return false;
  row.members.emplace_back(name, std::move(value));
  return true;
}

}  // namespace

std::string SampleRow::json() const {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const auto& [name, value] : members) out.key(name).raw(value);
  out.end_object();
  return text;
}

std::optional<std::string> SampleRow::plain(std::string_view name) const {
  for (const auto& [member, text] : members) {
    if (member != name || text.empty() || text[0] == '{' || text[0] == '[') continue;
    return text[0] == '"' ? text.substr(1, text.size() - 2) : text;
  }
  return std::nullopt;
}

std::optional<SampleRow> sample_row(const json::Value& collection) {
  const auto fields = collection.find("fields");
  const auto demo = collection.find("demo");
  if (!fields) return std::nullopt;
  SampleRow row;
  auto members = fields->members();
  while (const auto field = members.next()) {
    const auto how = demo ? demo->find(field->first) : std::nullopt;
    if (!add_member(field->first, field->second, how, row)) return std::nullopt;
  }
  return row;
}

}  // namespace daybook::cli
