#include "cli/declaration.h"

#include "base/json.h"
#include "cli/answer.h"
#include "cli/question.h"

namespace daybook::cli {

namespace {

Declaration::Field field_of(std::string_view name, const json::Value& object) {
  Declaration::Field field{std::string(name), text_of(object, "type"), ""};
  const auto element = object.find("of");  // of a choice it is the list of choices
  if (element && element->kind() == json::Kind::kObject) field.element = text_of(*element, "type");
  return field;
}

}  // namespace

const Declaration::Field* Declaration::find(std::string_view name) const {
  for (const Field& field : fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

std::string_view Declaration::type_of(std::string_view name) const {
  if (const Field* field = find(name)) return field->type;
  for (const Field& field : fields) {
    const bool is_entry = field.type == "map" && name.size() > field.name.size() &&
                          name.starts_with(field.name) && name[field.name.size()] == '.';
    if (is_entry) return field.element;
  }
  return "";
}

bool Declaration::is_group(std::string_view name) const {
  for (const Field& field : fields) {
    const bool is_inside = field.name.size() > name.size() && field.name.starts_with(name) &&
                           field.name[name.size()] == '.';
    if (is_inside) return true;
  }
  return false;
}

Result<Declaration> read_declaration(std::string_view text) {
  json::Parser parser;
  DAYBOOK_ASSIGN(const json::Value object, parser.parse(text));
  const auto fields = object.kind() == json::Kind::kObject ? object.find("fields") : std::nullopt;
  if (!fields || fields->kind() != json::Kind::kObject) {
    return Error(Code::kInternal, "the server answered something that is no declaration");
  }
  Declaration declaration;
  declaration.full_name = text_of(object, "application") + "/" + text_of(object, "name");
  declaration.time = text_of(object, "time");
  declaration.takes_undeclared = text_of(object, "extra") != "refuse";
  auto members = fields->members();
  while (const auto member = members.next()) {
    declaration.fields.push_back(field_of(member->first, member->second));
    if (member->first == declaration.time) {
      declaration.fills_time = text_of(member->second, "default") == "now";
    }
  }
  return declaration;
}

Result<Declaration> fetch_declaration(Connection& connection, const std::string& collection) {
  DAYBOOK_ASSIGN(const std::string path, collection_path(collection));
  constexpr std::string_view kPrefix = "/api/v1/";
  DAYBOOK_ASSIGN(const std::string body,
                 connection.get("/api/v1/catalog/" + path.substr(kPrefix.size())));
  return read_declaration(body);
}

}  // namespace daybook::cli
