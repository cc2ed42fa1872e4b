#include "api/api.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "api/routes.h"
#include "api/test_door.h"
#include "tests/contract/failing_store.h"
#include "tests/contract/shop.h"

namespace daybook::api {
namespace {

class ApiTest : public Door {
 protected:
  void buy(const std::string& rows) {
    ASSERT_EQ(post("/api/v1/shop/orders", rows, ndjson()).status, 201);
  }
};

bool holds(const http::Response& response, std::string_view text) {
  return response.body.find(text) != std::string::npos;
}

TEST_F(ApiTest, WhatIsNotThereIsA404WithAHint) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"/api/v1/shop/order", "did you mean 'orders'"},
      {"/api/v1/shap/orders", "did you mean 'shop' by 'shap'"},
      {"/livezz", "did you mean /livez"},
      {"/api/v1/shop/orders/nope", "there is no row 'nope' in shop/orders"},
      {"/api/v1/shop/orders/a/b/c", "there is nothing at"},
  };
  for (const auto& [path, hint] : cases) {
    const auto answer = get(path);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_TRUE(holds(answer, hint)) << path << " " << answer.body;
    EXPECT_TRUE(holds(answer, R"("type":"/problems/not-found")")) << answer.body;
  }
}

TEST_F(ApiTest, AMethodThatDoesNotFitIsA405WithAllow) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"DELETE /api/v1/shop/orders", "POST, GET, HEAD"},
      {"POST /api/v1/sales", "GET, HEAD"},
      {"GET /api/v1/buy", "POST"},
      {"POST /livez", "GET, HEAD"},
      {"PUT /api/v1/shop/orders/x", "GET, HEAD, PATCH, DELETE"},
  };
  for (const auto& [line, allow] : cases) {
    const std::size_t space = line.find(' ');
    const auto answer = ask(line.substr(0, space), line.substr(space + 1), "{}");
    EXPECT_EQ(answer.status, 405) << line;
    EXPECT_EQ(answer.headers.get("Allow"), allow) << line;
  }
}

TEST_F(ApiTest, OptionsTellsTheMethods) {
  const auto answer = ask("OPTIONS", "/api/v1/shop/orders");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.headers.get("Allow"), "POST, GET, HEAD");
}

TEST_F(ApiTest, HeadIsLikeGet) {
  EXPECT_EQ(ask("HEAD", "/api/v1/shop/orders").status, 200);
  EXPECT_EQ(ask("HEAD", "/livez").status, 200);
}

TEST_F(ApiTest, AnAnswerThatNobodyTakesIsA406) {
  const Pairs html = {{"Accept", "text/html"}};
  EXPECT_EQ(get("/api/v1/shop/orders/stats", html).status, 406);
  EXPECT_EQ(get("/api/v1/shop/orders", html).status, 406);
  EXPECT_EQ(get("/problems/invalid", html).status, 200);
}

TEST_F(ApiTest, EveryAnswerNamesItsRequest) {
  EXPECT_EQ(get("/livez", {{"X-Request-Id", "r-1"}}).headers.get("X-Request-Id"), "r-1");
  EXPECT_EQ(get("/nope").headers.get("X-Request-Id").size(), 32U);
}

TEST_F(ApiTest, EveryAnswerTellsHowLongItTook) {
  for (const char* path : {"/livez", "/nope"}) {
    const std::string timing(get(path).headers.get("Server-Timing"));
    ASSERT_TRUE(timing.starts_with("total;dur=")) << timing;
    EXPECT_EQ(timing.size() - timing.find('.'), 4U) << timing;
  }
}

TEST_F(ApiTest, ForeignHostsAndPagesAreKeptOut) {
  EXPECT_EQ(get("/api/v1/shop/orders", {{"Host", "evil.example"}}).status, 403);
  EXPECT_EQ(get("/api/v1/shop/orders", {{"Origin", "http://evil.example"}}).status, 403);
}

TEST_F(ApiTest, UnknownParametersAreNamed) {
  for (const std::string target :
       {"/api/v1/shop/orders?limitt=1", "/api/v1/shop/orders/stats?limitt=1",
        "/api/v1/shop/orders/top?field=status&limitt=1", "/api/v1/shop/orders/search?q=a&limitt=1",
        "/api/v1/sales?limitt=1"}) {
    const auto answer = get(target);
    EXPECT_EQ(answer.status, 422) << target << answer.body;
    EXPECT_TRUE(holds(answer, "'limitt'")) << answer.body;
  }
  EXPECT_EQ(post("/api/v1/shop/orders?x=1", "{}").status, 422);
}

