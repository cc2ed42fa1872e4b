// What one tenant brings, asks and changes is answered as if there were no other: byte for byte the
// same whether or not another has rows of the same ids.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/embedded.h"
#include "base/hash.h"
#include "base/text.h"
#include "store/memory/memory_store.h"
#include "store/sqlite/sqlite_store.h"
#include "tests/scenarios/counter.h"

namespace daybook::scenarios {

namespace {

constexpr std::string_view kStalls = R"toml(
kind   = "register"
about  = "Where a branch sells."
tenant = "branch"

[fields]
branch = { type = "text", required = true, facet = true, from = "principal.tenant" }
name   = { type = "text", required = true }
owner  = { type = "text" }
goods  = { type = "list", of = { type = "text" } }

[text]
fields = { name = 1 }

[[indexes]]
on = ["name"]
unique = true

[[indexes]]
on = ["goods"]

[allow]
admin = { verbs = ["*"] }
)toml";

constexpr std::string_view kSales = R"toml(
kind   = "journal"
about  = "Something that was sold."
tenant = "branch"
time   = "sold_at"

[fields]
branch  = { type = "text", required = true, facet = true, from = "principal.tenant" }
sold_at = { type = "time", default = "now" }
stall   = { type = "text", references = "stalls", facet = true }
note    = { type = "text" }

[changes]
note = "any"

[text]
fields = { note = 1 }

[allow]
admin  = { verbs = ["*"] }
keeper = { verbs = ["read"], rows = "stall.owner = :principal.id" }
)toml";

// Accounts, whose ids are one person whatever the tenant.
constexpr std::string_view kPeople = R"toml(
kind   = "register"
about  = "Somebody who works at a stall."
tenant = "branch"

[fields]
email         = { type = "text", format = "email", required = true, fold = "case" }
password_hash = { type = "secret", required = true, min = 8, max = 1024, hash = "argon2id" }
role          = { type = "choice", of = ["admin", "keeper"], default = "admin" }
branch        = { type = "text", min = 1, required = true }
stall         = { type = "text", references = "stalls" }

[[indexes]]
on = ["email"]
unique = true

[identity]
login    = "email"
password = "password_hash"
role     = "role"
tenant   = "branch"

[allow]
admin  = ["*"]
keeper = { verbs = ["read", "update"], rows = "stall.owner = :principal.id" }
)toml";

Catalog load_market() {
  std::vector<CatalogFile> files = {{"market/application.toml", "",
                                     "about = \"For the tests of tenants.\"\n"
                                     "roles = [\"admin\", \"keeper\"]\n"},
                                    {"market/people.toml", "", std::string(kPeople)},
                                    {"market/stalls.toml", "", std::string(kStalls)},
                                    {"market/sales.toml", "", std::string(kSales)}};
  for (const EmbeddedFile& file : embedded_catalogs()) {
    if (!file.path.starts_with("system/")) continue;
    files.push_back({std::string(file.path), std::string(file.path), std::string(file.bytes)});
  }
  auto catalog = Catalog::load(files, [](const std::string&) { return std::nullopt; });
  if (catalog.ok()) return *std::move(catalog);
  std::fprintf(stderr, "%s\n", catalog.error().message().c_str());
  for (const Problem& problem : catalog.error().problems()) {
    std::fprintf(stderr, "%s %s\n", problem.pointer.c_str(), problem.detail.c_str());
  }
  std::abort();
}

const Catalog& market() {
  static const Catalog catalog = load_market();
  return catalog;
}

constexpr std::string_view kRoot = "/api/v1/market/";

// A market with two branches, each with a key of its own.
class Market {
 public:
  explicit Market(std::unique_ptr<Store> store) : counter_(market(), std::move(store)) {
    a_ = counter_.make_key("market", "admin", R"(,"tenant":"a")");
    b_ = counter_.make_key("market", "admin", R"(,"tenant":"b")");
  }

