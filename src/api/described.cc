#include "api/described.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "engine/rights.h"
#include "http/router.h"

namespace daybook::api {
namespace {

constexpr std::array<std::string_view, 7> kWindowWords = {"start", "end",  "start_date", "end_date",
                                                          "hours", "days", "tz"};

bool is_generic_about_rows(const RouteRow& row) {
  return row.path.find("{collection}") != std::string_view::npos;
}

// A method that the collection's kind or text makes no sense of is refused there.
bool makes_sense(const RouteRow& row, const Collection& collection) {
  if (row.access == Access::kSearch) return collection.text.has_value();
  return row.method != http::Method::kPut || !collection.is_journal();
}

std::string filled(std::string_view path, std::string_view name, const std::string& value) {
  std::string text(path);
  const std::size_t at = text.find(name);
  return at == std::string::npos ? text : text.replace(at, name.size(), value);
}

class Describer {
 public:
  Describer(const Catalog& catalog, const Principal& principal)
      : catalog_(catalog), principal_(principal) {}

  std::vector<DescribedRoute> run() {
    for (const RouteRow& row : literal_routes()) {
      if (may(principal_, row.access).ok()) add(row);
    }
    for (const auto& [name, application] : catalog_.applications()) describe(application);
    return std::move(routes_);
  }

 private:
  DescribedRoute& add(const RouteRow& row) {
    DescribedRoute route;
    route.method = http::method_name(row.method);
    route.path = row.path;
    route.about = row.about;
    route.is_public = row.access == Access::kPublic;
    route.offers = row.offers;
    route.form = form_of(row);
    routes_.push_back(std::move(route));
    return routes_.back();
  }

  void describe(const Application& application) {
    for (const Route& route : application.routes) {
      if (declared_endpoint(route.action) == nullptr) continue;
      if (may_call(principal_, application, route).ok()) add(application, route);
    }
    const std::vector<const Collection*> changeable = changeable_of(application);
    for (const RouteRow& row : generic_routes()) {
      if (is_generic_about_rows(row) || changeable.empty()) continue;
      add(application, row).changeable = changeable;
    }
    for (const auto& [name, collection] : application.collections) {
      for (const RouteRow& row : generic_routes()) {
        const bool is_about_it = is_generic_about_rows(row) && makes_sense(row, collection);
        if (!is_about_it || !may(principal_, row.access, collection).ok()) continue;
        DescribedRoute& route = add(application, row);
        route.path = filled(route.path, "{collection}", name);
        route.collection = &collection;
      }
    }
  }

  void add(const Application& application, const Route& declared) {
    DescribedRoute route;
    route.method = declared.method;
    route.path = declared.path;
    route.about = declared.about;
    route.application = &application;
    route.collection = application.find(declared.collection);
    route.declared = &declared;
    const bool is_list = declared.action == Route::Action::kList;
    route.offers = is_list ? Offers::kRows : Offers::kJson;
    route.form = form_of(declared.action);
    routes_.push_back(std::move(route));
  }

  DescribedRoute& add(const Application& application, const RouteRow& row) {
    DescribedRoute& route = add(row);
    route.path = filled(row.path, "{app}", application.name);
    route.application = &application;
    return route;
  }

  std::vector<const Collection*> changeable_of(const Application& application) const {
    std::vector<const Collection*> changeable;
    for (const auto& [name, collection] : application.collections) {
      for (const Access access : {Access::kCreate, Access::kUpdate, Access::kDelete}) {
        if (!may(principal_, access, collection).ok()) continue;
        changeable.push_back(&collection);
        break;
      }
    }
    return changeable;
  }

  const Catalog& catalog_;
  const Principal& principal_;
  std::vector<DescribedRoute> routes_;
};

// Whether a window can be said.
bool has_window(const DescribedRoute& route) {
  if (route.declared != nullptr) {
    const WindowRule::Kind kind = route.declared->window.kind;
    if (kind == WindowRule::Kind::kFixed) return false;
    const bool is_answer = route.declared->action == Route::Action::kAnswer;
    if (is_answer) return kind != WindowRule::Kind::kNone;
  }
  return route.collection != nullptr && route.collection->is_journal();
}

void add_filters(const Field& field, std::vector<std::string>& filters) {
  if (field.type == Type::kSecret || field.type == Type::kJson) return;
  if (field.type != Type::kMap) return filters.push_back(field.name);
  for (const std::string& key : field.keys) filters.push_back(field.name + "." + key);
}

}  // namespace

std::vector<std::string> DescribedRoute::path_names() const {
  const auto pattern = http::Pattern::parse(path);
  return pattern.ok() ? pattern->names() : std::vector<std::string>();
}

std::vector<std::string> DescribedRoute::words() const {
  std::vector<std::string> words;
  for (const std::string_view word : split(form.words, ' ')) {
    if (word.empty() || word == "@fields") continue;
    if (word != "window") {
      words.emplace_back(word);
    } else if (has_window(*this)) {
      words.insert(words.end(), kWindowWords.begin(), kWindowWords.end());
    }
  }
  if (collection != nullptr && !collection->is_journal()) std::erase(words, "every");
  for (const Parameter* own : own_words()) std::erase(words, own->name);
  return words;
}

std::vector<std::string> DescribedRoute::filters() const {
  std::vector<std::string> filters;
  if (collection == nullptr || form.words.find("@fields") == std::string_view::npos) return filters;
  for (const Field& field : collection->fields) add_filters(field, filters);
  std::vector<std::string> taken = words();
  for (const Parameter* own : own_words()) taken.push_back(own->name);
  const auto has_meaning = [&](const std::string& name) {
    return std::ranges::find(taken, name) != taken.end();
  };
  std::erase_if(filters, has_meaning);
  return filters;
}

std::vector<const Parameter*> DescribedRoute::own_words() const {
  std::vector<const Parameter*> own;
  if (declared == nullptr) return own;
  const std::vector<std::string> in_path = path_names();
  for (const Parameter& parameter : declared->params) {
    if (std::ranges::find(in_path, parameter.name) == in_path.end()) own.push_back(&parameter);
  }
  return own;
}

std::vector<DescribedRoute> describe_routes(const Catalog& catalog, const Principal& principal) {
  return Describer(catalog, principal).run();
}

}  // namespace daybook::api
