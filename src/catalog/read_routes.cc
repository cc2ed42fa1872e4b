#include <algorithm>
#include <array>

#include "base/text.h"
#include "catalog/check_expression.h"
#include "catalog/readers.h"

namespace daybook {

namespace {

using Action = Route::Action;

struct ActionWord {
  std::string_view key;
  Action action;
  std::string_view method;
};

constexpr std::array<ActionWord, 7> kActions = {{{"create", Action::kCreate, "POST"},
                                                 {"list", Action::kList, "GET"},
                                                 {"search", Action::kSearch, "GET"},
                                                 {"stream", Action::kStream, "GET"},
                                                 {"append", Action::kAppend, "POST"},
                                                 {"promise", Action::kPromiseUpload, "POST"},
                                                 {"confirm", Action::kConfirmUpload, "POST"}}};

bool is_upload(Action action) {
  return action == Action::kPromiseUpload || action == Action::kConfirmUpload;
}

bool is_stream(Action action) { return action == Action::kStream || action == Action::kAppend; }

// "{device_id}" -> device_id; empty for a literal segment.
std::string_view segment_name(std::string_view segment) {
  if (segment.size() < 3 || segment.front() != '{' || segment.back() != '}') return {};
  return segment.substr(1, segment.size() - 2);
}

bool is_literal_segment(std::string_view segment) {
  return !segment.empty() && segment.find_first_of("{}?#% ") == segment.npos;
}

void read_path(TableReader& table, Route& route) {
  const auto said = table.text("path");
  if (!said) return table.missing("path", "\"GET /path/{name}\"");
  const std::size_t blank = said->find(' ');
  route.method = said->substr(0, blank);
  route.path = blank == std::string::npos ? "" : said->substr(blank + 1);
  constexpr std::array<std::string_view, 5> kMethods = {"GET", "POST", "PUT", "PATCH", "DELETE"};
  if (std::find(kMethods.begin(), kMethods.end(), route.method) == kMethods.end() ||
      !route.path.starts_with('/') || route.path.size() < 2) {
    route.method.clear();
    route.path.clear();
    return table.wrong("path", "is '" + *said + "'; expected \"GET /path/{name}\"");
  }
  for (const std::string_view segment : split(std::string_view(route.path).substr(1), '/')) {
    if (segment_name(segment).empty() && !is_literal_segment(segment)) {
      table.wrong("path",
                  "has the segment '" + std::string(segment) + "'; expected a word or {name}");
    }
  }
}

// What stands in the path is a required parameter; `params` may say its type.
void add_path_parameters(TableReader& table, Route& route) {
  std::vector<std::string_view> names;
  for (const std::string_view segment : split(route.path, '/')) {
    const std::string_view name = segment_name(segment);
    if (name.empty()) continue;
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      table.wrong("path", "has {" + std::string(name) + "} twice");
    }
    names.push_back(name);
    const auto declared = std::find_if(route.params.begin(), route.params.end(),
                                       [&](const Parameter& p) { return p.name == name; });
    if (declared != route.params.end()) {
      declared->required = true;
      continue;
    }
    Parameter parameter;
    parameter.name = std::string(name);
    parameter.required = true;
    route.params.push_back(std::move(parameter));
  }
}

// Whether the collection declares what the action needs.
void check_action(TableReader& table, const ActionWord& word, const Collection& collection) {
  if (word.action == Action::kSearch && !collection.text) {
    table.wrong(word.key, "names '" + collection.name + "', which has no [text] to search");
  }
  if (is_stream(word.action) && !collection.declared.stream) {
    table.wrong(word.key, "names '" + collection.name + "', which has no [stream]");
  }
  if (is_upload(word.action) && !collection.declared.upload) {
    table.wrong(word.key, "names '" + collection.name + "', which has no [upload]");
  }
}

// A route that reads a stream or appends to one says in its path which.
void check_stream_path(TableReader& table, const Route& route) {
  if (!is_stream(route.action)) return;
  for (const std::string_view name : {"type", "id"}) {
    const std::string segment = "{" + std::string(name) + "}";
    const auto segments = split(route.path, '/');
    if (std::find(segments.begin(), segments.end(), segment) != segments.end()) continue;
    table.wrong("path", "lacks " + segment + ", the " + std::string(name) + " of the stream");
  }
}

const Collection* read_action(TableReader& table, const Application& application, Route& route) {
  std::vector<const ActionWord*> said;
  for (const ActionWord& word : kActions) {
    if (table.has(word.key)) said.push_back(&word);
  }
  const bool has_answer = table.has("answer");
  const bool is_one = said.size() == 1 && (!has_answer || is_upload(said.front()->action));
  if (!is_one && !(said.empty() && has_answer)) {
    table.wrong(
        "must say one of create, list, search, stream, append, promise, confirm or "
        "[routes.answer]");
  }
  if (said.empty()) return read_collection_name(table, application, "from");
  const ActionWord& word = *said.front();
  route.action = word.action;
  const Collection* collection = read_collection_name(table, application, word.key);
  if (collection != nullptr) check_action(table, word, *collection);
  if (!route.method.empty() && route.method != word.method) {
    table.wrong("path",
                "must be of " + std::string(word.method) + " for '" + std::string(word.key) + "'");
  }
  return collection;
}

void check_list_order(TableReader& table, const Collection& collection, const Route& route) {
  for (const OrderKey& key : route.order) {
    if (key.name != "id" && find_leaf(collection, key.name) == nullptr) {
      table.wrong("order", unknown_field(collection, key.name));
    }
  }
}

void read_allow(TableReader& table, const Application& application, Route& route) {
  if (!table.has("allow")) return table.missing("allow", "a list of roles");
  route.allow = table.texts("allow").value_or(std::vector<std::string>());
  const auto& roles = application.roles;
  for (const std::string& role : route.allow) {
    if (std::find(roles.begin(), roles.end(), role) != roles.end()) continue;
    table.wrong("allow", "names '" + role + "', which is no role of " + application.name +
                             suggestion(role, roles));
  }
}

// What only some actions take; others have it refused as an unknown key.
void read_question(TableReader& table, const Application& application, const Collection* collection,
                   Route& route) {
  const bool is_rows = route.action == Action::kList || route.action == Action::kSearch ||
                       route.action == Action::kStream;
  if (is_rows || route.action == Action::kAnswer) {
    route.window = read_window(table, "window");
    route.where = read_where(table, collection, parameter_names(route));
    if (table.has("where") && !table.has("from") && route.action == Action::kAnswer) {
      table.wrong("where", "needs 'from'; a part with its own 'from' has its own 'where'");
    }
  }
  if (is_rows) {
    route.order = read_order(table);
    route.limit = read_limit(table);
    if (collection != nullptr) check_list_order(table, *collection, route);
  }
  if (route.window.kind != WindowRule::Kind::kNone && collection != nullptr &&
      !collection->is_journal()) {
    table.wrong("window", "needs a journal; '" + collection->name + "' has no time");
  }
  if (route.action == Action::kAnswer || is_upload(route.action)) {
    read_answer(table, application, route);
  }
}

}  // namespace

void read_routes(TableReader& file, Application& application) {
  for (TableReader& found : file.tables("routes")) {
    const Toml* path = found.toml().find("path");
    Origin origin = found.origin();
    if (path != nullptr && path->kind == Toml::Kind::kText)
      origin.key = "route '" + path->text + "'";
    TableReader table(found.toml(), origin, file.mistakes());
    Route route;
    route.origin = origin;
    read_path(table, route);
    route.about = table.text("about").value_or("");
    const Collection* collection = read_action(table, application, route);
    if (collection != nullptr) route.collection = collection->name;
    route.params = read_parameters(table);
    add_path_parameters(table, route);
    check_stream_path(table, route);
    read_question(table, application, collection, route);
    read_allow(table, application, route);
    table.refuse_the_rest();
    application.routes.push_back(std::move(route));
  }
}

}  // namespace daybook