TEST_F(ApiTest, AWindowOnARegisterIsRefused) {
  for (const std::string verb : {"", "/stats", "/top"}) {
    const auto answer = get("/api/v1/shop/customers" + verb + "?hours=24&field=branch");
    EXPECT_EQ(answer.status, 422);
  }
  EXPECT_TRUE(holds(get("/api/v1/shop/customers?hours=24"), "is a register"));
  EXPECT_FALSE(holds(get("/api/v1/shop/customers"), "window"));
  EXPECT_FALSE(holds(get("/api/v1/shop/customers/stats"), "window"));
}

TEST_F(ApiTest, ALinkLeadsToTheNextPage) {
  buy(R"({"id":"a","customer":"c","note":"x & y"})"
      "\n"
      R"({"id":"b","customer":"c","note":"x & y"})");
  const auto first = get("/api/v1/shop/orders?limit=1&note=x%20%26%20y");
  const std::string link(first.headers.get("Link"));
  ASSERT_TRUE(link.starts_with("</api/v1/shop/orders?limit=1&note=x%20%26%20y&cursor=")) << link;
  const auto second = get(link.substr(1, link.find('>') - 1));
  EXPECT_EQ(second.status, 200);
  EXPECT_TRUE(holds(second, R"("id":"a")")) << second.body;
  EXPECT_FALSE(second.headers.has("Link"));
}

TEST_F(ApiTest, ExportsAreStreamed) {
  buy(R"({"id":"a","customer":"c","quantity":1})"
      "\n"
      R"({"id":"b","customer":"d, e"})");
  const auto lines = get("/api/v1/shop/orders?format=ndjson&fields=customer&order=id");
  EXPECT_EQ(lines.headers.get("Content-Type"), "application/x-ndjson");
  EXPECT_EQ(drain(lines),
            "{\"id\":\"a\",\"customer\":\"c\"}\n{\"id\":\"b\",\"customer\":\"d, e\"}\n");
  const auto table =
      get("/api/v1/shop/orders?fields=customer,quantity&order=id", {{"Accept", "text/csv"}});
  EXPECT_EQ(table.headers.get("Content-Type"), "text/csv; charset=utf-8");
  EXPECT_EQ(drain(table), "id,customer,quantity\r\na,c,1\r\nb,\"d, e\",\r\n");
}

TEST_F(ApiTest, PagesOfHugeRowsEndByTheirBytes) {
  constexpr int kRows = 40;
  for (int i = 0; i < kRows; ++i) {
    buy(R"({"customer":"c","more":")" + std::string(900'000, 'x') + "\"}\n");
  }
  int rows = 0, pages = 0;
  std::string cursor;
  do {
    const auto page = get("/api/v1/shop/orders?limit=1000&cursor=" + cursor);
    ASSERT_EQ(page.status, 200);
    EXPECT_LT(page.body.size(), 20u << 20);
    json::Parser parser;
    const auto answer = parser.parse(page.body);
    ASSERT_TRUE(answer.ok());
    rows += static_cast<int>(answer->find("items")->size());
    cursor = answer->find("next_cursor")->as_string();
    ++pages;
  } while (!cursor.empty());
  EXPECT_EQ(rows, kRows);
  EXPECT_EQ(pages, 3);
  const auto all = get("/api/v1/shop/orders?format=ndjson");
  int lines = 0, pieces = 0;
  for (auto piece = all.stream(); piece; piece = all.stream()) {
    EXPECT_LT(piece->size(), 20u << 20);
    lines += static_cast<int>(std::ranges::count(*piece, '\n'));
    ++pieces;
  }
  EXPECT_EQ(lines, kRows);
  EXPECT_GE(pieces, 3);
}

TEST_F(ApiTest, AnExportThatBreaksOffSaysSo) {
  buy(R"({"id":"a","customer":"c"})");
  const auto lines = get("/api/v1/shop/orders?format=ndjson");
  store_->fail(1);
  EXPECT_NE(drain(lines).find("/problems/unavailable"), std::string::npos);
  EXPECT_TRUE(lines.broke_off());
}

