#include "api/route_forms.h"

#include <string>
#include <unordered_map>

#include "base/bug.h"

namespace daybook::api {
namespace {

constexpr RouteForm kCreateForm = {"Idempotency-Key", "@rows", "Taken", 201};
constexpr RouteForm kListForm = {
    "window filter @fields order fields limit cursor count pseudonymous include format explain", "",
    "@page"};
constexpr RouteForm kSearchForm = {"q rank window filter @fields fields limit cursor explain", "",
                                   "@hits"};
constexpr std::string_view kChangeWords = "If-Match If-None-Match Idempotency-Key";

// By method and path.
const std::unordered_map<std::string, RouteForm>& forms() {
  static const std::unordered_map<std::string, RouteForm> kTable = {
      {"GET /livez", {"", "", "Alive"}},
      {"GET /readyz", {"", "", "Alive"}},
      {"GET /healthz", {"verbose", "", "Health"}},
      {"GET /health/db", {"", "", "StoreHealth"}},
      {"GET /metrics", {"", "", "text/plain"}},
      {"GET /docs", {"", "", "text/html"}},
      {"GET /openapi.json", {"", "", "Object"}},
      {"GET /setup", {"code", "", "text/html"}},
      {"POST /setup", {"", "@form", "text/html", 201}},
      {"GET /problems/{name}", {"", "", "text/html"}},
      {"GET /api/v1/catalog", {"", "", "Object"}},
      {"GET /api/v1/catalog/stored", {"", "", "Object"}},
      {"GET /api/v1/catalog/{app}", {"", "", "Object"}},
      {"GET /api/v1/catalog/{app}/{collection}", {"as", "", "Object"}},
      {"POST /api/v1/auth/login", {"", "SignIn", "SignedIn"}},
      {"POST /api/v1/auth/refresh", {"", "Renewal", "SignedIn"}},
      {"POST /api/v1/auth/register", {"", "Registration", "Registered", 201}},
      {"POST /api/v1/auth/logout", {"", "", "", 204}},
      {"POST /api/v1/auth/password", {"", "PasswordChange", "", 204}},
      {"GET /api/v1/auth/me", {"", "", "Me"}},
      {"POST /api/v1/keys", {"", "NewKey", "MadeKey", 201}},
      {"GET /api/v1/keys", {"filter order fields limit cursor count", "", "Objects"}},
      {"DELETE /api/v1/keys/{id}", {"", "", "", 204}},
      {"GET /api/v1/space", {"parts", "", "Space"}},
      {"GET /api/v1/indexes", {"", "", "Objects"}},
      {"POST /api/v1/sweep", {"dry_run", "", "Swept"}},
      {"GET /api/v1/rollups", {"", "", "Objects"}},
      {"POST /api/v1/rollups", {"collection do after", "", "RollupCheck"}},
      {"POST /api/v1/check", {"", "", "Findings"}},
      {"POST /api/v1/{app}/batch", {"Idempotency-Key", "@batch", "BatchTaken", 201}},
      {"POST /api/v1/{app}/{collection}", kCreateForm},
      {"GET /api/v1/{app}/{collection}", kListForm},
      {"GET /api/v1/{app}/{collection}/stats",
       {"by every of window filter @fields order_groups limit explain", "", "Statistics"}},
      {"GET /api/v1/{app}/{collection}/top",
       {"field window filter @fields limit explain", "", "Top"}},
      {"GET /api/v1/{app}/{collection}/search", kSearchForm},
      {"GET /api/v1/{app}/{collection}/{id}", {"fields If-None-Match", "", "@told"}},
      {"PUT /api/v1/{app}/{collection}/{id}", {kChangeWords, "@row", "@told"}},
      {"PATCH /api/v1/{app}/{collection}/{id}", {kChangeWords, "Change", "@told"}},
      {"DELETE /api/v1/{app}/{collection}/{id}", {"If-Match Idempotency-Key", "", "", 204}},
  };
  return kTable;
}

}  // namespace

RouteForm form_of(const RouteRow& row) {
  const std::string name = std::string(http::method_name(row.method)) + " " + std::string(row.path);
  const auto found = forms().find(name);
  if (found == forms().end()) bug("a route without a form: " + name);
  return found->second;
}

RouteForm form_of(Route::Action action) {
  switch (action) {
    case Route::Action::kCreate:
      return {"Idempotency-Key", "@row", "Created", 201};
    case Route::Action::kList:
      return kListForm;
    case Route::Action::kSearch:
      return kSearchForm;
    case Route::Action::kAnswer:
      return {"window explain", "", "@answer"};
    case Route::Action::kStream:
    case Route::Action::kAppend:
    case Route::Action::kPromiseUpload:
    case Route::Action::kConfirmUpload:
      return {};
  }
  bug("a route without an action");
}

}  // namespace daybook::api
