#include "api/routes.h"

#include "api/endpoints.h"
#include "base/bug.h"
#include "engine/answer.h"
#include "http/router.h"

namespace daybook::api {
namespace {

using http::Method;

struct DeclaredPattern {
  Method method;
  http::Pattern pattern;
  const Route* route;
};

void blame(const Origin& origin, std::string what, std::vector<Problem>& problems) {
  problems.push_back({std::nullopt, "", describe(origin) + ": " + std::move(what), Code::kInvalid});
}

std::string shown(const Route& route) { return route.method + " " + route.path; }

void check_against_literals(const DeclaredPattern& declared, std::vector<Problem>& problems) {
  for (const RouteRow& row : literal_routes()) {
    const auto literal = http::Pattern::parse(row.path);
    if (row.method != declared.method || !literal.ok()) continue;
    if (!literal->overlaps(declared.pattern)) continue;
    blame(declared.route->origin,
          shown(*declared.route) + " meets the server's own route " + std::string(row.path),
          problems);
  }
}

std::vector<DeclaredPattern> parse_patterns(const Catalog& catalog,
                                            std::vector<Problem>& problems) {
  std::vector<DeclaredPattern> patterns;
  for (const auto& [name, application] : catalog.applications()) {
    for (const Route& route : application.routes) {
      auto pattern = http::Pattern::parse(route.path);
      if (!pattern.ok()) {
        blame(route.origin, pattern.error().message(), problems);
        continue;
      }
      patterns.push_back({http::parse_method(route.method), *std::move(pattern), &route});
    }
  }
  return patterns;
}

}  // namespace

const std::vector<RouteRow>& literal_routes() {
  static const std::vector<RouteRow> kTable = {
      {Method::kGet, "/livez", read_alive, Access::kPublic, Offers::kJson,
       "Whether the process lives."},
      {Method::kGet, "/readyz", read_ready, Access::kPublic, Offers::kJson,
       "Whether it takes requests, and if not, why."},
      {Method::kGet, "/healthz", read_health, Access::kPublic, Offers::kJson,
       "The same; with ?verbose each check."},
      {Method::kGet, "/health/db", read_store_health, Access::kPublic, Offers::kJson,
       "Whether the store is there."},
      {Method::kGet, "/metrics", read_metrics, Access::kObserve, Offers::kText,
       "Figures of the server, for Prometheus."},
      {Method::kGet, "/docs", read_docs, Access::kPublic, Offers::kText,
       "The routes that one may call, as a page."},
      {Method::kGet, "/openapi.json", read_openapi, Access::kPublic, Offers::kJson,
       "The same, as OpenAPI 3.1."},
      {Method::kGet, "/setup", read_setup, Access::kPublic, Offers::kText,
       "The page behind the one-time link of the first start."},
      {Method::kPost, "/setup", run_setup, Access::kPublic, Offers::kText,
       "Makes the first administrator, as the form of that page asks."},
      {Method::kGet, "/problems/{name}", read_problem, Access::kPublic, Offers::kText,
       "What a type of problem means."},
      {Method::kGet, "/api/v1/catalog", read_catalog, Access::kSignedIn, Offers::kJson,
       "Everything that is declared."},
      {Method::kGet, "/api/v1/catalog/stored", read_stored_catalog, Access::kOperate, Offers::kJson,
       "What the store was last prepared with."},
      {Method::kGet, "/api/v1/catalog/{app}", read_application, Access::kSignedIn, Offers::kJson,
       "What one application declares."},
      {Method::kGet, "/api/v1/catalog/{app}/{collection}", read_collection, Access::kSignedIn,
       Offers::kJson, "The declaration of a collection; ?as=json-schema for JSON Schema."},
      {Method::kPost, "/api/v1/auth/login", sign_in, Access::kPublic, Offers::kJson,
       "Signs in with a password: tokens, or a cookie."},
      {Method::kPost, "/api/v1/auth/refresh", renew_tokens, Access::kPublic, Offers::kJson,
       "New tokens for a refresh token, which is good once."},
      {Method::kPost, "/api/v1/auth/register", register_account, Access::kPublic, Offers::kJson,
       "Makes an account, where the application allows it."},
      {Method::kPost, "/api/v1/auth/logout", sign_out, Access::kSignedIn, Offers::kJson,
       "Ends the session."},
      {Method::kPost, "/api/v1/auth/password", change_password, Access::kSignedIn, Offers::kJson,
       "Changes one's own password and ends all other sessions."},
      {Method::kGet, "/api/v1/auth/me", read_me, Access::kSignedIn, Offers::kJson, "Who one is."},
      {Method::kPost, "/api/v1/keys", create_key, Access::kAdminister, Offers::kJson,
       "Makes an access key, which is told this once."},
      {Method::kGet, "/api/v1/keys", list_keys, Access::kAdminister, Offers::kJson,
       "The access keys that one runs, without their secrets."},
      {Method::kDelete, "/api/v1/keys/{id}", delete_key, Access::kAdminister, Offers::kJson,
       "Revokes an access key."},
      {Method::kGet, "/api/v1/space", read_space, Access::kOperate, Offers::kJson,
       "Rows, bytes and days of each collection; ?parts=true for what their blocks are made of."},
      {Method::kGet, "/api/v1/indexes", read_indexes, Access::kOperate, Offers::kJson,
       "What each index is on, and whether it is built."},
      {Method::kPost, "/api/v1/sweep", run_sweep, Access::kOperate, Offers::kJson,
       "Removes what is past its keep; ?dry_run=true only counts it."},
      {Method::kGet, "/api/v1/rollups", read_rollups, Access::kOperate, Offers::kJson,
       "The declared rollups."},
      {Method::kPost, "/api/v1/rollups", run_rollups, Access::kOperate, Offers::kJson,
       "Compares the rollups of a collection with its rows, or makes them anew, a period a call."},
      {Method::kPost, "/api/v1/check", run_check, Access::kOperate, Offers::kJson,
       "Checks what is stored."},
  };
  return kTable;
}

const std::vector<RouteRow>& generic_routes() {
  static const std::vector<RouteRow> kTable = {
      {Method::kPost, "/api/v1/{app}/batch", apply_batch, Access::kCreate, Offers::kJson,
       "Rows, updates and deletes of several collections, all or nothing."},
      {Method::kPost, "/api/v1/{app}/{collection}", create_rows, Access::kCreate, Offers::kJson,
       "Takes in one object, an array or NDJSON."},
      {Method::kGet, "/api/v1/{app}/{collection}", list_rows, Access::kRead, Offers::kRows,
       "Rows by filter, window and order."},
      {Method::kGet, "/api/v1/{app}/{collection}/stats", read_stats, Access::kStats, Offers::kJson,
       "Counts and figures by facets and time buckets."},
      {Method::kGet, "/api/v1/{app}/{collection}/top", read_top, Access::kTop, Offers::kJson,
       "The most frequent values of a facet."},
      {Method::kGet, "/api/v1/{app}/{collection}/search", search_rows, Access::kSearch,
       Offers::kJson, "Rows by their text."},
      {Method::kGet, "/api/v1/{app}/{collection}/{id}", read_row, Access::kRead, Offers::kJson,
       "One row."},
      {Method::kPut, "/api/v1/{app}/{collection}/{id}", replace_row, Access::kUpdate, Offers::kJson,
       "A register's row, whole."},
      {Method::kPatch, "/api/v1/{app}/{collection}/{id}", change_row, Access::kUpdate,
       Offers::kJson, "Changes members of a row."},
      {Method::kDelete, "/api/v1/{app}/{collection}/{id}", remove_row, Access::kDelete,
       Offers::kJson, "Deletes a row."},
  };
  return kTable;
}

Endpoint declared_endpoint(Route::Action action) {
  switch (action) {
    case Route::Action::kCreate:
      return create_declared;
    case Route::Action::kList:
      return list_declared;
    case Route::Action::kSearch:
      return search_declared;
    case Route::Action::kAnswer:
      return answer_declared;
    case Route::Action::kStream:
    case Route::Action::kAppend:
    case Route::Action::kPromiseUpload:
    case Route::Action::kConfirmUpload:
      return nullptr;
  }
  bug("a route without an action");
}

Result<void> check_routes(const Catalog& catalog) {
  std::vector<Problem> problems;
  const std::vector<DeclaredPattern> patterns = parse_patterns(catalog, problems);
  for (const DeclaredPattern& pattern : patterns) check_against_literals(pattern, problems);
  if (auto answers = check_answers(catalog); !answers.ok()) {
    const auto& more = answers.error().problems();
    problems.insert(problems.end(), more.begin(), more.end());
  }
  if (problems.empty()) return {};
  return Error(Code::kInvalid, "the catalog declares routes that cannot be served")
      .with_problems(std::move(problems));
}

}  // namespace daybook::api
