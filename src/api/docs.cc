// The routes that somebody may call, as a page.
#include <map>

#include "api/caller.h"
#include "api/curl_line.h"
#include "api/endpoints.h"
#include "api/html.h"
#include "api/pages.h"
#include "base/text.h"

namespace daybook::api {
namespace {

// What components.json says of a parameter.
struct Word {
  std::string name;  // as it is said
  std::string in, about;
};

std::map<std::string, Word, std::less<>> read_words() {
  json::Parser parser;
  const std::string text(page_file("components.json"));
  const auto all = parser.parse(text);
  const auto text_at = [](const json::Value& value, std::string_view key) {
    return std::string(value.find(key)->as_string());
  };
  std::map<std::string, Word, std::less<>> words;
  auto members = all->find("parameters")->members();
  while (const auto member = members.next()) {
    const json::Value& value = member->second;
    words[std::string(member->first)] = {text_at(value, "name"), text_at(value, "in"),
                                         text_at(value, "description")};
  }
  return words;
}

std::string tag(std::string_view name, std::string_view text) {
  return "<" + std::string(name) + ">" + escape_html(text) + "</" + std::string(name) + ">";
}

class Page {
 public:
  Page(const std::vector<DescribedRoute>& routes, std::string server)
      : routes_(routes), server_(std::move(server)), words_(read_words()) {}

  std::string write(const Principal& reader) {
    text_ = "<h1>Daybook</h1>\n<p>" + who(reader) +
            " The same as <a href=\"/openapi.json\">OpenAPI 3.1</a>.</p>\n";
    write_contents();
    const Application* application = nullptr;
    const Collection* collection = nullptr;
    begin_section("daybook", "The server's own", "");
    for (const DescribedRoute& route : routes_) {
      if (route.application != application) {
        text_ += "</section>\n";
        begin_section(route.application->name, route.application->tag, route.application->about);
      }
      application = route.application;
      const bool is_of_rows = route.declared == nullptr && route.collection != nullptr;
      if (is_of_rows && route.collection != collection) begin_collection(*route.collection);
      if (is_of_rows) collection = route.collection;
      write_route(route);
    }
    text_ += "</section>\n";
    return std::move(text_);
  }

 private:
  static std::string who(const Principal& reader) {
    if (reader.kind != Principal::Kind::kNobody) return "The routes that you may call.";
    return "The routes that anybody may call. With a key or a session this page tells those that "
           "it "
           "may call.";
  }

  void write_contents() {
    text_ += "<nav>";
    const Application* application = nullptr;
    text_ += "<a href=\"#daybook\">daybook</a>";
    for (const DescribedRoute& route : routes_) {
      if (route.application == application) continue;
      application = route.application;
      text_ += " <a href=\"#" + application->name + "\">" + escape_html(application->tag) + "</a>";
    }
    text_ += "</nav>\n";
  }

  void begin_section(const std::string& id, std::string_view title, std::string_view about) {
    text_ += "<section id=\"" + id + "\">\n" + tag("h2", title) + "\n";
    if (!about.empty()) text_ += tag("p", about) + "\n";
  }

  void begin_collection(const Collection& collection) {
    text_ += "<h3>" + collection.name + " <small>" +
             (collection.is_journal() ? "journal" : "register") + "</small></h3>\n";
    if (!collection.about.empty()) text_ += tag("p", collection.about) + "\n";
  }

  void write_route(const DescribedRoute& route) {
    text_ += "<details>\n<summary><b>" + route.method + "</b> " + tag("code", route.path) + " " +
             tag("span", route.about) + "</summary>\n";
    write_words(route);
    text_ += tag("pre", curl_line(route, server_)) + "\n</details>\n";
  }

  void write_words(const DescribedRoute& route) {
    std::string rows;
    const auto add = [&](std::string_view name, std::string_view about) {
      rows += "<tr><th><code>" + escape_html(name) + "</code></th>" + tag("td", about) + "</tr>\n";
    };
    for (const std::string& name : route.path_names()) add("{" + name + "}", "In the path.");
    for (const Parameter* own : route.own_words()) {
      add(own->name, own->required ? "Needed." : "May be left out.");
    }
    for (const std::string& word : route.words()) {
      const Word& known = words_.find(word)->second;
      add(known.name, known.in == "header" ? "A header. " + known.about : known.about);
    }
    const std::vector<std::string> filters = route.filters();
    if (!filters.empty()) {
      add("field", "A filter: " + join(filters, ", ") +
                       ". Also with .ne, .lt, .lte, .gt, .gte, .has and .exists behind the name.");
    }
    if (!rows.empty()) text_ += "<table>\n" + rows + "</table>\n";
  }

  const std::vector<DescribedRoute>& routes_;
  const std::string server_;
  const std::map<std::string, Word, std::less<>> words_;
  std::string text_;
};

// As the reader came here.
std::string server_of(const Call& call) {
  const bool is_encrypted = client_of(call.request, call.options).is_encrypted;
  return (is_encrypted ? "https://" : "http://") + std::string(call.request.headers.get("Host"));
}

}  // namespace

Result<http::Response> read_docs(Call& call) {
  DAYBOOK_TRY(words_of(call).finish());
  const auto routes = describe_routes(call.engine.catalog(), call.principal);
  return html_page(200, "Daybook: routes", Page(routes, server_of(call)).write(call.principal));
}

}  // namespace daybook::api
