// Every route x every role, bound to a tenant and not, and what of the rows of a foreign tenant is
// told, from the shipped catalogs: what the declarations say must be what a request meets. The
// table is tests/golden/permissions.txt; a route of the server's own that has no entry here fails
// the test.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>

#include "api/routes.h"
#include "tests/scenarios/counter.h"

namespace daybook {

namespace {

// Who may call a route of the server's own, whatever it is about.
enum class For { kAll, kSignedIn, kPeople, kObservers, kAdmins, kOperators };

const std::map<std::string, For>& own_entries() {
  static const std::map<std::string, For> entries = {
      {"GET /livez", For::kAll},
      {"GET /readyz", For::kAll},
      {"GET /healthz", For::kAll},
      {"GET /health/db", For::kAll},
      {"GET /problems/{name}", For::kAll},
      {"GET /docs", For::kAll},
      {"GET /setup", For::kAll},
      {"POST /setup", For::kAll},
      {"GET /openapi.json", For::kAll},
      {"POST /api/v1/auth/login", For::kAll},
      {"POST /api/v1/auth/refresh", For::kAll},
      {"POST /api/v1/auth/register", For::kAll},
      {"POST /api/v1/auth/logout", For::kPeople},
      {"POST /api/v1/auth/password", For::kPeople},
      {"GET /api/v1/auth/me", For::kSignedIn},
      {"GET /api/v1/catalog", For::kSignedIn},
      {"GET /api/v1/catalog/{app}", For::kSignedIn},
      {"GET /api/v1/catalog/{app}/{collection}", For::kSignedIn},
      {"POST /api/v1/keys", For::kAdmins},
      {"GET /api/v1/keys", For::kAdmins},
      {"DELETE /api/v1/keys/{id}", For::kAdmins},
      {"GET /metrics", For::kObservers},
      {"GET /api/v1/catalog/stored", For::kOperators},
      {"GET /api/v1/space", For::kOperators},
      {"GET /api/v1/indexes", For::kOperators},
      {"POST /api/v1/sweep", For::kOperators},
      {"POST /api/v1/check", For::kOperators},
      {"GET /api/v1/rollups", For::kOperators},
      {"POST /api/v1/rollups", For::kOperators},
  };
  return entries;
}

// The verb of a generic route.
const std::map<std::string, std::string>& generic_entries() {
  static const std::map<std::string, std::string> entries = {
      {"POST /api/v1/{app}/batch", "create"},
      {"POST /api/v1/{app}/{collection}", "create"},
      {"GET /api/v1/{app}/{collection}", "read"},
      {"GET /api/v1/{app}/{collection}/stats", "stats"},
      {"GET /api/v1/{app}/{collection}/top", "top"},
      {"GET /api/v1/{app}/{collection}/search", "search"},
      {"GET /api/v1/{app}/{collection}/{id}", "read"},
      {"PUT /api/v1/{app}/{collection}/{id}", "update"},
      {"PATCH /api/v1/{app}/{collection}/{id}", "update"},
      {"DELETE /api/v1/{app}/{collection}/{id}", "delete"},
  };
  return entries;
}

std::string label(const api::RouteRow& row) {
  return std::string(http::method_name(row.method)) + " " + std::string(row.path);
}

std::string with(std::string text, std::string_view name, std::string_view value) {
  const std::size_t at = text.find(name);
  return at == std::string::npos ? text : text.replace(at, name.size(), value);
}

constexpr const char* kPage = "https://page.example";

// Who asks: nobody, whose key is empty, or a role of an application, bound to a tenant or not.
struct Caller {
  std::string application, role, tenant, key;
  std::string origin = kPage;

  bool is_nobody() const { return key.empty(); }
  bool is_bound() const { return !tenant.empty(); }
  bool is_of_daybook() const { return application == "system"; }
};

class Permissions : public testing::Test {
 protected:
  static const Catalog& catalog() { return scenarios::shipped_catalog(); }

  http::Response ask(const std::string& method, const std::string& target, const std::string& body,
                     const Caller& caller) {
    scenarios::Counter::Asked asked{method, target, body, {{"Origin", caller.origin}}};
    if (!caller.is_nobody()) asked.headers.emplace_back("Authorization", "Bearer " + caller.key);
    return counter_.ask(asked);
  }