TEST_F(ApiTest, ADeclaredListHasItsFilterOrderAndLimit) {
  buy(R"({"id":"1","customer":"c","placed_at":"2026-03-10T09:00:00Z"})"
      "\n"
      R"({"id":"2","customer":"c","placed_at":"2026-03-10T10:00:00Z","status":"open"})"
      "\n"
      R"({"id":"3","customer":"c","placed_at":"2026-03-10T11:00:00Z"})"
      "\n"
      R"({"id":"4","customer":"d","placed_at":"2026-03-10T11:30:00Z"})");
  EXPECT_TRUE(holds(get("/api/v1/customers-orders/c?fields=id"),
                    R"({"items":[{"id":"1"},{"id":"2"}],"next_cursor":")"));
  EXPECT_TRUE(holds(get("/api/v1/customers-orders/c?fields=id&order=-placed_at&limit=9"),
                    R"({"items":[{"id":"3"},{"id":"2"},{"id":"1"}],"next_cursor":"")"));
  EXPECT_TRUE(holds(get("/api/v1/customers-orders/nobody"), R"({"items":[],)"));
}

TEST_F(ApiTest, ADeclaredAnswerHasEveryKindOfMember) {
  ASSERT_EQ(post("/api/v1/shop/customers",
                 R"([{"id":"c","email":"c@x.example"},{"id":"d","email":"d@x.example"}])")
                .status,
            201);
  ASSERT_EQ(post("/api/v1/shop/visits", R"({"page":"/","seen_at":"2026-03-10T11:30:00Z"})").status,
            201);
  buy(R"({"id":"1","customer":"c","amount":1.5,"placed_at":"2026-03-10T09:10:00Z"})"
      "\n"
      R"({"id":"2","customer":"c","amount":2,"status":"sent","placed_at":"2026-03-10T09:20:00Z"})"
      "\n"
      R"({"id":"3","customer":"c","amount":4,"priority":"high","placed_at":"2026-03-10T11:00:00Z"})"
      "\n"
      R"({"id":"4","customer":"c","branch":"b","placed_at":"2026-03-08T11:30:00Z"})");
  const auto answer = get("/api/v1/sales");
  EXPECT_EQ(answer.status, 200);
  for (
      const std::string part :
      {R"({"window":{"start":"2026-03-09T12:00:00Z","end":"2026-03-10T12:00:00Z","tz":"UTC"},"branch":null,"orders":3,"high":0.333)",
       R"("by_status":[{"state":"open","n":2,"total":5.5},{"state":"sent","n":1,"total":2}])",
       R"("by_hour":[{"bucket":"2026-03-10T09:00:00Z","n":2},{"bucket":"2026-03-10T11:00:00Z","n":1}])",
       R"("by_priority":{"high":1,"normal":2})", R"("newest":{"id":"3",)", R"("rows":[{"id":"1",)",
       R"("visits":1,"silent":["d"],"most":[{"status":"open","n":2}],"more":["rows","most"]})"}) {
    EXPECT_TRUE(holds(answer, part)) << part << "\n" << answer.body;
  }
  const auto whole = get("/api/v1/sales?branch=b&hours=48");
  EXPECT_TRUE(holds(whole, R"("branch":"b","orders":0)"));
  EXPECT_FALSE(holds(whole, R"("more")"));
  EXPECT_TRUE(holds(get("/api/v1/sales?hours=49"), "hours must be between 1 and 48, not 49"));
}

TEST_F(ApiTest, ABatchIsWholeOrNothing) {
  const auto answer =
      post("/api/v1/shop/batch", R"({"rows":{"customers":[{"id":"c","email":"a@b.example"}],)"
                                 R"("parcels":[{"id":"p","customer":"c"}]}})");
  EXPECT_EQ(shown(answer), R"(201 {"ids":{"customers":["c"],"parcels":["p"]},"position":2})");
  const auto bad =
      post("/api/v1/shop/batch", R"({"rows":{"parcels":[{"customer":"c"},{"customer":"x"}]}})");
  EXPECT_EQ(bad.status, 422);
  EXPECT_TRUE(holds(bad, R"("pointer":"#/rows/parcels/1/customer")")) << bad.body;
  const auto conflict =
      post("/api/v1/shop/batch",
           R"({"delete":{"parcels":["p"]},"update":{"customers":[{"id":"none","name":"x"}]}})");
  EXPECT_EQ(conflict.status, 409);
  EXPECT_EQ(get("/api/v1/shop/parcels/p").status, 200);
}

TEST_F(ApiTest, SweepCountsAndRemoves) {
  buy(R"({"id":"1","customer":"c","placed_at":"2026-03-09T12:00:00Z"})");
  clock_.advance(std::chrono::hours(24 * 30));
  EXPECT_TRUE(holds(ask("POST", "/api/v1/sweep?dry_run=true"), R"("dry_run":true)"));
  EXPECT_TRUE(holds(ask("POST", "/api/v1/sweep?dry_run=true"), R"("rows":1,)"));
  const auto swept = ask("POST", "/api/v1/sweep");
  EXPECT_TRUE(holds(swept, R"({"collection":"shop/orders","rows":1,)")) << swept.body;
  EXPECT_TRUE(holds(ask("POST", "/api/v1/sweep"), R"("rows":0,"bytes":0})"));
}

TEST_F(ApiTest, HealthIsTold) {
  EXPECT_EQ(shown(get("/health/db")), R"(200 {"status":"connected","healthy":true})");
  EXPECT_EQ(shown(get("/livez")), R"(200 {"status":"alive"})");
  EXPECT_EQ(shown(get("/readyz")), R"(200 {"status":"ready"})");
  EXPECT_TRUE(holds(get("/healthz?verbose"), R"({"name":"store","healthy":true)"));
  const auto metrics = get("/metrics");
  EXPECT_TRUE(holds(metrics, "daybook_build_info{version=\"1.2.3\"} 1\n"));
  EXPECT_TRUE(holds(
      metrics, "daybook_http_requests_total{method=\"GET\",route=\"/livez\",status=\"2xx\"} 1\n"));
  EXPECT_TRUE(holds(metrics, "daybook_position{application=\"shop\"} 0\n"));
  EXPECT_TRUE(holds(metrics, "process_resident_memory_bytes "));
}

TEST_F(ApiTest, TheCatalogIsTold) {
  EXPECT_TRUE(holds(get("/api/v1/catalog"), R"("applications")"));
  EXPECT_EQ(get("/api/v1/catalog/shop").status, 200);
  EXPECT_EQ(get("/api/v1/catalog/nope").status, 404);
  EXPECT_TRUE(holds(get("/api/v1/catalog/shop/orders"), R"("kind":"journal")"));
  EXPECT_EQ(get("/api/v1/catalog/stored").body, get("/api/v1/catalog").body);
  EXPECT_EQ(get("/api/v1/catalog/shop/orders?as=toml").status, 422);
}

TEST_F(ApiTest, EachProblemHasAPage) {
  const auto page = get("/problems/too-slow");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.headers.get("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(get("/problems/nope").status, 404);
}

TEST_F(ApiTest, EveryCallOfTheStoreMayFail) {
  buy(R"({"id":"1","customer":"c"})");
  const std::vector<std::pair<std::string, std::string>> requests = {
      {"GET", "/api/v1/shop/orders"},
      {"GET", "/api/v1/shop/orders?count=exact"},
      {"GET", "/api/v1/shop/orders/1"},
      {"GET", "/api/v1/shop/orders/stats"},
      {"GET", "/api/v1/shop/orders/search?q=a"},
      {"GET", "/api/v1/shop/orders/top?field=status"},
      {"GET", "/api/v1/sales"},
      {"POST", "/api/v1/sweep"},
      {"GET", "/api/v1/space"},
      {"GET", "/api/v1/indexes"},
      {"POST", "/api/v1/check"},
      {"PATCH", "/api/v1/shop/orders/1"},
      {"DELETE", "/api/v1/shop/orders/1"}};
  for (const auto& [method, target] : requests) {
    const std::string body = method == "PATCH" ? R"({"note":"x"})" : "";
    for (std::uint64_t n = 1; n < 20; ++n) {
      store_->fail(n);
      const std::uint64_t before = store_->calls();
      const int status = ask(method, target, body).status;
      const bool has_failed = store_->calls() - before >= n;
      store_->fail(0);
      if (!has_failed) break;
      EXPECT_EQ(status, 503) << target << " call " << n;
    }
  }
}

TEST(CheckRoutesTest, AGoodCatalogIsGood) { EXPECT_TRUE(check_routes(routed_shop()).ok()); }

TEST(CheckRoutesTest, MistakesNameTheirPlace) {
  auto files = contract::shop_files();
  files.push_back({"shop/application.toml", "", R"toml(
about = "x"
roles = ["admin"]

[[routes]]
path   = "GET /api/v1/space"
list   = "orders"
allow  = ["admin"]
)toml"});
  std::erase_if(files, [](const CatalogFile& file) {
    return file.path == "shop/application.toml" && file.text.find("routes") == std::string::npos;
  });
  const Catalog catalog = contract::load_catalog(std::move(files));
  const auto checked = check_routes(catalog);
  ASSERT_FALSE(checked.ok());
  ASSERT_EQ(checked.error().problems().size(), 1U);
  const std::string& detail = checked.error().problems()[0].detail;
  EXPECT_TRUE(detail.starts_with("shop/application.toml:")) << detail;
  EXPECT_NE(detail.find("/api/v1/space"), std::string::npos) << detail;
}

}  // namespace
}  // namespace daybook::api
