// Every route x every role x own and foreign tenant, from the shipped catalogs: what the
// declarations say must be what a request meets. The table is tests/golden/permissions.txt; a route
// of the server's own that has no entry here fails the test.
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
enum class For { kAll, kSignedIn, kObservers, kAdmins, kOperators };

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
      {"POST /api/v1/auth/logout", For::kSignedIn},
      {"POST /api/v1/auth/password", For::kSignedIn},
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

class Permissions : public testing::Test {
 protected:
  static const Catalog& catalog() { return scenarios::shipped_catalog(); }

  http::Response ask(const std::string& method, const std::string& target, const std::string& body,
                     const std::string& key) {
    scenarios::Counter::Asked asked{method, target, body, {{"Origin", "https://page.example"}}};
    if (!key.empty()) asked.headers.emplace_back("Authorization", "Bearer " + key);
    return counter_.ask(asked);
  }

  // A key of a role, made by the operator; bound to a tenant when one is given.
  std::string key_of(const std::string& application, const std::string& role,
                     const std::string& tenant) {
    std::string more;
    if (!tenant.empty()) more += ",\"tenant\":\"" + tenant + "\"";
    if (role == "publishable") more += R"(,"publishable":true,"origins":["https://page.example"])";
    return counter_.make_key(application, role, more);
  }

  bool is_let_in(const std::string& method, const std::string& target, const std::string& body,
                 const std::string& key) {
    counter_.clock().advance(std::chrono::seconds(1));  // a page may not ask faster
    const auto answer = ask(method, target, body, key);
    EXPECT_NE(answer.status, 500) << method << " " << target << " " << answer.body;
    EXPECT_NE(answer.status, 429) << method << " " << target << " " << answer.body;
    return answer.status != 401 && answer.status != 403;
  }

  scenarios::Counter counter_;
};

bool is_meant(For whom, const std::string& application, const std::string& role) {
  const bool is_of_daybook = application == "system";
  switch (whom) {
    case For::kAll:
      return true;
    case For::kSignedIn:
      return role != "publishable";
    case For::kObservers:
      return is_of_daybook && (role == "admin" || role == "ops" || role == "analyst");
    case For::kAdmins:
      return role == "admin";
    case For::kOperators:
      return is_of_daybook && role == "admin";
  }
  return false;
}

bool has_verb(const Collection& collection, const std::string& role, const std::string& verb) {
  const bool rewrites = verb == "update" || verb == "delete";
  if (collection.declared.audit && rewrites) return false;
  if (role == "publishable" && verb != "create") return false;
  for (const Right& right : collection.declared.allow) {
    if (right.role != role) continue;
    for (const std::string& each : right.verbs) {
      if (each == "*" || each == verb) return true;
    }
  }
  return false;
}

TEST_F(Permissions, EveryRouteHasAnEntry) {
  for (const api::RouteRow& row : api::literal_routes()) {
    EXPECT_TRUE(own_entries().contains(label(row))) << label(row) << " has no entry in this test";
  }
  for (const api::RouteRow& row : api::generic_routes()) {
    EXPECT_TRUE(generic_entries().contains(label(row))) << label(row) << " has no entry";
  }
}

// One line of the table: a route, and for each role whether it is let in.
class Table {
 public:
  void head(const std::string& application, const std::vector<std::string>& roles) {
    text_ << "\n" << application << ": nobody";
    for (const std::string& role : roles) text_ << " " << role;
    text_ << "\n";
  }
  void line(const std::string& route, const std::vector<bool>& lets) {
    text_ << "  ";
    for (const bool let : lets) text_ << (let ? "+" : "-");
    text_ << "  " << route << "\n";
  }
  std::string text() const { return text_.str(); }

 private:
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

// The routes of one application, asked by each of its roles and by nobody.
class Walk {
 public:
  using LetsIn = std::function<bool(const std::string& method, const std::string& target,
                                    const std::string& body, const std::string& key)>;

  Walk(const Application& application, std::vector<std::string> keys, LetsIn lets_in, Table& table)
      : application_(application),
        keys_(std::move(keys)),
        lets_in_(std::move(lets_in)),
        table_(table) {}

  // Routes of the server's own; those of signing in are of people: sign_in.scenario.
  void ask_own() {
    for (const api::RouteRow& row : api::literal_routes()) {
      if (row.path.find("/auth/") != std::string_view::npos) continue;
      const For whom = own_entries().at(label(row));
      std::string target = with(std::string(row.path), "{app}", application_.name);
      target = with(target, "{collection}", application_.collections.begin()->first);
      target = with(with(target, "{id}", "x"), "{name}", "invalid");
      ask({label(row), std::string(http::method_name(row.method)), target, "{}"},
          [&](const std::string& role) {
            return role.empty() ? whom == For::kAll : is_meant(whom, application_.name, role);
          });
    }
  }

  void ask_declared() {
    for (const Route& route : application_.routes) {
      if (api::declared_endpoint(route.action) == nullptr) continue;
      ask({route.method + " " + route.path, route.method, filled(route.path), "{}"},
          [&](const std::string& role) {
            // A page without credentials acts as the application's publishable key.
            const std::string acting = role.empty() ? "publishable" : role;
            return std::ranges::find(route.allow, acting) != route.allow.end();
          });
    }
  }

