#include "http/server_test.h"

#include <sys/stat.h>
#include <sys/un.h>

#include <filesystem>

#include "base/compress.h"

namespace daybook::http {
namespace {

TEST_F(ServerTest, AnswersOnOneConnection) {
  start();
  Wire wire = connect();
  for (const std::string method : {"GET", "POST", "DELETE"}) {
    wire.send(request(method, "/hello"));
    const std::string answer = wire.receive_to("hello " + method);
    EXPECT_EQ(status_line(answer), "HTTP/1.1 200 OK");
    EXPECT_NE(answer.find("Content-Length: " + std::to_string(6 + method.size())),
              std::string::npos);
    EXPECT_NE(answer.find("Date: "), std::string::npos);
    EXPECT_EQ(answer.find("Connection:"), std::string::npos);
  }
  EXPECT_EQ(server_->counts().accepted, 1U);
  EXPECT_EQ(server_->counts().requests, 3U);
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  start();
  std::string bytes;
  std::string expected;
  for (int i = 0; i < 200; ++i) {
    const std::string body = "body " + std::to_string(i);
    bytes += request("POST", "/echo", with_length(body), body);
    bytes += "\r\n";  // some clients send one line too many
  }
  Wire wire = connect();
  wire.send(bytes);
  for (int i = 0; i < 200; ++i) {
    const std::string body = "body " + std::to_string(i);
    const std::string answer = wire.receive_to(body);
    ASSERT_EQ(status_line(answer), "HTTP/1.1 200 OK") << i;
  }
}

TEST_F(ServerTest, ClosesWhenAskedTo) {
  start();
  for (const std::string& bytes : {request("GET", "/hello", "Connection: close\r\n"),
                                   std::string("GET /hello HTTP/1.0\r\n\r\n")}) {
    const std::string answer = answer_to(bytes);
    EXPECT_EQ(status_line(answer), "HTTP/1.1 200 OK");
    EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
    EXPECT_TRUE(answer.ends_with("\r\n\r\nhello GET"));
  }
}

TEST_F(ServerTest, KeepsHttp10ConnectionsWhenAskedTo) {
  start();
  Wire wire = connect();
  wire.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_NE(wire.receive_to("hello GET").find("Connection: keep-alive"), std::string::npos);
  wire.send("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(wire.receive_all().ends_with("hello GET"));
}

TEST_F(ServerTest, SendsNoBodyToHead) {
  start();
  Wire wire = connect();
  wire.send(request("HEAD", "/hello") + request("HEAD", "/stream") + request("GET", "/hello"));
  EXPECT_NE(wire.receive_to("\r\n\r\n").find("Content-Length: 10"), std::string::npos);
  EXPECT_NE(wire.receive_to("\r\n\r\n").find("Transfer-Encoding: chunked"), std::string::npos);
  EXPECT_TRUE(wire.receive_to("hello GET").starts_with("HTTP/1.1 200 OK"));
}

TEST_F(ServerTest, ReadsBodiesInAnyFraming) {
  start();
  Client c = client();
  for (const std::size_t size : {0, 1, 1000, 65536, 65537, 5'000'000}) {
    const std::string body(size, 'b');
    const auto answer = c.send(Method::kPost, "/size", {}, body);
    ASSERT_TRUE(answer.ok()) << answer.error().message();
    EXPECT_EQ(answer->body, std::to_string(size));
  }
  Wire wire = connect();
  const std::string chunks = "5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nTrailer: x\r\n\r\n";
  wire.send(request("POST", "/echo", "Transfer-Encoding: chunked\r\n", chunks));
  EXPECT_TRUE(wire.receive_to("hello world").starts_with("HTTP/1.1 200 OK"));
}

TEST_F(ServerTest, StreamsLargeChunkedBodies) {
  start();
  Wire wire = connect();
  wire.send(request("POST", "/size", "Transfer-Encoding: chunked\r\n"));
  const std::string piece(100'000, 'x');
  for (int i = 0; i < 50; ++i) wire.send("186a0\r\n" + piece + "\r\n");
  wire.send("0\r\n\r\n");
  EXPECT_TRUE(wire.receive_to("5000000").starts_with("HTTP/1.1 200 OK"));
}

TEST_F(ServerTest, InvitesBodiesThatWaitForIt) {
  start();
  Wire wire = connect();
  for (const std::size_t size : {10, 100'000}) {
    const std::string body(size, 'x');
    wire.send(request("POST", "/size", "Expect: 100-continue\r\n" + with_length(body)));
    EXPECT_EQ(wire.receive_to("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    wire.send(body);
    EXPECT_TRUE(wire.receive_to("\r\n\r\n" + std::to_string(size)).starts_with("HTTP/1.1 200 OK"));
  }
}

TEST_F(ServerTest, DoesNotInviteABodyThatNobodyReads) {
  start();
  const std::string answer =
      answer_to(request("POST", "/unread", "Expect: 100-continue\r\nContent-Length: 1000000\r\n"));
  EXPECT_EQ(status_line(answer), "HTTP/1.1 200 OK");
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
}

TEST_F(ServerTest, UnpacksBodies) {
  start();
  const std::string text = large_text();
  Client c = client();
  for (const auto& [coding, packed] :
       {std::pair("gzip", gzip_compress(text, 6)), std::pair("zstd", zstd_compress(text, 3))}) {
    Headers headers;
    headers.add("Content-Encoding", coding);
    const auto answer = c.send(Method::kPost, "/echo", headers, packed);
    ASSERT_TRUE(answer.ok());
    EXPECT_EQ(answer->status, 200) << coding;
    EXPECT_EQ(answer->body, text) << coding;
  }
}

TEST_F(ServerTest, RefusesBrokenCompression) {
  start();
  const std::string packed = gzip_compress(large_text(), 6);
  struct Case {
    const char* coding;
    std::string body;
    int status;
    const char* message;
  };
  const Case cases[] = {
      {"gzip", packed.substr(0, packed.size() - 5), 400, "the compressed body is cut off"},
      {"gzip", "plain text", 400, "the gzip stream is broken"},
      {"zstd", packed, 400, "the zstd stream is broken"},
      {"br", "?", 400 + static_cast<int>(Code::kMediaType),
       "the Content-Encoding \"br\" is not read here; gzip and zstd are"},
  };
  Client c = client();
  for (const Case& each : cases) {
    Headers headers;
    headers.add("Content-Encoding", each.coding);
    const auto answer = c.send(Method::kPost, "/echo", headers, each.body);
    ASSERT_TRUE(answer.ok());
    EXPECT_EQ(answer->status, each.status) << each.message;
    EXPECT_EQ(answer->body, each.message);
  }
}

TEST_F(ServerTest, PacksAnswers) {
  start();
  Client c = client();
  Headers gzip;
  gzip.add("Accept-Encoding", "deflate, gzip;q=0.8, br");
  const auto packed = c.send(Method::kGet, "/large", gzip, {});
  ASSERT_TRUE(packed.ok());
  EXPECT_EQ(packed->headers.get("Content-Encoding"), "gzip");
  EXPECT_EQ(packed->headers.get("Vary"), "Accept-Encoding");
  std::string text;
  std::string_view in = packed->body;
  ASSERT_TRUE(make_gzip_decompressor()->unpack(in, text, kMostBytes).ok());
  EXPECT_EQ(text, large_text());

  Headers zstd;
  zstd.add("Accept-Encoding", "gzip, deflate, br, zstd");
  EXPECT_EQ(zstd_decompress(c.send(Method::kGet, "/large", zstd, {})->body, kMostBytes).value(),
            text);
  EXPECT_EQ(c.send(Method::kGet, "/large", {}, {})->body, text);
  EXPECT_FALSE(c.send(Method::kGet, "/hello", gzip, {})->headers.has("Content-Encoding"));
}

TEST_F(ServerTest, StreamsAnswers) {
  start();
  EXPECT_EQ(client().send(Method::kGet, "/stream", {}, {})->body, "piece 0\npiece 1\npiece 2\n");
  const std::string old = answer_to("GET /stream HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(old.ends_with("\r\n\r\npiece 0\npiece 1\npiece 2\n")) << old;
  EXPECT_EQ(old.find("chunked"), std::string::npos);
}

TEST_F(ServerTest, DoesNotEndAStreamThatBreaks) {
  start();
  const auto answer = client().send(Method::kGet, "/stream?breaks", {}, {});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code(), Code::kMalformed);
}

TEST_F(ServerTest, SurvivesAThrowingHandler) {
  start();
  Client c = client();
  const auto answer = c.send(Method::kGet, "/throw", {}, {});
  EXPECT_EQ(answer->status, 500);
  EXPECT_EQ(answer->body.find("thrown"), std::string::npos);
  EXPECT_EQ(c.send(Method::kGet, "/hello", {}, {})->status, 200);
}

TEST_F(ServerTest, ListensOnALocalSocket) {
  const std::string path = testing::TempDir() + "daybook_server_test_" + std::to_string(::getpid());
  for (int round = 0; round < 2; ++round) {
    server_.emplace([this](Request& r) { return handle(r); },
                    [](int, const std::string&) { return Response(); }, Limits());
    ASSERT_TRUE(server_->listen_local(path).ok());
    ASSERT_TRUE(server_->start().ok());
    struct stat file {};
    ASSERT_EQ(::stat(path.c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 0777U, 0600U);
    Client c = Client::open("unix:" + path).value();
    EXPECT_EQ(c.send(Method::kGet, "/from", {}, {})->body, " local");
    Server second([](Request&) { return Response(); },
                  [](int, const std::string&) { return Response(); }, {});
    EXPECT_EQ(second.listen_local(path).error().message(),
              "cannot listen on " + path + ": another server listens there");
    server_->stop();
    EXPECT_FALSE(std::filesystem::exists(path));
    // What a killed server leaves behind is replaced.
    const int stale = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    path.copy(name.sun_path, sizeof name.sun_path - 1);
    ASSERT_EQ(::bind(stale, reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
    ::close(stale);
  }
  std::filesystem::remove(path);
}

TEST_F(ServerTest, KnowsIPv4ClientsByTheirOwnAddressAlsoOnIPv6) {
  server_.emplace([this](Request& r) { return handle(r); },
                  [](int, const std::string&) { return Response(); }, Limits());
  const auto bound = server_->listen_tcp("[::]:0");
  if (!bound.ok()) GTEST_SKIP() << "this machine has no IPv6: " << bound.error().message();
  ASSERT_TRUE(server_->start().ok());
  Client c = Client::open("http://127.0.0.1" + bound->substr(bound->rfind(':'))).value();
  EXPECT_EQ(c.send(Method::kGet, "/from", {}, {})->body, "127.0.0.1 tcp");
}

TEST_F(ServerTest, RefusesAddressesItCannotListenOn) {
  Server server([](Request&) { return Response(); },
                [](int, const std::string&) { return Response(); }, {});
  for (const std::string address :
       {"", "8000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", "example:80"}) {
    EXPECT_EQ(
        server.listen_tcp(address).error().message(),
        "cannot listen on \"" + address + "\": an address is like 127.0.0.1:8000 or [::1]:8000");
  }
  start();
  EXPECT_EQ(server.listen_tcp(address_).error().message(),
            "cannot listen on " + address_ + ": Address already in use");
  EXPECT_FALSE(server.listen_local("/nowhere/at/all").ok());
  EXPECT_FALSE(server.listen_local("/tmp/" + std::string(200, 'x')).ok());
}

TEST_F(ServerTest, TheClientConnectsAgainWhenAKeptConnectionWasClosed) {
  start();
  Client c = client();
  EXPECT_EQ(c.send(Method::kGet, "/from", {}, {})->body, "127.0.0.1 tcp");
  const std::string address = address_;
  server_->stop();
  server_.emplace([this](Request& r) { return handle(r); },
                  [](int, const std::string&) { return Response(); }, Limits());
  ASSERT_TRUE(server_->listen_tcp(address).ok());
  ASSERT_TRUE(server_->start().ok());
  EXPECT_EQ(c.send(Method::kGet, "/from", {}, {})->body, "127.0.0.1 tcp");
}

TEST(Client, SaysWhatIsWrong) {
  for (const std::string url : {"", "ftp://x", "http://", "http://:80", "unix:", "localhost:80"}) {
    EXPECT_EQ(Client::open(url).error().message(),
              '"' + url +
                  "\" is not like http://127.0.0.1:8000, https://daybook.example or "
                  "unix:/path/to/socket");
  }
  Client nobody = Client::open("unix:/nowhere/at/all").value();
  const auto answer = nobody.send(Method::kGet, "/", {}, {});
  EXPECT_EQ(answer.error().code(), Code::kUnavailable);
  EXPECT_EQ(answer.error().message(),
            "cannot connect to unix:/nowhere/at/all: No such file or directory");
}

}  // namespace
}  // namespace daybook::http
