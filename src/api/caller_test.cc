#include "api/caller.h"

#include <gtest/gtest.h>

namespace daybook::api {
namespace {

http::Request request(const std::string& host, const std::string& origin = {}) {
  http::Request request;
  if (!host.empty()) request.headers.add("Host", host);
  if (!origin.empty()) request.headers.add("Origin", origin);
  return request;
}

Options options() {
  Options options;
  options.allowed_hosts = {"daybook.internal"};
  return options;
}

TEST(PrincipalTest, TheMachinesOwnNamesAreTaken) {
  for (const std::string host : {"localhost", "localhost:8000", "LocalHost:8000", "127.0.0.1:8000",
                                 "[::1]:8000", "[::1]", "daybook.internal:80"}) {
    EXPECT_TRUE(principal_of(request(host), options()).ok()) << host;
  }
}

TEST(PrincipalTest, OtherHostsAreRefused) {
  for (const std::string host : {"", "evil.example", "localhost.evil.example",
                                 "127.0.0.1.evil.example:8000", "evil.example:127.0.0.1"}) {
    const auto principal = principal_of(request(host), options());
    ASSERT_FALSE(principal.ok()) << host;
    EXPECT_EQ(principal.error().code(), Code::kForbidden) << host;
  }
}

TEST(PrincipalTest, PagesOfOtherOriginsAreRefused) {
  EXPECT_TRUE(principal_of(request("localhost", "http://localhost:3000"), options()).ok());
  EXPECT_TRUE(principal_of(request("localhost", "https://daybook.internal"), options()).ok());
  for (const std::string origin : {"http://evil.example", "null", "file://", "localhost"}) {
    const auto principal = principal_of(request("localhost", origin), options());
    ASSERT_FALSE(principal.ok()) << origin;
    EXPECT_EQ(principal.error().code(), Code::kForbidden) << origin;
  }
}

TEST(PrincipalTest, LocalCallersNeedNoHost) {
  for (const auto transport : {http::Transport::kLocalSocket, http::Transport::kInProcess}) {
    http::Request local = request("anything");
    local.transport = transport;
    EXPECT_TRUE(principal_of(local, options()).ok());
  }
}

TEST(PrincipalTest, BeyondLoopbackNobodyIsKnown) {
  Options open = options();
  open.is_loopback = false;
  const auto principal = principal_of(request("localhost"), open);
  ASSERT_FALSE(principal.ok());
  EXPECT_EQ(principal.error().code(), Code::kUnauthorized);
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
