#include <algorithm>
#include <array>

#include "base/text.h"
#include "catalog/check_expression.h"
#include "catalog/readers.h"
#include "catalog/row_key.h"

namespace daybook {

namespace {

void check_field_reference(const Application& application, const Collection& collection,
                           const Field& field, Mistakes& mistakes) {
  if (field.references.empty()) return;
  const Collection* other = application.find(field.references);
  if (other == nullptr) {
    std::vector<std::string> names;
    for (const auto& [name, unused] : application.collections) names.push_back(name);
    mistakes.add(field.origin, "'references' names '" + field.references +
                                   "', which is no collection of " + application.name +
                                   suggestion(field.references, names));
  } else if (other->is_journal()) {
    mistakes.add(field.origin,
                 "'references' names '" + field.references + "', a journal; expected a register");
  } else if (key_tenant(*other) && !collection.tenant_field) {
    mistakes.add(field.origin, "'references' names '" + field.references +
                                   "', where each tenant has ids of his own, and " +
                                   collection.full_name() +
                                   " declares no 'tenant' that would say whose is meant");
  }
}

void check_right(const Application& application, const Collection& collection, const Right& right,
                 Mistakes& mistakes) {
  if (!right.rows) return;
  const Scope scope{&collection, &application, {"principal.id", "principal.tenant"}, true};
  for (const std::string& phrase : check_condition(*right.rows, scope)) {
    mistakes.add({collection.origin.file, collection.origin.line, "[allow]: '" + right.role + "'"},
                 "'rows' " + phrase);
  }
}

using Segments = std::vector<std::string_view>;

Segments segments_of(std::string_view path) { return split(path.substr(1), '/'); }

bool is_parameter(std::string_view segment) { return segment.starts_with('{'); }

// Whether one request path can have both beginnings; `b` may be the shorter one.
bool can_begin(const Segments& a, const Segments& b) {
  if (a.size() < b.size()) return false;
  for (std::size_t i = 0; i < b.size(); ++i) {
    if (!is_parameter(a[i]) && !is_parameter(b[i]) && a[i] != b[i]) return false;
  }
  return true;
}

bool can_meet(const Route& a, const Route& b) {
  if (a.method != b.method) return false;
  const Segments left = segments_of(a.path);
  const Segments right = segments_of(b.path);
  return left.size() == right.size() && can_begin(left, right);
}

// What the interface has for itself: these and all below them.
constexpr std::array<std::string_view, 13> kBuiltIn = {
    "/api/v1/auth", "/api/v1/keys", "/api/v1/catalog", "/api/v1/jobs", "/api/v1/backups",
    "/docs",        "/setup",       "/openapi.json",   "/livez",       "/readyz",
    "/healthz",     "/health",      "/metrics"};

void check_built_in(const Route& route, Mistakes& mistakes) {
  for (const std::string_view path : kBuiltIn) {
    if (!can_begin(segments_of(route.path), segments_of(path))) continue;
    return mistakes.add(route.origin, "'path' can meet the built-in route " + std::string(path));
  }
}

// /api/v1/{app}/{collection} and what lies below, for the names there are.
void check_generic(const Route& route,
                   const std::map<std::string, Application, std::less<>>& applications,
                   Mistakes& mistakes) {
  const Segments path = segments_of(route.path);
  for (const auto& [name, application] : applications) {
    std::vector<std::string> taken = {"batch", "streams", "recipes"};
    for (const auto& [collection, unused] : application.collections) taken.push_back(collection);
    for (const std::string& word : taken) {
      if (!can_begin(path, {"api", "v1", name, word})) continue;
      return mistakes.add(route.origin,
                          "'path' can meet the generic route /api/v1/" + name + "/" + word);
    }
  }
}

}  // namespace

void check_references(const Application& application, Mistakes& mistakes) {
  for (const auto& [name, collection] : application.collections) {
    for (const Field& field : collection.fields) {
      check_field_reference(application, collection, field, mistakes);
    }
    for (const Right& right : collection.declared.allow) {
      check_right(application, collection, right, mistakes);
    }
  }
}

void check_routes(const std::map<std::string, Application, std::less<>>& applications,
                  Mistakes& mistakes) {
  std::vector<const Route*> before;
  for (const auto& [name, application] : applications) {
    for (const Route& route : application.routes) {
      if (!route.path.starts_with('/')) continue;  // told already
      check_built_in(route, mistakes);
      check_generic(route, applications, mistakes);
      for (const Route* other : before) {
        if (!can_meet(*other, route)) continue;
        mistakes.add(route.origin, "'path' can match the same request as " + other->method + " " +
                                       other->path + " (" + other->origin.file + ":" +
                                       std::to_string(other->origin.line) + ")");
      }
      before.push_back(&route);
    }
  }
}

}  // namespace daybook
