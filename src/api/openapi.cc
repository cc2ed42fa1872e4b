// The routes that somebody may call as an OpenAPI 3.1 document: paths of described.h, components of
// pages/components.json and of the collections.
#include <map>
#include <set>

#include "api/described.h"
#include "api/endpoints.h"
#include "api/openapi_schemas.h"
#include "api/pages.h"
#include "api/respond.h"
#include "base/text.h"

namespace daybook::api {
namespace {

// "GET /a/{b}/c" -> "get_a_b_c".
std::string operation_id(const DescribedRoute& route) {
  std::string id = ascii_lower(route.method);
  bool is_apart = true;
  for (const char c : route.path) {
    const bool is_of_name =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (is_of_name && is_apart) id += '_';
    if (is_of_name) id += c;
    is_apart = !is_of_name;
  }
  return id;
}

std::string_view tag_of(const DescribedRoute& route) {
  return route.application == nullptr ? std::string_view("daybook") : route.application->tag;
}

class Document {
 public:
  explicit Document(std::vector<DescribedRoute> routes) : routes_(std::move(routes)) {}

  std::string write(const std::string& version) {
    out_.begin_object().key("openapi").value("3.1.0");
    out_.key("info").begin_object().key("title").value("Daybook").key("version").value(version);
    out_.key("description")
        .value("The routes that whoever asked may call. /docs is a page of them.");
    out_.end_object().key("servers").begin_array();
    out_.begin_object().key("url").value("/").end_object().end_array();
    write_security();
    write_tags();
    write_paths();
    write_components();
    out_.end_object();
    return std::move(text_);
  }

 private:
  void write_security() {
    out_.key("security").begin_array();
    for (const std::string_view scheme : {"bearer", "key", "cookie"}) {
      out_.begin_object().key(scheme).begin_array().end_array().end_object();
    }
    out_.end_array();
  }

  void write_tags() {
    out_.key("tags").begin_array();
    out_.begin_object().key("name").value("daybook");
    out_.key("description").value("The server's own.").end_object();
    std::set<std::string_view> told;
    for (const DescribedRoute& route : routes_) {
      if (route.application == nullptr || !told.insert(route.application->tag).second) continue;
      out_.begin_object().key("name").value(route.application->tag);
      out_.key("description").value(route.application->about).end_object();
    }
    out_.end_array();
  }

  void write_paths() {
    std::map<std::string_view, std::vector<const DescribedRoute*>> by_path;
    for (const DescribedRoute& route : routes_) by_path[route.path].push_back(&route);
    out_.key("paths").begin_object();
    for (const auto& [path, routes] : by_path) {
      out_.key(path).begin_object();
      for (const DescribedRoute* route : routes) write_operation(*route);
      out_.end_object();
    }
    out_.end_object();
  }

  void write_operation(const DescribedRoute& route) {
    out_.key(ascii_lower(route.method)).begin_object();
    out_.key("operationId").value(operation_id(route)).key("summary").value(route.about);
    out_.key("tags").begin_array().value(tag_of(route)).end_array();
    if (route.is_public) out_.key("security").begin_array().end_array();
    out_.key("parameters").begin_array();
    write_parameters(route);
    out_.end_array();
    if (!route.form.body.empty()) write_body(route);
    write_answers(route);
    out_.end_object();
  }

  void write_parameters(const DescribedRoute& route) {
    for (const std::string& name : route.path_names()) write_path_name(name, out_);
    for (const Parameter* own : route.own_words()) write_own_word(*own, out_);
    for (const std::string& word : route.words()) {
      if (is_bounded(route, word)) {
        write_bounded(route, word, out_);
      } else {
        refer("parameters", word, out_);
      }
    }
    for (const std::string& filter : route.filters()) {
      const std::string name = filter_key(*route.collection, filter);
      filters_.try_emplace(name, filter);
      refer("parameters", name, out_);
    }
  }

  void write_body(const DescribedRoute& route) {
    note_collections(route, route.form.body);
    out_.key("requestBody").begin_object().key("required").value(true);
    const bool is_form = route.form.body == "@form";
    out_.key("content").begin_object();
    out_.key(is_form ? "application/x-www-form-urlencoded" : "application/json").begin_object();
    out_.key("schema");
    write_schema(route, route.form.body, out_);
    out_.end_object();
    if (route.form.body == "@rows") write_text_content("application/x-ndjson");
    out_.end_object().end_object();
  }

  void write_answers(const DescribedRoute& route) {
    out_.key("responses").begin_object();
    write_answer(route, route.form.status, route.form.answer);
    if (route.form.body == "@rows") write_answer(route, 207, route.form.answer);
    if (route.form.answer == "@told" && route.method == "GET") write_answer(route, 304, "");
    refer("responses", "Problem", out_.key("default"));
    out_.end_object();
  }

  void write_answer(const DescribedRoute& route, int status, std::string_view answer) {
    out_.key(std::to_string(status)).begin_object();
    out_.key("description").value(http::reason_phrase(status));
    if (!answer.empty()) {
      out_.key("content").begin_object();
      write_content(route, answer);
      out_.end_object();
    }
    out_.end_object();
  }

  void write_content(const DescribedRoute& route, std::string_view answer) {
    if (answer.find('/') != std::string_view::npos) return write_text_content(answer);
    note_collections(route, answer);
    out_.key("application/json").begin_object().key("schema");
    write_schema(route, answer, out_);
    out_.end_object();
    if (route.offers != Offers::kRows) return;
    write_text_content("application/x-ndjson");
    write_text_content("text/csv");
  }

  void write_text_content(std::string_view media_type) {
    out_.key(media_type).begin_object().key("schema").begin_object();
    out_.key("type").value("string").end_object().end_object();
  }

  void note_collections(const DescribedRoute& route, std::string_view schema) {
    for (const Collection* collection : collections_in(route, schema)) {
      collections_.insert(collection);
    }
  }

  // Those of the file, and what was referred to above.
  void write_components() {
    json::Parser parser;
    const std::string text(page_file("components.json"));
    const auto fixed = parser.parse(text);
    out_.key("components").begin_object();
    auto members = fixed->members();
    while (const auto member = members.next()) {
      out_.key(member->first).begin_object();
      copy(member->second);
      if (member->first == "schemas") write_collection_schemas();
      if (member->first == "parameters") write_filters();
      out_.end_object();
    }
    out_.end_object();
  }

  void copy(const json::Value& object) {
    auto members = object.members();
    while (const auto member = members.next()) {
      std::string value;
      member->second.write(value);
      out_.key(member->first).raw(value);
    }
  }

  void write_filters() {
    for (const auto& [key, name] : filters_) write_filter(name, out_.key(key));
  }

  void write_collection_schemas() {
    for (const Collection* collection : collections_) {
      write_row_schemas(*collection, out_);
    }
  }

  struct ByName {
    bool operator()(const Collection* a, const Collection* b) const {
      return a->full_name() < b->full_name();
    }
  };

  const std::vector<DescribedRoute> routes_;
  std::set<const Collection*, ByName> collections_;  // referred to
  std::map<std::string, std::string> filters_;       // by component, the field
  std::string text_;
  json::Writer out_{text_};
};

}  // namespace

Result<http::Response> read_openapi(Call& call) {
  DAYBOOK_TRY(words_of(call).finish());
  Document document(describe_routes(call.engine.catalog(), call.principal));
  return json_response(200, document.write(call.options.version));
}

}  // namespace daybook::api