  Counter& counter() { return counter_; }
  // Status, what is in the headers of the row, and body.
  std::string as(const std::string& key, const std::string& method, const std::string& target,
                 const std::string& body = {}, Counter::Pairs headers = {}) {
    if (!key.empty()) headers.emplace_back("Authorization", "Bearer " + key);
    const auto answer = counter_.ask({method, std::string(kRoot) + target, body, headers});
    std::string text = method + " " + target + ": " + std::to_string(answer.status);
    for (const std::string name : {"ETag", "Location"}) {
      if (answer.headers.has(name)) text += " " + std::string(answer.headers.get(name));
    }
    return text + " " + drain(answer) + "\n";
  }
  std::string a(const std::string& method, const std::string& target, const std::string& body = {},
                Counter::Pairs headers = {}) {
    return as(a_, method, target, body, std::move(headers));
  }
  std::string b(const std::string& method, const std::string& target,
                const std::string& body = {}) {
    return as(b_, method, target, body);
  }

 private:
  Counter counter_;
  std::string a_, b_;
};

// Every way in which branch a may meet an id.
std::string all_of_a(Market& market) {
  std::string text;
  const auto say = [&](const std::string& answer) { text += answer; };
  const std::string sale = R"({"id":"x1","sold_at":"2025-12-05T13:00:00Z","note":"red shoes")";
  say(market.a("POST", "sales", sale + "}"));
  say(market.a("POST", "sales", sale + "}"));
  say(market.a("POST", "stalls", R"({"id":"x1","name":"corner","goods":["tea"]})"));
  say(market.a("POST", "stalls", R"({"id":"x1","name":"corner","goods":["tea"]})"));
  say(market.a("POST", "stalls", R"({"id":"x1","name":"other"})"));
  say(market.a("POST", "stalls", R"({"id":"x7","name":"corner"})"));
  say(market.a("POST", "sales", sale + R"(,"stall":"x1"})"));
  say(market.a("PUT", "stalls/x2", R"({"name":"gate"})", {{"If-None-Match", "*"}}));
  say(market.a("PUT", "stalls/x2", R"({"name":"gate"})"));
  say(market.a("PUT", "stalls/x3", R"({"name":"wall"})", {{"If-Match", "*"}}));
  say(market.a("PUT", "stalls/x3", R"({"name":"wall","branch":"b"})"));
  for (const std::string id : {"x1", "x3"}) {
    for (const std::string of : {"stalls/", "sales/"}) {
      say(market.a("GET", of + id));
      say(market.a("PATCH", of + id, of == "stalls/" ? R"({"owner":"al"})" : R"({"note":"new"})"));
    }
    say(market.a("POST", "batch",
                 R"({"update":{"stalls":[{"id":")" + id + R"(","owner":"bo"}]}})"));
    say(market.a(
        "POST", "sales",
        R"({"id":"r)" + id + R"(","sold_at":"2025-12-05T13:30:00Z","stall":")" + id + "\"}"));
  }
  say(market.a("DELETE", "stalls/x3"));
  say(market.a("DELETE", "sales/x3"));
  say(market.a("POST", "batch", R"({"delete":{"sales":["x3"]}})"));
  for (const std::string question :
       {"stalls?count=exact", "sales?count=exact", "stalls?filter=id%20=%20'x3'",
        "stalls?filter=goods%20:%20'tea'", "sales?order=note", "stalls/stats?by=name",
        "sales/stats?by=stall", "sales/search?q=shoes", "stalls/search?q=corner"}) {
    say(market.a("GET", question));
  }
  for (const std::string of : {"stalls", "sales"}) {
    std::string cursor;
    for (int page = 0; page < 9; ++page) {
      const std::string answer = market.a("GET", of + "?limit=1" + cursor);
      say(answer);
      const auto at = answer.find("\"next_cursor\":\"");
      if (at == answer.npos) break;
      const auto begin = at + 15;
      cursor = "&cursor=" + answer.substr(begin, answer.find('"', begin) - begin);
    }
  }
  say(market.a("DELETE", "sales/x1"));
  say(market.a("POST", "sales", sale + "}"));
  say(market.a("DELETE", "stalls/x1"));
  say(market.a("GET", "stalls/x1"));
  return text;
}

