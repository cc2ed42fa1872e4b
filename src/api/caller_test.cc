#include "api/caller.h"

#include <gtest/gtest.h>

#include "store/memory/memory_store.h"
#include "tests/contract/shop.h"

namespace daybook::api {
namespace {

// A server that nobody can sign in to yet.
class CallerTest : public testing::Test {
 protected:
  CallerTest() { EXPECT_TRUE(store_->prepare(contract::shop()).ok()); }

  Result<Principal> principal(const std::string& host, const std::string& origin = {}) {
    http::Request request = request_from("198.51.100.7");
    if (!host.empty()) request.headers.add("Host", host);
    if (!origin.empty()) request.headers.add("Origin", origin);
    return principal_of(request, engine_, options_);
  }

  static http::Request request_from(const std::string& address) {
    http::Request request;
    request.remote_address = address;
    return request;
  }

  ManualClock clock_{*parse_instant("2026-03-10T12:00:00Z")};
  std::unique_ptr<Store> store_ = make_memory_store();
  Engine engine_{contract::shop(), *store_, clock_};
  Options options_ = {.version = "1",
                      .allowed_hosts = {"daybook.internal"},
                      .origins = {},
                      .trusted_proxies = {*http::Network::parse("10.0.0.0/24")},
                      .server_counts = {}};
};

TEST_F(CallerTest, TheMachinesOwnNamesAreTaken) {
  for (const std::string host : {"localhost", "localhost:8000", "LocalHost:8000", "127.0.0.1:8000",
                                 "[::1]:8000", "[::1]", "daybook.internal:80"}) {
    EXPECT_TRUE(principal(host).ok()) << host;
  }
}

TEST_F(CallerTest, OtherHostsAreRefused) {
  for (const std::string host : {"", "evil.example", "localhost.evil.example",
                                 "127.0.0.1.evil.example:8000", "evil.example:127.0.0.1"}) {
    const auto refused = principal(host);
    ASSERT_FALSE(refused.ok()) << host;
    EXPECT_EQ(refused.error().code(), Code::kForbidden) << host;
  }
}

TEST_F(CallerTest, PagesOfOtherOriginsAreRefused) {
  EXPECT_TRUE(principal("localhost", "http://localhost:3000").ok());
  EXPECT_TRUE(principal("localhost", "https://daybook.internal").ok());
  for (const std::string origin : {"http://evil.example", "null", "file://", "localhost"}) {
    const auto refused = principal("localhost", origin);
    ASSERT_FALSE(refused.ok()) << origin;
    EXPECT_EQ(refused.error().code(), Code::kForbidden) << origin;
  }
}

TEST_F(CallerTest, LocalCallersAreTheOperatorAndNeedNoHost) {
  for (const auto transport : {http::Transport::kLocalSocket, http::Transport::kInProcess}) {
    http::Request local = request_from("");
    local.transport = transport;
    const auto principal = principal_of(local, engine_, options_);
    ASSERT_TRUE(principal.ok());
    EXPECT_TRUE(principal->is_operator());
  }
}

TEST_F(CallerTest, BeyondLoopbackNobodyIsKnown) {
  options_.is_loopback = false;
  const auto refused = principal("localhost");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), Code::kUnauthorized);
}

TEST_F(CallerTest, ATokenThatIsNobodysIsRefusedThoughNobodyCanSignIn) {
  for (const std::string said : {"Bearer dbk_live_x", "Bearer ", "Bearer", "Basic YTpi",
                                 "dbk_live_x", "Bearer dbs_x", "bearer dbc_x"}) {
    http::Request request = request_from("127.0.0.1");
    request.headers.add("Host", "localhost");
    request.headers.add("Authorization", said);
    const auto refused = principal_of(request, engine_, options_);
    ASSERT_FALSE(refused.ok()) << said;
    EXPECT_EQ(refused.error().code(), Code::kUnauthorized) << said;
  }
}

// The address that is believed when a request comes from `peer` with these words of proxies.
TEST_F(CallerTest, OnlyTrustedProxiesAreBelievedAboutTheirClients) {
  struct Case {
    std::string peer, forwarded, address;
  };
  const std::vector<Case> cases = {
      {"198.51.100.7", "203.0.113.9", "198.51.100.7"},
      {"10.0.0.1", "203.0.113.9", "203.0.113.9"},
      {"10.0.0.1", "1.2.3.4, 203.0.113.9", "203.0.113.9"},
      {"10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"},
      {"10.0.0.1", "203.0.113.9, 10.0.1.1", "10.0.1.1"},
      {"10.0.0.1", "203.0.113.9:4711", "203.0.113.9"},
      {"10.0.0.1", "[2001:db8::9]:4711", "2001:db8::9"},
      {"10.0.0.1", "203.0.113.9, unknown", "10.0.0.1"},
      {"10.0.0.1", "", "10.0.0.1"},
      {"10.0.0.1", "203.0.113.9, ", "10.0.0.1"},
  };
  for (const Case& c : cases) {
    http::Request request = request_from(c.peer);
    if (!c.forwarded.empty()) request.headers.add("X-Forwarded-For", c.forwarded);
    request.headers.add("X-Forwarded-Proto", "https");
    const Client client = client_of(request, options_);
    EXPECT_EQ(client.address, c.address) << c.peer << " " << c.forwarded;
    EXPECT_EQ(client.is_encrypted, c.peer == "10.0.0.1") << c.peer;
  }
}

std::string id_of(std::vector<std::pair<std::string, std::string>> all) {
  http::Headers headers;
  for (auto& [name, value] : all) headers.add(std::move(name), std::move(value));
  return request_id(headers);
}

TEST(RequestIdTest, IsWhatTheClientSays) {
  const std::string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  EXPECT_EQ(id_of({{"X-Request-Id", "abc-1"}}), "abc-1");
  EXPECT_EQ(id_of({{"X-Request-Id", "abc-1"}, {"traceparent", trace}}), "abc-1");
  EXPECT_EQ(id_of({{"traceparent", trace}}), "4bf92f3577b34da6a3ce929d0e0e4736");
}

TEST(RequestIdTest, IsMadeWhenWhatIsSaidIsNotSound) {
  for (const std::string& bad :
       {std::string("a b"), std::string(129, 'a'), std::string("\xc3\xa4"), std::string()}) {
    EXPECT_EQ(id_of({{"X-Request-Id", bad}}).size(), 32U) << bad;
  }
  for (const std::string bad :
       {"00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x", "00-4bf9", ""}) {
    const std::string id = id_of({{"traceparent", bad}});
    EXPECT_EQ(id.size(), 32U) << bad;
    EXPECT_NE(id, "4bf92f3577b34da6a3ce929d0e0e4736") << bad;
  }
  EXPECT_NE(id_of({}), id_of({}));
}

}  // namespace
}  // namespace daybook::api