  void ask_generic(const Collection& collection) {
    for (const api::RouteRow& row : api::generic_routes()) {
      const std::string& verb = generic_entries().at(label(row));
      std::string target = with(std::string(row.path), "{app}", application_.name);
      target = with(with(target, "{collection}", collection.name), "{id}", "x");
      const std::string method(http::method_name(row.method));
      const bool is_batch = target.ends_with("/batch");
      const std::string body = is_batch ? "{\"rows\":{\"" + collection.name + "\":[]}}" : "{}";
      const std::string of = is_batch ? " of " + collection.name : "";
      ask({method + " " + target + of, method, target, body},
          [&](const std::string& role) { return has_verb(collection, role, verb); });
    }
    const std::string target =
        "/api/v1/" + application_.name + "/" + collection.name + "?format=ndjson";
    ask({"GET " + target, "GET", target, ""}, [&](const std::string& role) {
      return has_verb(collection, role, "read") && has_verb(collection, role, "export");
    });
  }

 private:
  struct Asked {
    std::string shown, method, target, body;
  };

  static std::string filled(std::string path) {
    while (path.find('{') != std::string::npos) {
      const std::size_t begin = path.find('{');
      path.replace(begin, path.find('}') - begin + 1, "x");
    }
    return path;
  }

  // `means` says of a role, or of nobody (empty), whether it is to be let in.
  void ask(const Asked& asked, const std::function<bool(const std::string&)>& means) {
    std::vector<bool> lets;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      const std::string role = i == 0 ? "" : application_.roles[i - 1];
      lets.push_back(lets_in_(asked.method, asked.target, asked.body, keys_[i]));
      EXPECT_EQ(lets.back(), means(role)) << application_.name << " " << role << " " << asked.shown;
    }
    table_.line(asked.shown, lets);
  }

  const Application& application_;
  const std::vector<std::string> keys_;  // nobody's, which is empty, and one of each role
  const LetsIn lets_in_;
  Table& table_;
};

TEST_F(Permissions, AreWhatTheCatalogDeclares) {
  Table table;
  for (const auto& [name, application] : catalog().applications()) {
    std::vector<std::string> keys = {""};
    for (const std::string& role : application.roles) keys.push_back(key_of(name, role, ""));
    table.head(name, application.roles);
    Walk walk(
        application, std::move(keys),
        [this](const std::string& method, const std::string& target, const std::string& body,
               const std::string& key) { return is_let_in(method, target, body, key); },
        table);
    walk.ask_own();
    walk.ask_declared();
    for (const auto& [_, collection] : application.collections) walk.ask_generic(collection);
  }
  expect_golden(table.text());
}

// One collection that has tenants, with a row of `theirs`, asked with a key of `mine`.
class ForeignTenant : public Permissions {
 protected:
  void look_at(const Collection& collection) {
    path_ = "/api/v1/" + collection.application + "/" + collection.name;
    field_ = collection.fields[*collection.tenant_field].name;
    mine_ = key_of(collection.application, "admin", "mine");
    theirs_ = key_of(collection.application, "admin", "theirs");
    const auto made = counter_.operate("POST", path_, row(collection, "r1"));
    ASSERT_EQ(made.status, 201) << path_ << " " << made.body;
    EXPECT_EQ(get("/r1", theirs_).status, 200) << path_;
    EXPECT_NE(get("", theirs_).body.find("\"r1\""), std::string::npos) << path_;
    is_not_there();
    is_not_listed(collection);
    // The tenant is never taken from the body.
    EXPECT_EQ(ask("POST", path_, row(collection, "r2"), mine_).status, 422) << path_;
  }

 private:
  std::string row(const Collection& collection, const std::string& id) const {
    return scenarios::example_row(collection, {{field_, "\"theirs\""}, {"id", '"' + id + '"'}});
  }

  http::Response get(const std::string& rest, const std::string& key) {
    return ask("GET", path_ + rest, "", key);
  }

  void is_not_there() {
    EXPECT_EQ(get("/r1", mine_).status, 404) << path_;
    for (const std::string method : {"PATCH", "DELETE", "PUT"}) {
      const int status = ask(method, path_ + "/r1", "{}", mine_).status;
      EXPECT_TRUE(status == 404 || status == 403 || status == 405 || status == 422)
          << method << " " << path_ << " " << status;
    }
  }

  void is_not_listed(const Collection& collection) {
    const std::vector<std::string> ways = {"",
                                           "?count=exact",
                                           "?format=ndjson",
                                           "?filter=id='r1'",
                                           "/stats",
                                           "/stats?days=1",
                                           "/stats?by=id&days=1",
                                           "/stats?days=1&by=" + field_,
                                           "/top?field=" + field_};
    for (const std::string& way : ways) tells_nothing(way);
    if (collection.text) tells_nothing("/search?q=x");
  }

  void tells_nothing(const std::string& way) {
    const auto answer = get(way, mine_);
    EXPECT_TRUE(answer.status == 200 || answer.status == 422) << path_ << way << answer.body;
    const std::string told = scenarios::drain(answer);
    for (const std::string_view what : {"\"r1\"", "theirs", "\"count\":1"}) {
      EXPECT_EQ(told.find(what), std::string::npos) << path_ << way << " " << told;
    }
  }

  std::string path_, field_, mine_, theirs_;
};

TEST_F(ForeignTenant, IsNotToldOfInAnyWay) {
  std::size_t looked_at = 0;
  for (const auto& [name, application] : catalog().applications()) {
    for (const auto& [collection_name, collection] : application.collections) {
      if (!collection.tenant_field) continue;
      ++looked_at;
      look_at(collection);
    }
  }
  EXPECT_GE(looked_at, 4u);
}

}  // namespace

}  // namespace daybook