// Of the first answers, those about ids that b may have: "POST 201, PUT 200".
std::string first_statuses(const std::string& text) {
  std::vector<std::string> all;
  for (const std::string_view line : split(text, '\n')) {
    const auto colon = line.find(": ");
    if (colon == line.npos || all.size() == 26) break;
    all.push_back(std::string(line.substr(0, line.find(' '))) + " " +
                  std::string(line.substr(colon + 2, 3)));
  }
  return join(all, ", ");
}

// As many rows of branch b, with ids that begin so.
void bring_b(Market& market, const std::string& id) {
  for (const std::string n : {"1", "2", "3"}) {
    const std::string stall =
        R"({"id":")" + id + n + R"(","name":"b)" + n + R"(","goods":["tea"]})";
    ASSERT_NE(market.b("POST", "stalls", stall).find(": 201"), std::string::npos);
    const std::string sale = R"({"id":")" + id + n +
                             R"(","sold_at":"2025-12-05T13:00:00Z","note":"old shoes","stall":")" +
                             id + n + "\"}";
    ASSERT_NE(market.b("POST", "sales", sale).find(": 201"), std::string::npos);
  }
  ASSERT_NE(market.b("DELETE", "sales/" + id + "2").find(": 204"), std::string::npos);
}

class TenantIdsTest : public testing::TestWithParam<std::string> {
 protected:
  ~TenantIdsTest() override {
    for (const std::string& directory : directories_) std::filesystem::remove_all(directory);
  }

  std::unique_ptr<Store> make_store() {
    if (GetParam() == "memory") return make_memory_store();
    directories_.push_back(testing::TempDir() + "daybook-tenants-" + std::to_string(random64()));
    auto store = sqlite::open_store(directories_.back(), {});
    if (!store.ok()) std::abort();
    return *std::move(store);
  }

  std::vector<std::string> directories_;
};
INSTANTIATE_TEST_SUITE_P(Stores, TenantIdsTest, testing::Values("memory", "sqlite"),
                         [](const auto& store) { return store.param; });

TEST_P(TenantIdsTest, ATenantIsAnsweredAsIfThereWereNoOther) {
  Market with_twins(make_store()), without(make_store());
  bring_b(with_twins, "x");
  bring_b(without, "y");
  const std::string of_b = with_twins.b("GET", "stalls") + with_twins.b("GET", "sales");
  const std::string of_a = all_of_a(with_twins);
  EXPECT_EQ(of_a, all_of_a(without));
  EXPECT_EQ(
      first_statuses(of_a),
      "POST 201, POST 201, POST 201, POST 201, POST 409, POST 409, POST 409, PUT 201, PUT 200, "
      "PUT 412, PUT 422, GET 200, PATCH 200, GET 200, PATCH 200, POST 201, POST 201, GET 404, "
      "PATCH 404, GET 404, PATCH 404, POST 422, POST 422, DELETE 404, DELETE 404, POST 422");
  EXPECT_EQ(with_twins.b("GET", "stalls") + with_twins.b("GET", "sales"), of_b);
}

TEST_P(TenantIdsTest, WhoIsBoundToNoneIsToldThatAnIdMeansSeveralRows) {
  Market market(make_store());
  bring_b(market, "x");
  market.a("POST", "stalls", R"({"id":"x1","name":"corner"})");
  const std::string key = market.counter().make_key("market", "admin");
  for (const std::string method : {"GET", "PATCH", "DELETE"}) {
    const std::string body = method == "PATCH" ? R"({"owner":"al"})" : "";
    const std::string answer = market.as(key, method, "stalls/x1", body);
    EXPECT_NE(answer.find(": 409 "), std::string::npos) << answer;
    EXPECT_NE(answer.find("rows of several tenants have this id"), std::string::npos) << answer;
  }
  EXPECT_EQ(market.counter().operate("DELETE", std::string(kRoot) + "stalls/x1").status, 409);
  // The body of a row says whose it is, and a list tells them apart.
  const std::string put =
      market.as(key, "PUT", "stalls/x1", R"({"name":"b1","branch":"b","owner":"al"})");
  EXPECT_NE(put.find(": 200 "), std::string::npos) << put;
  const std::string listed =
      market.as(key, "GET", "stalls?filter=id%20=%20'x1'%20AND%20branch%20=%20'b'");
  EXPECT_NE(listed.find(R"("owner":"al")"), std::string::npos) << listed;
  EXPECT_EQ(listed.find("corner"), std::string::npos) << listed;
  EXPECT_NE(market.as(key, "GET", "stalls/x3").find(": 200 "), std::string::npos);
  EXPECT_NE(market.as(key, "PATCH", "stalls/x3", R"({"branch":"a"})").find(": 422 "),
            std::string::npos);
}

