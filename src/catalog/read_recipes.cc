#include <algorithm>

#include "base/text.h"
#include "catalog/check_expression.h"
#include "catalog/readers.h"

namespace daybook {

namespace {

class RecipeReader {
 public:
  RecipeReader(TableReader& table, const Application& application, Recipe& recipe)
      : table_(table), application_(application), recipe_(recipe) {}

  void read() {
    recipe_.about = table_.text("about").value_or("");
    recipe_.params = read_parameters(table_);
    for (const auto& [name, value] : table_.toml().members) {
      if (name == "about" || name == "params") continue;
      const Collection* collection = application_.find(name);
      if (collection == nullptr) {
        table_.wrong(name, "is no collection of " + application_.name +
                               suggestion(name, collection_names()));
        continue;
      }
      if (auto part = table_.table(name)) read_part(*part, *collection);
    }
    if (recipe_.parts.empty()) table_.wrong("writes nothing; expected a line for each collection");
  }

 private:
  std::vector<std::string> collection_names() const {
    std::vector<std::string> names;
    for (const auto& [name, unused] : application_.collections) names.push_back(name);
    return names;
  }

  void read_part(TableReader& table, const Collection& collection) {
    Recipe::Part part;
    part.collection = collection.name;
    part.answer = table.text("answer").value_or("");
    if (table.has("stream")) read_stream(table, collection, part);
    for (const auto& [name, value] : table.toml().members) {
      // A field of that name would hide the word, so none may have it.
      if (name == "answer" || name == "stream") continue;
      table.skip(name);
      read_member(table, name, name, value, collection, part);
    }
    check_complete(table, collection, part);
    recipe_.parts.push_back(std::move(part));
  }

  void read_stream(TableReader& table, const Collection& collection, Recipe::Part& part) {
    part.stream = table.texts("stream").value_or(std::vector<std::string>());
    if (!collection.declared.stream) {
      table.wrong("stream", "is said, but '" + collection.name + "' has no [stream]");
    }
    if (part.stream.size() != 2) return table.wrong("stream", "must be [type, id]");
    for (const std::string& said : part.stream) {
      if (said.starts_with(':')) check_parameter(table, "stream", said);
    }
  }

  // Objects are flattened to dotted names: the row's own nesting does not matter.
  void read_member(TableReader& table, const std::string& key, const std::string& name,
                   const Toml& value, const Collection& collection, Recipe::Part& part) {
    if (value.kind == Toml::Kind::kTable && !value.members.empty()) {
      for (const auto& [inner, member] : value.members) {
        read_member(table, key, name + "." + inner, member, collection, part);
      }
      return;
    }
    if (value.kind == Toml::Kind::kText && value.text.starts_with(':')) {
      check_parameter(table, key, value.text);
      check_place(table, key, name, collection);
      part.row.emplace_back(name, value.text);
      return;
    }
    const auto field = collection.find_field(name);
    if (field) {
      read_literal(collection.fields[*field], value, table, key);
    } else {
      check_place(table, key, name, collection);
    }
    part.row.emplace_back(name, json_text(value));
  }

  void check_parameter(TableReader& table, const std::string& key, const std::string& said) {
    std::vector<std::string> names;
    for (const Parameter& parameter : recipe_.params) names.push_back(parameter.name);
    const std::string name = said.substr(1);
    if (std::find(names.begin(), names.end(), name) != names.end()) return;
    table.wrong(key, "names the parameter '" + said + "', which 'params' does not have" +
                         suggestion(name, names));
  }

  // A field, or something within a field of type json or map, or a member that is kept undeclared.
  static void check_place(TableReader& table, const std::string& key, const std::string& name,
                          const Collection& collection) {
    if (collection.find_field(name) || find_leaf(collection, name) != nullptr) return;
    for (std::size_t dot = name.find('.'); dot != std::string::npos;
         dot = name.find('.', dot + 1)) {
      const auto field = collection.find_field(name.substr(0, dot));
      if (field && collection.fields[*field].type == Type::kJson) return;
    }
    if (collection.extra != Extra::kRefuse) return;
    table.wrong(key, unknown_field(collection, name));
  }

  static bool is_given(const Recipe::Part& part, const std::string& field) {
    return std::any_of(part.row.begin(), part.row.end(), [&](const auto& member) {
      return member.first == field || member.first.starts_with(field + ".");
    });
  }

  // A recipe that can never succeed is a mistake.
  static void check_complete(TableReader& table, const Collection& collection,
                             const Recipe::Part& part) {
    const auto& stream = collection.declared.stream;
    for (std::size_t i = 0; i < collection.fields.size(); ++i) {
      const Field& field = collection.fields[i];
      const bool is_filled = field.default_is_now || !field.default_value.is_null() ||
                             field.from != From::kBody || field.derive != Derive::kNone;
      const bool is_of_stream = stream && !part.stream.empty() &&
                                (i == stream->type || i == stream->id || i == stream->version);
      if (!field.required || is_filled || is_of_stream || is_given(part, field.name)) continue;
      table.missing(field.name, "a value: " + collection.full_name() + " requires it");
    }
  }

  TableReader& table_;
  const Application& application_;
  Recipe& recipe_;
};

}  // namespace

void read_recipes(TableReader& file, Application& application) {
  auto recipes = file.table("recipes", "[recipes]");
  if (!recipes) return;
  for (const auto& [name, value] : recipes->toml().members) {
    auto table = recipes->table(name, "recipe '" + name + "'");
    if (!table) continue;
    Recipe recipe;
    recipe.name = name;
    recipe.origin = table->origin();
    RecipeReader(*table, application, recipe).read();
    application.recipes.push_back(std::move(recipe));
  }
}

}  // namespace daybook