  // With a key that the operator makes.
  Caller caller_of(const std::string& application, const std::string& role,
                   const std::string& tenant = {}) {
    Caller caller{application, role, tenant, {}};
    std::string more;
    if (caller.is_bound()) {
      caller.origin = "https://" + tenant + ".example";  // a page without a key has the other one
      more += ",\"tenant\":\"" + tenant + "\"";
    }
    if (role == "publishable") {
      more += R"(,"publishable":true,"origins":[")" + caller.origin + "\"]";
    }
    caller.key = counter_.make_key(application, role, more);
    return caller;
  }

  bool is_let_in(const std::string& method, const std::string& target, const std::string& body,
                 const Caller& caller) {
    counter_.clock().advance(std::chrono::minutes(2));  // strangers may not ask faster
    const auto answer = ask(method, target, body, caller);
    EXPECT_NE(answer.status, 500) << method << " " << target << " " << answer.body;
    EXPECT_NE(answer.status, 429) << method << " " << target << " " << answer.body;
    return answer.status != 401 && answer.status != 403;
  }

  scenarios::Counter counter_;
};

bool is_meant(For whom, const Caller& caller) {
  if (caller.is_nobody()) return whom == For::kAll;
  const bool runs_all = caller.is_of_daybook() && !caller.is_bound();
  switch (whom) {
    case For::kAll:
      return true;
    case For::kSignedIn:
      return caller.role != "publishable";
    case For::kPeople:
      return false;
    case For::kObservers:
      return runs_all &&
             (caller.role == "admin" || caller.role == "ops" || caller.role == "analyst");
    case For::kAdmins:
      return caller.role == "admin";
    case For::kOperators:
      return runs_all && caller.role == "admin";
  }
  return false;
}

bool is_said(const std::vector<std::string>& verbs, const std::string& verb) {
  return std::ranges::any_of(verbs,
                             [&](const std::string& each) { return each == "*" || each == verb; });
}

// Of a tenant are rows that name it; a collection that cannot tell is closed to his people.
bool knows_tenants(const Collection& collection, const Right& right) {
  if (collection.tenant_field) return true;
  return right.rows &&
         format_expression(*right.rows).find(":principal.tenant") != std::string::npos;
}

bool has_verb(const Collection& collection, const Caller& caller, const std::string& verb) {
  const bool rewrites = verb == "update" || verb == "delete";
  if (collection.declared.audit && rewrites) return false;
  if (caller.role == "publishable" && verb != "create") return false;
  for (const Right& right : collection.declared.allow) {
    if (right.role != caller.role || !is_said(right.verbs, verb)) continue;
    if (!caller.is_bound()) return true;
    const bool is_his = right.tenant_verbs.empty() || is_said(right.tenant_verbs, verb);
    return is_his && knows_tenants(collection, right);
  }
  return false;
}

bool may_call_declared(const Application& application, const Route& route, const Caller& caller) {
  // A page without credentials acts as the application's publishable key.
  Caller acting = caller;
  if (caller.is_nobody()) acting.role = "publishable";
  if (std::ranges::find(route.allow, acting.role) == route.allow.end()) return false;
  const auto verbs = verbs_of(route);
  return std::ranges::all_of(asked_collections(application, route), [&](const Collection* asked) {
    return std::ranges::any_of(
        verbs, [&](const std::string& verb) { return has_verb(*asked, acting, verb); });
  });
}

TEST_F(Permissions, EveryRouteHasAnEntry) {
  for (const api::RouteRow& row : api::literal_routes()) {
    EXPECT_TRUE(own_entries().contains(label(row))) << label(row) << " has no entry in this test";
  }
  for (const api::RouteRow& row : api::generic_routes()) {
    EXPECT_TRUE(generic_entries().contains(label(row))) << label(row) << " has no entry";
  }
}

using Callers = std::vector<Caller>;

// A line is a route, and for each caller a sign: + let in, - refused, . as if the row were not
// there.
class Table {
 public:
  void head(const std::string& title, const std::vector<std::pair<std::string, Callers>>& groups) {
    text_ << "\n" << title;
    groups_.clear();
    for (const auto& [name, callers] : groups) {
      text_ << (groups_.empty() ? ":" : "\n  " + name + ":");
      for (const Caller& caller : callers) text_ << " " << caller.role;
      groups_.push_back(callers.size());
    }
    text_ << "\n";
  }
  void line(const std::string& route, const std::string& signs) {
    text_ << "  ";
    std::size_t at = 0;
    for (const std::size_t size : groups_) {
      text_ << signs.substr(at, size) << "  ";
      at += size;
    }
    text_ << route << "\n";
  }
  std::string text() const { return text_.str(); }