TEST_P(TenantIdsTest, ARuleBehindAReferenceMeansTheRowOfTheSameTenant) {
  Market market(make_store());
  market.a("POST", "stalls", R"({"id":"x1","name":"corner","owner":"kim"})");
  market.b("POST", "stalls", R"({"id":"x1","name":"gate","owner":"lee"})");
  market.a("POST", "sales", R"({"id":"sa","stall":"x1"})");
  market.b("POST", "sales", R"({"id":"sb","stall":"x1"})");
  for (const std::string more : {R"(,"subject":"kim")", R"(,"subject":"kim","tenant":"a")"}) {
    const std::string kim = market.counter().make_key("market", "keeper", more);
    const std::string listed = market.as(kim, "GET", "sales");
    EXPECT_NE(listed.find(R"("id":"sa")"), std::string::npos) << listed;
    EXPECT_EQ(listed.find(R"("id":"sb")"), std::string::npos) << listed;
  }
  const std::string stranger =
      market.counter().make_key("market", "keeper", R"(,"subject":"kim","tenant":"b")");
  EXPECT_NE(market.as(stranger, "GET", "sales").find(R"("items":[])"), std::string::npos);
}

TEST_P(TenantIdsTest, NobodyComesByAnAccountThroughAnIdOfHisOwn) {
  Market market(make_store());
  market.a("POST", "stalls", R"({"id":"x1","name":"corner","owner":"lee"})");
  const std::string person = market.a("POST", "people",
                                      R"({"id":"p1","email":"p1@a.example","password":"password1",)"
                                      R"("branch":"a","stall":"x1"})");
  EXPECT_NE(person.find(": 201 "), std::string::npos) << person;
  market.b("POST", "stalls", R"({"id":"x1","name":"gate","owner":"kim"})");
  for (const std::string more : {R"(,"subject":"kim")", R"(,"subject":"kim","tenant":"a")",
                                 R"(,"subject":"kim","tenant":"b")"}) {
    const std::string kim = market.counter().make_key("market", "keeper", more);
    EXPECT_NE(market.as(kim, "GET", "people").find(R"("items":[])"), std::string::npos) << more;
    const std::string changed = market.as(kim, "PATCH", "people/p1", R"({"password":"password2"})");
    EXPECT_NE(changed.find(": 404 "), std::string::npos) << changed;
  }
  const std::string lee =
      market.counter().make_key("market", "keeper", R"(,"subject":"lee","tenant":"a")");
  EXPECT_NE(market.as(lee, "GET", "people").find(R"("id":"p1")"), std::string::npos);
}

// There is a bound on the rows behind a reference.
TEST_P(TenantIdsTest, HowManyRowsAnotherHasBehindAReferenceIsHisAffair) {
  Market market(make_store());
  market.a("POST", "stalls", R"({"id":"x1","name":"corner","owner":"kim"})");
  market.a("POST", "sales", R"({"id":"sa","stall":"x1"})");
  for (const int half : {0, 1}) {
    std::string many;
    for (int i = 0; i <= 5'000; ++i) {
      const std::string n = std::to_string(half * 5'001 + i);
      many += (i == 0 ? "[" : ",") + (R"({"id":"x)" + n + R"(","name":"n)" + n);
      many += R"(","owner":"kim"})";
    }
    const std::string brought = market.b("POST", "stalls", many + "]");
    ASSERT_NE(brought.find(R"("accepted":5001)"), std::string::npos) << brought.substr(0, 500);
  }
  const std::string kim =
      market.counter().make_key("market", "keeper", R"(,"subject":"kim","tenant":"a")");
  const std::string listed = market.as(kim, "GET", "sales");
  EXPECT_NE(listed.find(R"("id":"sa")"), std::string::npos) << listed;
}

}  // namespace

}  // namespace daybook::scenarios
