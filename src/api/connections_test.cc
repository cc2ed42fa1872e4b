// The server, the api and the embedded store together under many connections at once. Runs under
// the thread sanitizer too.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "api/api.h"
#include "api/test_door.h"
#include "http/client.h"
#include "http/server.h"
#include "tests/contract/stores.h"

namespace daybook::api {
namespace {

constexpr int kIdle = 200;
constexpr int kBusy = 64;
constexpr int kRounds = 5;
constexpr int kLines = 10;

// Nobody is late here, however slow the machine and the sanitizer are.
http::Limits patient_limits() {
  http::Limits limits;
  limits.idle_timeout = limits.write_timeout = limits.body_timeout = std::chrono::minutes(10);
  return limits;
}

Options patient_options() {
  Options options;
  options.query_time = std::chrono::minutes(10);
  return options;
}

class ConnectionsTest : public testing::TestWithParam<contract::Form> {
 protected:
  ConnectionsTest() {
    address_ = server_.listen_tcp("127.0.0.1:0").value();
    EXPECT_TRUE(server_.start().ok());
  }

  http::Client connect() const {
    return http::Client::open("http://" + address_, std::chrono::minutes(10)).value();
  }

  static int status_of(http::Client& client, http::Method method, const std::string& target,
                       const std::string& body = {}) {
    http::Headers headers;
    if (!body.empty()) headers.add("Content-Type", "application/x-ndjson");
    const auto answer = client.send(method, target, headers, body);
    return answer.ok() ? answer->status : 0;
  }

  // Takes rows in, changes one and asks in every way there is; counts what went wrong.
  void be_busy(int caller) {
    http::Client client = connect();
    using http::Method;
    for (int round = 0; round < kRounds; ++round) {
      const std::string name = std::to_string(caller) + "-" + std::to_string(round);
      std::string lines;
      for (int i = 0; i < kLines; ++i) {
        lines += R"({"id":"o-)" + name + "-" + std::to_string(i) + R"(","customer":"c)" +
                 std::to_string(caller) +
                 R"(","placed_at":"2026-03-10T10:00:00Z","note":"a cup"})" + "\n";
      }
      const std::string orders = "/api/v1/shop/orders";
      wrong_ += status_of(client, Method::kPost, orders, lines) != 201;
      wrong_ += status_of(client, Method::kDelete, orders + "/o-" + name + "-0") != 204;
      wrong_ +=
          status_of(client, Method::kGet, orders + "?customer=c" + std::to_string(caller)) != 200;
      wrong_ += status_of(client, Method::kGet, orders + "/stats?by=customer&hours=48") != 200;
      wrong_ += status_of(client, Method::kGet, orders + "/search?q=cup&limit=3") != 200;
      wrong_ += status_of(client, Method::kGet, orders + "?format=ndjson&limit=50") != 200;
      wrong_ += status_of(client, Method::kGet, "/metrics") != 200;
    }
  }

  contract::Directory directory_;
  ManualClock clock_{*parse_instant("2026-03-10T12:00:00Z")};
  std::unique_ptr<Store> store_ =
      contract::open(GetParam(), directory_.path() + "/store", routed_shop());
  Engine engine_{routed_shop(), *store_, clock_};
  Api api_{engine_, patient_options()};
  http::Server server_{[this](http::Request& request) { return api_.handle(request); }, Api::refuse,
                       patient_limits()};
  std::string address_;
  std::atomic<int> wrong_ = 0;
};

TEST_P(ConnectionsTest, ManyAreIdleAndManyAreBusy) {
  std::vector<http::Client> idle;
  for (int i = 0; i < kIdle; ++i) {
    idle.push_back(connect());
    wrong_ += status_of(idle.back(), http::Method::kGet, "/livez") != 200;
  }
  std::vector<std::thread> busy;
  for (int i = 0; i < kBusy; ++i) busy.emplace_back([this, i] { be_busy(i); });
  for (std::thread& thread : busy) thread.join();
  EXPECT_GE(server_.counts().connections, static_cast<std::uint64_t>(kIdle));
  for (http::Client& client : idle) {
    wrong_ += status_of(client, http::Method::kGet, "/livez") != 200;
  }
  EXPECT_EQ(wrong_, 0);
  http::Client last = connect();
  const auto all = last.send(http::Method::kGet, "/api/v1/shop/orders?count=exact&limit=1", {}, {});
  ASSERT_TRUE(all.ok());
  const std::string count = "\"count\":" + std::to_string(kBusy * kRounds * (kLines - 1)) + ",";
  EXPECT_NE(all->body.find(count), std::string::npos) << all->body;
}

DAYBOOK_FOR_DURABLE_STORES(ConnectionsTest);

}  // namespace
}  // namespace daybook::api
