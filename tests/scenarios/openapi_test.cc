// /openapi.json and /docs over the shipped catalogs: whole and sound for the operator, and for
// everybody else what tests/golden/permissions.txt says that he may call.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "api/routes.h"
#include "base/hash.h"
#include "base/json.h"
#include "tests/scenarios/counter.h"

namespace daybook {
namespace {

using Names = std::set<std::string>;

// A parsed document, and the walks through it.
class Document {
 public:
  explicit Document(std::string text) : text_(std::move(text)), root_(*parser_.parse(text_)) {}

  // "GET /a/{b}" -> the operation.
  std::map<std::string, json::Value> operations() const {
    std::map<std::string, json::Value> found;
    auto paths = root_.find("paths")->members();
    while (const auto path = paths.next()) {
      auto methods = path->second.members();
      while (const auto method = methods.next()) {
        std::string name(method->first);
        std::ranges::transform(name, name.begin(), [](char c) { return char(std::toupper(c)); });
        found.emplace(name + " " + std::string(path->first), method->second);
      }
    }
    return found;
  }

  // What "#/components/..." leads to.
  std::optional<json::Value> target_of(std::string_view reference) const {
    std::optional<json::Value> at = root_;
    reference.remove_prefix(std::string_view("#/").size());
    while (at && !reference.empty()) {
      const std::size_t end = std::min(reference.find('/'), reference.size());
      at = at->find(reference.substr(0, end));
      reference.remove_prefix(std::min(end + 1, reference.size()));
    }
    return at;
  }

  Names references() const {
    Names found;
    collect(root_, found);
    return found;
  }

  const json::Value& root() const { return root_; }

 private:
  static void collect(const json::Value& value, Names& found) {
    if (value.kind() == json::Kind::kArray) {
      auto elements = value.elements();
      while (const auto element = elements.next()) collect(*element, found);
    }
    if (value.kind() != json::Kind::kObject) return;
    auto members = value.members();
    while (const auto member = members.next()) {
      const bool is_text = member->second.kind() == json::Kind::kString;
      if (member->first == "$ref" && is_text) found.insert(std::string(member->second.as_string()));
      collect(member->second, found);
    }
  }

  const std::string text_;
  json::Parser parser_;
  const json::Value root_;
};

class OpenApi : public testing::Test {
 protected:
  static const Catalog& catalog() { return scenarios::shipped_catalog(); }

  std::string operators() { return counter_.operate("GET", "/openapi.json").body; }

