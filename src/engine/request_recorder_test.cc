#include "engine/request_recorder.h"

#include <gtest/gtest.h>

#include "catalog/test_catalog.h"
#include "store/memory/memory_store.h"

namespace daybook {
namespace {

constexpr const char* kRequests = R"toml(
kind = "journal"
time = "timestamp"

[fields]
timestamp        = { type = "time", default = "now" }
endpoint         = { type = "text", max = 32, required = true, facet = true }
method           = { type = "choice", of = ["GET", "POST"] }
status_code      = { type = "int", min = 100, max = 599 }
response_time_ms = { type = "float", min = 0 }
user_id          = { type = "text", max = 128, from = "principal.id" }
ip_address       = { type = "text", format = "ip", from = "connection.address" }
)toml";

constexpr const char* kApplication = R"toml(
[settings]
recorder = { env = "RECORD", default = true, into = "requests", skip = ["/livez", "/health/*"] }
)toml";

class RequestRecorderTest : public testing::Test {
 protected:
  RequestRecorderTest() { EXPECT_TRUE(store_->prepare(catalog_).ok()); }

  static Catalog load(const std::optional<std::string>& setting = std::nullopt) {
    auto catalog = Catalog::load(
        {{"web/requests.toml", "", kRequests}, {"web/application.toml", "", kApplication}},
        [&](const std::string&) { return setting; });
    if (!catalog.ok()) ADD_FAILURE() << catalog.error().problems()[0].detail;
    return *std::move(catalog);
  }

  AnsweredRequest answered(const std::string& endpoint, int status = 200) const {
    AnsweredRequest request;
    request.at = clock_.now();
    request.endpoint = endpoint;
    request.method = "GET";
    request.status = status;
    request.milliseconds = 1.5;
    return request;
  }

  std::vector<std::string> stored() {
    std::vector<std::string> rows;
    Scan scan;
    scan.collection = *catalog_.collection("web/requests");
    scan.now = clock_.now();
    scan.limit = 100'000;
    scan.order = default_order(*scan.collection);
    EXPECT_TRUE(store_
                    ->scan(scan,
                           [&](Row&& row) {
                             row.id = "x";
                             rows.push_back(debug_text(*scan.collection, row));
                             return true;
                           })
                    .ok());
    return rows;
  }

  const Catalog catalog_ = load();
  ManualClock clock_{*parse_instant("2026-03-10T12:00:00Z")};
  const std::unique_ptr<Store> store_ = make_memory_store();
  Engine engine_{catalog_, *store_, clock_};
};

// B-02, B-14, D-15
TEST_F(RequestRecorderTest, StoresWhatTheCollectionDeclares) {
  RequestRecorder recorder(engine_);
  recorder.start();
  AnsweredRequest request = answered("/api/v1/web/things?x", 201);
  request.user_id = "bob";
  request.address = "10.1.2.3";
  request.user_agent = "not declared";
  request.request_bytes = 12;
  recorder.record(std::move(request));
  recorder.stop();
  EXPECT_EQ(stored(),
            std::vector<std::string>{
                R"({id=x, timestamp=2026-03-10T12:00:00Z, endpoint="/api/v1/web/things?x", )"
                R"(method="GET", status_code=201, response_time_ms=1.5, user_id="bob", )"
                R"(ip_address="10.1.2.3"})"});
  EXPECT_EQ(recorder.counts().recorded, 1u);
  EXPECT_EQ(recorder.counts().dropped, 0u);
}

TEST_F(RequestRecorderTest, TellsAnotherApplicationsPathsByTheirRoute) {
  RequestRecorder recorder(engine_);
  for (const char* application : {"web", "clinic", ""}) {
    AnsweredRequest request = answered("/api/v1/clinic/patients/p7", 404);
    request.application = application;
    request.route = "/api/v1/clinic/patients/{id}";
    recorder.record(std::move(request));
  }
  recorder.start();
  recorder.stop();
  std::size_t literal = 0;
  for (const std::string& row : stored()) literal += row.find("/p7") != std::string::npos ? 1 : 0;
  EXPECT_EQ(stored().size(), 3u);
  EXPECT_EQ(literal, 1u);
}

// D-18, D-28
TEST_F(RequestRecorderTest, LeavesOutWhatIsDeclaredSo) {
  const RequestRecorder recorder(engine_);
  for (const char* path : {"/livez", "/health/", "/health/db"}) EXPECT_FALSE(recorder.wants(path));
  for (const char* path : {"/livez/x", "/health", "/api/v1/web"}) EXPECT_TRUE(recorder.wants(path));
}

// D-16, D-27: what is recorded waits beside the answers, and never makes one wait
TEST_F(RequestRecorderTest, DropsWhatFindsNoRoomAndCountsIt) {
  RequestRecorder recorder(engine_, {.requests = 2});
  for (int i = 0; i < 5; ++i) recorder.record(answered("/a"));
  EXPECT_EQ(recorder.counts().dropped, 3u);
  recorder.start();
  recorder.stop();
  EXPECT_EQ(recorder.counts().recorded, 2u);
  EXPECT_EQ(stored().size(), 2u);
}

TEST_F(RequestRecorderTest, DropsLongRequestsBeforeManyWait) {
  RequestRecorder recorder(engine_, {.bytes = 10'000});
  for (int i = 0; i < 5; ++i) {
    AnsweredRequest request = answered("/a");
    request.referer = std::string(4'000, 'r');
    recorder.record(std::move(request));
  }
  EXPECT_EQ(recorder.counts().dropped, 3u);
  recorder.record(answered("/b"));
  recorder.start();
  recorder.stop();
  EXPECT_EQ(recorder.counts().recorded, 3u);
}

TEST_F(RequestRecorderTest, CutsOffWhatARowCannotKeep) {
  RequestRecorder recorder(engine_);
  recorder.record(answered("/" + std::string(100, 'a')));
  recorder.record(answered("/b\xFF/c"));
  AnsweredRequest nameless = answered("/c", 0);
  recorder.record(std::move(nameless));
  recorder.start();
  recorder.stop();
  EXPECT_EQ(stored().size(), 2u);
  EXPECT_EQ(recorder.counts().dropped, 1u);  // no status is 0
}

// D-17, D-20
TEST_F(RequestRecorderTest, IsSwitchedOffByItsSetting) {
  const Catalog off = load("false");
  Engine engine(off, *store_, clock_);
  RequestRecorder recorder(engine);
  EXPECT_FALSE(recorder.wants("/api/v1/web"));
  recorder.start();
  recorder.stop();
}

}  // namespace
}  // namespace daybook