 private:
  std::vector<std::size_t> groups_;
  std::ostringstream text_;
};

void expect_golden(const std::string& text) {
  const std::string path = std::string(DAYBOOK_SOURCE_DIR) + "/tests/golden/permissions.txt";
  const char* mode = std::getenv("DAYBOOK_GOLDEN");
  if (mode != nullptr && std::string_view(mode) == "write") {
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  std::ifstream in(path, std::ios::binary);
  std::ostringstream there;
  there << in.rdbuf();
  EXPECT_EQ(there.str(), text) << path << " differs; `./dev golden` writes it anew";
}

// The routes of one application, asked by all who may come there.
class Walk {
 public:
  using LetsIn = std::function<bool(const std::string& method, const std::string& target,
                                    const std::string& body, const Caller& caller)>;

  Walk(const Application& application, Callers callers, LetsIn lets_in, Table& table)
      : application_(application),
        callers_(std::move(callers)),
        lets_in_(std::move(lets_in)),
        table_(table) {}

  // Routes of the server's own.
  void ask_own() {
    for (const api::RouteRow& row : api::literal_routes()) {
      const For whom = own_entries().at(label(row));
      if (whom == For::kPeople) continue;  // not of keys: sign_in.scenario
      std::string target = with(std::string(row.path), "{app}", application_.name);
      target = with(target, "{collection}", application_.collections.begin()->first);
      target = with(with(target, "{id}", "x"), "{name}", "invalid");
      ask({label(row), std::string(http::method_name(row.method)), target, body_of(row)},
          [&](const Caller& caller) { return is_meant(whom, caller); });
    }
  }

  void ask_declared() {
    for (const Route& route : application_.routes) {
      if (api::declared_endpoint(route.action) == nullptr) continue;
      ask({route.method + " " + route.path, route.method, filled(route.path), "{}"},
          [&](const Caller& caller) { return may_call_declared(application_, route, caller); });
    }
  }

  void ask_generic(const Collection& collection) {
    for (const api::RouteRow& row : api::generic_routes()) {
      const std::string& verb = generic_entries().at(label(row));
      std::string target = with(std::string(row.path), "{app}", application_.name);
      target = with(with(target, "{collection}", collection.name), "{id}", "x");
      const std::string method(http::method_name(row.method));
      if (target.ends_with("/batch")) {
        ask_batch(target, collection);
        continue;
      }
      ask({method + " " + target, method, target, "{}"},
          [&](const Caller& caller) { return has_verb(collection, caller, verb); });
    }
    const std::string target =
        "/api/v1/" + application_.name + "/" + collection.name + "?format=ndjson";
    ask({"GET " + target, "GET", target, ""}, [&](const Caller& caller) {
      return has_verb(collection, caller, "read") && has_verb(collection, caller, "export");
    });
  }

 private:
  struct Asked {
    std::string shown, method, target, body;
  };

  // Whoever may register may do so with an address and a password only.
  static std::string body_of(const api::RouteRow& row) {
    return row.path.ends_with("/register") ? R"({"application":"sentimatrix"})" : "{}";
  }

  static std::string filled(std::string path) {
    while (path.find('{') != std::string::npos) {
      const std::size_t begin = path.find('{');
      path.replace(begin, path.find('}') - begin + 1, "x");
    }
    return path;
  }

  void ask_batch(const std::string& target, const Collection& collection) {
    const std::pair<const char*, const char*> parts[] = {
        {"rows", "create"}, {"update", "update"}, {"delete", "delete"}};
    for (const auto& part : parts) {
      const std::string verb = part.second;
      const std::string body =
          "{\"" + std::string(part.first) + "\":{\"" + collection.name + "\":[]}}";
      ask({"POST " + target + " " + part.first + " of " + collection.name, "POST", target, body},
          [&](const Caller& caller) { return has_verb(collection, caller, verb); });
    }
  }

  // `means` says whether a caller is to be let in.
  void ask(const Asked& asked, const std::function<bool(const Caller&)>& means) {
    std::string signs;
    for (const Caller& caller : callers_) {
      const bool lets = lets_in_(asked.method, asked.target, asked.body, caller);
      EXPECT_EQ(lets, means(caller)) << application_.name << ": " << caller.application << " "
                                     << caller.role << " " << caller.tenant << " " << asked.shown;
      signs += lets ? '+' : '-';
    }
    table_.line(asked.shown, signs);
  }

  const Application& application_;
  const Callers callers_;
  const LetsIn lets_in_;
  Table& table_;
};

// One collection that has tenants, with a row of `theirs` and one of `mine`, asked by each role of
// the application that is bound to `mine`.
class ForeignTenant : public Permissions {
 protected:
  void look_at(const Application& application, Table& table) {
    callers_.clear();
    for (const std::string& role : application.roles) {
      callers_.push_back(caller_of(application.name, role, "mine"));
    }
    for (const std::string& role : catalog().find("system")->roles) {
      callers_.push_back(caller_of("system", role, "mine"));
    }
    theirs_ = caller_of(application.name, "admin", "theirs");
    const auto own_roles = static_cast<std::ptrdiff_t>(application.roles.size());
    table.head("tenants of " + application.name,
               {{"", {callers_.begin(), callers_.begin() + own_roles}},
                {"Daybook's own of a tenant", {callers_.begin() + own_roles, callers_.end()}}});
    for (const auto& [name, collection] : application.collections) {
      if (collection.tenant_field) look_at(collection, table);
    }
    for (const Route& route : application.routes) ask_declared(application, route, table);
  }

 private:
  void look_at(const Collection& collection, Table& table) {
    app_ = "/api/v1/" + collection.application;
    name_ = collection.name;
    path_ = app_ + "/" + name_;
    field_ = collection.fields[*collection.tenant_field].name;
    for (const std::string tenant : {"mine", "theirs"}) {
      const auto made = counter_.operate("POST", path_, row(collection, tenant));
      ASSERT_EQ(made.status, 201) << path_ << " " << made.body;
    }
    const std::string before = get("/row-of-theirs", theirs_).body;
    EXPECT_NE(before.find("\"row-of-theirs\""), std::string::npos) << path_ << before;
    is_shown("GET", "/{id}", table);
    is_shown("PATCH", "/{id}", table);
    for (const Caller& caller : callers_) {
      is_not_there(caller);
      is_not_listed(collection, caller);
      is_in_no_batch(caller);
      // The tenant is never taken from the body.
      const int status = ask("POST", path_, row(collection, "theirs"), caller).status;
      EXPECT_TRUE(status == 422 || status == 403) << path_ << " " << caller.role << " " << status;
    }
    EXPECT_EQ(get("/row-of-theirs", theirs_).body, before);
  }

  std::string row(const Collection& collection, const std::string& tenant) const {
    return scenarios::example_row(
        collection, {{field_, '"' + tenant + '"'}, {"id", "\"row-of-" + tenant + '"'}});
  }

  http::Response get(const std::string& rest, const Caller& caller) {
    return ask("GET", path_ + rest, "", caller);
  }

  static char sign_of(int status) {
    if (status == 404) return '.';
    return status == 401 || status == 403 ? '-' : '+';
  }

  void is_shown(const std::string& method, const std::string& rest, Table& table) {
    for (const std::string tenant : {"mine", "theirs"}) {
      std::string signs;
      for (const Caller& caller : callers_) {
        const std::string target = path_ + with(rest, "{id}", "row-of-" + tenant);
        signs += sign_of(ask(method, target, "{}", caller).status);
        EXPECT_FALSE(tenant == "theirs" && signs.back() == '+') << target << " " << caller.role;
      }
      table.line(method + " " + path_ + rest + " of " + tenant, signs);
    }
  }

  void is_not_there(const Caller& caller) {
    for (const std::string method : {"GET", "PATCH", "DELETE", "PUT"}) {
      const int status = ask(method, path_ + "/row-of-theirs", "{}", caller).status;
      EXPECT_TRUE(status == 404 || status == 403 || status == 405 || status == 422)
          << method << " " << path_ << " " << status;
    }
  }

  void is_in_no_batch(const Caller& caller) {
    for (const std::string part : {R"("update":{"NAME":[{"id":"row-of-theirs"}]})",
                                   R"("delete":{"NAME":["row-of-theirs"]})"}) {
      const auto answer =
          ask("POST", app_ + "/batch", "{" + with(part, "NAME", name_) + "}", caller);
      EXPECT_TRUE(answer.status == 422 || answer.status == 403) << path_ << " " << answer.body;
    }
  }

  void is_not_listed(const Collection& collection, const Caller& caller) {
    const std::vector<std::string> ways = {"",
                                           "?count=exact",
                                           "?format=ndjson",
                                           "?filter=id='row-of-theirs'",
                                           "/stats",
                                           "/stats?days=1",
                                           "/stats?by=id&days=1",
                                           "/stats?days=1&by=" + field_,
                                           "/top?field=" + field_};
    for (const std::string& way : ways) tells_nothing(path_ + way, caller);
    if (collection.text) tells_nothing(path_ + "/search?q=x", caller);
  }

  std::string tells_nothing(const std::string& target, const Caller& caller) {
    const auto answer = ask("GET", target, "", caller);
    EXPECT_TRUE(answer.status == 200 || answer.status == 422 || answer.status == 403)
        << target << answer.body;
    const std::string told = scenarios::drain(answer);
    for (const std::string_view what : {"row-of-theirs", "\"theirs\"", "\"count\":2"}) {
      EXPECT_EQ(told.find(what), std::string::npos) << target << " " << told;
    }
    return told;
  }

  // Where its parameters are what the rows say.
  void ask_declared(const Application& application, const Route& route, Table& table) {
    const Collection* collection = application.find(route.collection);
    if (collection == nullptr || !collection->tenant_field || route.method != "GET") return;
    const std::string there = "/api/v1/" + application.name + "/" + collection->name + "/row-of-";
    std::string signs;
    for (const Caller& caller : callers_) {
      const auto answer =
          ask("GET", said_by(route, counter_.operate("GET", there + "mine")), "", caller);
      signs += sign_of(answer.status);
      tells_nothing(said_by(route, counter_.operate("GET", there + "theirs")), caller);
    }
    table.line(route.method + " " + route.path + " of mine", signs);
  }

  static std::string said_by(const Route& route, const http::Response& row) {
    std::string path = route.path;
    while (path.find('{') != std::string::npos) {
      const std::size_t begin = path.find('{');
      const std::size_t end = path.find('}');
      const std::string said = scenarios::member_of(row, path.substr(begin + 1, end - begin - 1));
      path.replace(begin, end - begin + 1, said.empty() ? "x" : said);
    }
    return path;
  }

  Callers callers_;
  Caller theirs_;
  std::string app_, name_, path_, field_;
};

TEST_F(ForeignTenant, IsNotToldOfInAnyWayAndAllElseIsWhatTheCatalogDeclares) {
  Table table;
  for (const auto& [name, application] : catalog().applications()) {
    std::vector<std::pair<std::string, Callers>> groups = {
        {"", {{name, "nobody", {}, {}}}}, {"of a tenant", {}}, {"Daybook's own of a tenant", {}}};
    for (const std::string& role : application.roles) {
      groups[0].second.push_back(caller_of(name, role));
      groups[1].second.push_back(caller_of(name, role, "mine"));
    }
    const bool is_daybook = name == "system";
    for (const std::string& role : catalog().find("system")->roles) {
      if (!is_daybook) groups[2].second.push_back(caller_of("system", role, "mine"));
    }
    if (is_daybook) groups.pop_back();
    table.head(name, groups);
    Callers callers;
    for (const auto& [_, group] : groups) callers.insert(callers.end(), group.begin(), group.end());
    Walk walk(
        application, std::move(callers),
        [this](const std::string& method, const std::string& target, const std::string& body,
               const Caller& caller) { return is_let_in(method, target, body, caller); },
        table);
    walk.ask_own();
    walk.ask_declared();
    for (const auto& [_, collection] : application.collections) walk.ask_generic(collection);
  }
  for (const auto& [name, application] : catalog().applications()) {
    const bool has_tenants = std::ranges::any_of(application.collections, [](const auto& one) {
      return one.second.tenant_field.has_value();
    });
    if (has_tenants) look_at(application, table);
  }
  expect_golden(table.text());
}

}  // namespace

}  // namespace daybook