  scenarios::Counter counter_;
};

std::string with(std::string text, std::string_view name, std::string_view value) {
  const std::size_t at = text.find(name);
  return at == std::string::npos ? text : text.replace(at, name.size(), value);
}

// The routes that the server's tables and the catalog have.
Names all_routes(const Catalog& catalog) {
  Names names;
  const auto add = [&](const api::RouteRow& row, const std::string& path) {
    names.insert(std::string(http::method_name(row.method)) + " " + path);
  };
  for (const api::RouteRow& row : api::literal_routes()) add(row, std::string(row.path));
  for (const auto& [name, application] : catalog.applications()) {
    for (const Route& route : application.routes) {
      if (api::declared_endpoint(route.action) == nullptr) continue;
      names.insert(route.method + " " + route.path);
    }
    for (const api::RouteRow& row : api::generic_routes()) {
      const std::string path = with(std::string(row.path), "{app}", name);
      for (const auto& [collection_name, collection] : application.collections) {
        const bool is_put = row.method == http::Method::kPut && collection.is_journal();
        const bool is_search = row.access == Access::kSearch && !collection.text;
        // The trails are nobody's to change.
        const bool is_trail = row.access == Access::kUpdate || row.access == Access::kDelete;
        // Daybook's own is nobody's to add to either.
        const bool is_own =
            row.access == Access::kCreate && collection.declared.holds == Holds::kTrail;
        if (is_put || is_search || is_own || (is_trail && collection.declared.audit)) continue;
        add(row, with(path, "{collection}", collection_name));
      }
    }
  }
  return names;
}

TEST_F(OpenApi, HasEveryRoute) {
  const Document document(operators());
  EXPECT_EQ(document.root().find("openapi")->as_string(), "3.1.0");
  Names told;
  for (const auto& [name, operation] : document.operations()) told.insert(name);
  EXPECT_EQ(told, all_routes(catalog()));
}

TEST_F(OpenApi, RefersToNothingThatIsNotThere) {
  const Document document(operators());
  const Names references = document.references();
  EXPECT_GT(references.size(), 100u);
  for (const std::string& reference : references) {
    EXPECT_TRUE(document.target_of(reference)) << reference;
  }
}

// D-19: routes stand under the tag that their application declares.
TEST_F(OpenApi, PutsRoutesUnderTheTagOfTheirApplication) {
  const Document document(operators());
  const auto tag_of = [&](const std::string& route) {
    auto tags = document.operations().at(route).find("tags")->elements();
    return std::string(tags.next()->as_string());
  };
  EXPECT_EQ(tag_of("POST /api/v1/analytics/error"), "Analytics");
  EXPECT_EQ(tag_of("GET /api/v1/homepot/error_logs"), "Analytics");
  EXPECT_EQ(tag_of("GET /livez"), "daybook");
  Names told;
  auto tags = document.root().find("tags")->elements();
  while (const auto tag = tags.next()) told.emplace(tag->find("name")->as_string());
  EXPECT_TRUE(told.contains("Analytics"));
  EXPECT_FALSE(told.contains("homepot"));
  EXPECT_NE(counter_.operate("GET", "/docs").body.find("<h2>Analytics</h2>"), std::string::npos);
}

// The parameters of an operation as "path:id" and their like.
std::vector<std::string> parameters_of(const Document& document, const json::Value& operation) {
  std::vector<std::string> found;
  auto parameters = operation.find("parameters")->elements();
  while (const auto parameter = parameters.next()) {
    const auto reference = parameter->find("$ref");
    const json::Value value = reference ? *document.target_of(reference->as_string()) : *parameter;
    found.push_back(std::string(value.find("in")->as_string()) + ":" +
                    std::string(value.find("name")->as_string()));
  }
  return found;
}

TEST_F(OpenApi, NamesEachOperationAndParameterOnce) {
  const Document document(operators());
  Names ids;
  for (const auto& [name, operation] : document.operations()) {
    EXPECT_TRUE(ids.insert(std::string(operation.find("operationId")->as_string())).second) << name;
    const std::vector<std::string> parameters = parameters_of(document, operation);
    const Names once(parameters.begin(), parameters.end());
    EXPECT_EQ(once.size(), parameters.size()) << name;
    const auto in_path = std::ranges::count_if(
        once, [](const std::string& each) { return each.starts_with("path:"); });
    EXPECT_EQ(in_path, std::ranges::count(name, '{')) << name;
    EXPECT_TRUE(operation.find("responses")->find("default")) << name;
  }
}

TEST_F(OpenApi, TellsOfARouteWhatItTakesAndAnswers) {
  const Document document(operators());
  std::string jobs;
  document.operations().at("GET /api/v1/metrics/job-outcomes").write(jobs);
  EXPECT_EQ(
      jobs,
      R"({"operationId":"get_api_v1_metrics_job_outcomes","summary":"Success rates and durations of jobs by type.","tags":["Analytics"],"parameters":[)"
      R"({"name":"job_type","in":"query","required":false,"schema":{"type":"string","maxLength":65536}},)"
      R"({"$ref":"#/components/parameters/start"},{"$ref":"#/components/parameters/end"},)"
      R"({"$ref":"#/components/parameters/start_date"},{"$ref":"#/components/parameters/end_date"},)"
      R"({"name":"hours","in":"query","description":"The last so many hours.","schema":{"type":"integer","minimum":1,"maximum":168,"default":24}},)"
      R"({"$ref":"#/components/parameters/days"},{"$ref":"#/components/parameters/tz"},{"$ref":"#/components/parameters/explain"}],)"
      R"("responses":{"200":{"description":"OK","content":{"application/json":{"schema":{"type":"object","properties":{"window":{"$ref":"#/components/schemas/Window"},)"
      R"("total_jobs":{},"success_rate":{},"avg_duration_ms":{},"job_types":{"type":"array","items":{"type":"object","properties":{"job_type":{"type":"string","examples":["firmware_update","restart","config_change","device_restart"]},)"
      R"("total":{},"success":{},"failed":{},"timeout":{},"cancelled":{},"success_rate":{},"avg_duration_ms":{}}}},"more":{"type":"array","items":{"type":"string"}}}}}}},)"
      R"("default":{"$ref":"#/components/responses/Problem"}}})");
}

// The table of permissions: application, role -> what is let in and what is not.
struct Permitted {
  Names let_in, refused;
};

std::map<std::pair<std::string, std::string>, Permitted> read_permissions() {
  std::map<std::pair<std::string, std::string>, Permitted> all;
  std::ifstream in(std::string(DAYBOOK_SOURCE_DIR) + "/tests/golden/permissions.txt");
  std::string line, application;
  std::vector<std::string> roles;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    std::string first;
    words >> first;
    if (first.ends_with(':')) {
      application = first.substr(0, first.size() - 1);
      roles.clear();
      for (std::string role; words >> role;) roles.push_back(role);
      continue;
    }
    std::string method, path, rest;
    // Behind the signs of who is bound to no tenant stand those of who is.
    while (words >> method && method.find_first_not_of("+-") == std::string::npos) continue;
    if (!(words >> path) || words >> rest || path.find('?') != std::string::npos) continue;
    for (std::size_t i = 0; i < roles.size(); ++i) {
      Permitted& permitted = all[{application, roles[i]}];
      (first[i] == '+' ? permitted.let_in : permitted.refused).insert(method + " " + path);
    }
  }
  return all;
}

// As the table writes it: the id of a generic route is x.
std::string in_table(std::string name, const std::string& application) {
  const bool is_generic = name.find(" /api/v1/" + application + "/") != std::string::npos;
  return is_generic && name.ends_with("/{id}") ? with(std::move(name), "{id}", "x") : name;
}

TEST_F(OpenApi, TellsEachRoleWhatItMayCallAndNoMore) {
  const Names all = all_routes(catalog());
  for (const auto& [who, permitted] : read_permissions()) {
    const auto& [application, role] = who;
    if (role == "nobody") continue;
    const std::string more =
        role == "publishable" ? R"(,"publishable":true,"origins":["https://page.example"])" : "";
    const std::string key = counter_.make_key(application, role, more);
    const auto answer =
        counter_.ask({"GET",
                      "/openapi.json",
                      "",
                      {{"Authorization", "Bearer " + key}, {"Origin", "https://page.example"}}});
    ASSERT_EQ(answer.status, 200);
    const auto told = Document(answer.body).operations();
    for (const std::string& name : all) {
      const std::string listed = in_table(name, application);
      if (permitted.let_in.contains(listed)) {
        EXPECT_TRUE(told.contains(name)) << application << " " << role << " " << name;
      }
      if (permitted.refused.contains(listed)) {
        EXPECT_FALSE(told.contains(name)) << application << " " << role << " " << name;
      }
    }
  }
}

TEST_F(OpenApi, TellsStrangersNothingOfTheCatalog) {
  counter_.make_key("system", "admin");  // from here on there are strangers
  for (const std::string path : {"/openapi.json", "/docs"}) {
    const auto answer = counter_.ask({"GET", path});
    ASSERT_EQ(answer.status, 200);
    EXPECT_NE(answer.body.find("/api/v1/auth/login"), std::string::npos);
    EXPECT_EQ(answer.body.find("/api/v1/keys"), std::string::npos);
    for (const auto& [name, application] : catalog().applications()) {
      if (name == "system") continue;
      EXPECT_EQ(answer.body.find("/" + name), std::string::npos) << path << " " << name;
      for (const auto& [collection, declared] : application.collections) {
        EXPECT_EQ(answer.body.find(name + "." + collection), std::string::npos) << path;
      }
    }
  }
}

TEST_F(OpenApi, HasAPageThatNeedsNothingFromElsewhere) {
  const auto page = counter_.operate("GET", "/docs");
  ASSERT_EQ(page.status, 200);
  EXPECT_EQ(page.headers.get("Content-Type"), "text/html; charset=utf-8");
  for (const std::string& name : all_routes(catalog())) {
    const std::size_t blank = name.find(' ');
    const std::string shown =
        "<b>" + name.substr(0, blank) + "</b> <code>" + name.substr(blank + 1) + "</code>";
    EXPECT_NE(page.body.find(shown), std::string::npos) << shown;
  }
  for (const std::string_view none : {"<script", "<img", "<link", " style=", " onclick="}) {
    EXPECT_EQ(page.body.find(none), std::string::npos) << none;
  }
  const std::string_view policy = page.headers.get("Content-Security-Policy");
  EXPECT_TRUE(policy.starts_with("default-src 'none'; style-src 'sha256-")) << policy;
}

TEST_F(OpenApi, ShowsLinesThatCanBeCopied) {
  const std::string page = counter_.operate("GET", "/docs").body;
  for (const std::string_view line :
       {"<pre>curl 'http://localhost/livez'</pre>",
        "<pre>curl 'http://localhost/api/v1/auth/login' -H 'Content-Type: application/json' -d "
        "'{&quot;email&quot;:&quot;ada@example.com&quot;,&quot;password&quot;:&quot;...&quot;}'",
        "<pre>curl -X DELETE 'http://localhost/api/v1/keys/{id}' -H &quot;Authorization: Bearer "
        "$KEY&quot;</pre>",
        "/search?q=...' -H &quot;"}) {
    EXPECT_NE(page.find(line), std::string::npos) << line;
  }
}

// A page is text to the browser wherever a name came from.
TEST_F(OpenApi, WritesNoMarkupThatARequestBrings) {
  counter_.make_key("system", "admin");  // before, other hosts' names are refused
  const auto page = counter_.ask({"GET", "/docs", "", {{"Host", "localhost\"><b>x"}}});
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body.find("<b>x"), std::string::npos);
}

}  // namespace
}  // namespace daybook
