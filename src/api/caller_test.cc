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
    http::Request request = request_from("127.0.0.1");
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

TEST_F(CallerTest, WhatAProxyPassesOnIsNotTheOperators) {
  options_.trusted_proxies.push_back(*http::Network::parse("127.0.0.1"));
  const std::vector<std::pair<std::string, std::string>> said = {
      {"X-Forwarded-For", "203.0.113.5"}, {"X-Forwarded-For", "127.0.0.1"},
      {"x-forwarded-proto", "https"},     {"X-Forwarded-Host", "localhost"},
      {"Forwarded", "for=203.0.113.5"},   {"Via", "1.1 proxy"},
      {"X-Real-IP", "127.0.0.1"},
  };
  for (const bool is_trusted : {true, false}) {
    if (!is_trusted) options_.trusted_proxies.clear();
    for (const auto& [name, value] : said) {
      http::Request request = request_from("127.0.0.1");
      request.headers.add("Host", "127.0.0.1:8000");
      request.headers.add(name, value);
      const auto refused = principal_of(request, engine_, options_);
      ASSERT_FALSE(refused.ok()) << name << ": " << value;
      EXPECT_EQ(refused.error().code(), Code::kUnauthorized) << name << ": " << value;
    }
  }
}

TEST_F(CallerTest, OnlyThisMachineIsTheOperators) {
  for (const std::string address : {"127.0.0.1", "127.9.9.9", "::1", "198.51.100.7", "unknown"}) {
    http::Request request = request_from(address);
    request.headers.add("Host", "localhost");
    const bool is_here = address.starts_with("127.") || address == "::1";
    const auto principal = principal_of(request, engine_, options_);
    EXPECT_EQ(principal.ok() && principal->is_operator(), is_here) << address;
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
      {"10.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"},
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

// Of several lines the last hops are the nearest: a client can only write what comes before.
TEST_F(CallerTest, LinesOfProxiesAreOneList) {
  http::Request request = request_from("10.0.0.1");
  request.headers.add("X-Forwarded-For", "1.2.3.4");
  request.headers.add("X-Forwarded-Proto", "https");
  request.headers.add("x-forwarded-for", "203.0.113.9, 10.0.0.2");
  EXPECT_EQ(client_of(request, options_).address, "203.0.113.9");
  EXPECT_TRUE(client_of(request, options_).is_encrypted);
  request.headers.add("X-Forwarded-Proto", "http");
  EXPECT_FALSE(client_of(request, options_).is_encrypted);
}

TEST_F(CallerTest, AnUnprotectedPageIsNotOursWhenTheRequestIsProtected) {
  const auto is_own = [&](const std::string& origin, bool is_encrypted) {
    http::Request request = request_from("203.0.113.9");
    request.headers.add("Host", "Shop.example:8443");
    request.is_encrypted = is_encrypted;
    return is_own_origin(origin, request, options_);
  };
  EXPECT_TRUE(is_own("https://shop.example:8443", true));
  EXPECT_FALSE(is_own("http://shop.example:8443", true));
  EXPECT_TRUE(is_own("http://shop.example:8443", false));
  EXPECT_TRUE(is_own("https://shop.example:8443", false)) << "a proxy speaks TLS";
  EXPECT_FALSE(is_own("https://shop.example", true));
  EXPECT_FALSE(is_own("ftp://shop.example:8443", false));
  EXPECT_FALSE(is_own("null", false));
  http::Request proxied = request_from("10.0.0.1");
  proxied.headers.add("Host", "shop.example");
  proxied.headers.add("X-Forwarded-Proto", "https");
  EXPECT_FALSE(is_own_origin("http://shop.example", proxied, options_));
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
