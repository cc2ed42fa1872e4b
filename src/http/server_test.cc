#include "http/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <latch>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include "base/compress.h"
#include "http/client.h"

namespace daybook::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMostBytes = std::size_t{16} << 20;

// A plain socket: what it sends is what the test says, byte by byte.
class Wire {
 public:
  explicit Wire(const std::string& address) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port =
        htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1))));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
      throw std::runtime_error("cannot connect");
    }
  }
  ~Wire() { close(); }
  Wire(Wire&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  Wire& operator=(Wire&&) = delete;

  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

  // False once the other side has gone.
  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // Everything up to `end`, or to the end of the connection.
  std::string receive_to(std::string_view end) {
    char piece[4096];
    while (true) {
      if (const std::size_t at = received_.find(end); !end.empty() && at != std::string::npos) {
        std::string taken = received_.substr(0, at + end.size());
        received_.erase(0, taken.size());
        return taken;
      }
      const ssize_t size = ::recv(socket_, piece, sizeof piece, 0);
      if (size <= 0) return std::exchange(received_, {});
      received_.append(piece, static_cast<std::size_t>(size));
    }
  }
  std::string receive_all() { return receive_to({}); }

 private:
  int socket_;
  std::string received_;
};

std::string status_line(const std::string& answer) { return answer.substr(0, answer.find('\r')); }

std::string request(const std::string& method, const std::string& path,
                    const std::string& headers = {}, const std::string& body = {}) {
  return method + ' ' + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + body;
}

std::string with_length(const std::string& body) {
  return "Content-Length: " + std::to_string(body.size()) + "\r\n";
}

std::string large_text() {
  std::string text;
  while (text.size() < 100'000) text += "{\"line\": " + std::to_string(text.size()) + "}\n";
  return text;
}

Response text_response(std::string body, const char* type = "text/plain") {
  Response response;
  response.headers.add("Content-Type", type);
  response.body = std::move(body);
  return response;
}

class ServerTest : public testing::Test {
 protected:
  void TearDown() override {
    release();
    if (server_) server_->stop();
  }

  void start(Limits limits = {}) {
    server_.emplace([this](Request& r) { return handle(r); },
                    [](int status, const std::string& detail) {
                      Response response = text_response(detail);
                      response.status = status;
                      return response;
                    },
                    limits);
    address_ = server_->listen_tcp("127.0.0.1:0").value();
    ASSERT_TRUE(server_->start().ok());
  }

  Wire connect() const { return Wire(address_); }
  Client client() const { return Client::open("http://" + address_, seconds(20)).value(); }
  // The whole answer to bytes after which the server closes.
  std::string answer_to(std::string_view bytes) const {
    Wire wire = connect();
    wire.send(bytes);
    return wire.receive_all();
  }
  void release() {
    if (!released_.exchange(true)) gate_.set_value();
  }

  Response handle(Request& r) {
    const std::string path(r.path());
    if (path == "/hello") return text_response("hello " + r.method_text);
    if (path == "/large") return text_response(large_text(), "application/json");
    if (path == "/unread") return text_response("not read");
    if (path == "/throw") throw std::runtime_error("thrown");
    if (path == "/echo" || path == "/size") return echo(r, path == "/size");
    if (path == "/some") return first_bytes(r);
    if (path == "/wait") return wait(r);
    if (path == "/cancelled") return wait_for_hang_up(r);
    if (path == "/stream") return stream(r);
    if (path == "/from")
      return text_response(r.remote_address + (r.transport == Transport::kTcp ? " tcp" : " local"));
    Response response = text_response("nothing at " + path);
    response.status = 404;
    return response;
  }

  Response echo(Request& r, bool only_size) {
    auto body = r.body->read_all(kMostBytes);
    if (body.ok()) return text_response(only_size ? std::to_string(body->size()) : *body);
    body_error_ = body.error().message();
    Response response = text_response(body_error_);
    response.status = 400 + static_cast<int>(body.error().code());
    return response;
  }

  static Response first_bytes(Request& r) {
    std::string bytes;
    return text_response(r.body->read(bytes).ok() ? "read some" : "cannot read");
  }

  Response wait(Request&) {
    ++waiting_;
    waiting_.notify_all();
    opened_.wait();
    return text_response("waited");
  }

  Response wait_for_hang_up(Request& r) {
    ++waiting_;
    waiting_.notify_all();
    while (!r.is_cancelled()) std::this_thread::yield();
    hung_up_.set_value();
    return text_response("nobody reads this");
  }

  Response stream(Request& r) {
    Response response;
    response.headers.add("Content-Type", "text/plain");
    const bool breaks = r.parameter("breaks").has_value();
    response.stream = [piece = 0, breaks]() mutable -> std::optional<std::string> {
      if (breaks && piece == 2) throw std::runtime_error("broken");
      if (piece == 3) return std::nullopt;
      return "piece " + std::to_string(piece++) + "\n";
    };
    return response;
  }

  void wait_until_waiting(int count) {
    for (int now = waiting_; now < count; now = waiting_) waiting_.wait(now);
  }

  std::optional<Server> server_;
  std::string address_;
  std::promise<void> gate_;
  std::shared_future<void> opened_ = gate_.get_future().share();
  std::atomic<bool> released_ = false;
  std::atomic<int> waiting_ = 0;
  std::promise<void> hung_up_;
  std::string body_error_;  // read after the handler's connection was closed
};

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

TEST_F(ServerTest, DoesNotUnpackBombs) {
  start();
  const std::string zeros(std::size_t{64} << 20, '\0');
  for (const auto& [coding, bomb] :
       {std::pair("gzip", gzip_compress(zeros, 6)), std::pair("zstd", zstd_compress(zeros, 3))}) {
    Headers headers;
    headers.add("Content-Encoding", coding);
    Client c = client();
    const auto answer = c.send(Method::kPost, "/size", headers, bomb);
    ASSERT_TRUE(answer.ok()) << answer.error().message();
    EXPECT_EQ(answer->status, 400 + static_cast<int>(Code::kTooLarge));
    EXPECT_EQ(answer->body, "the body is larger than 16777216 bytes");
  }
}

TEST_F(ServerTest, AnswersBeforeAHugeBodyHasCome) {
  start();
  Client c = client();
  const auto answer = c.send(Method::kPost, "/size", {}, std::string(std::size_t{64} << 20, 'x'));
  ASSERT_TRUE(answer.ok()) << answer.error().message();
  EXPECT_EQ(answer->status, 400 + static_cast<int>(Code::kTooLarge));
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

TEST_F(ServerTest, RefusesWhatIsNotARequest) {
  start();
  const std::pair<std::string, std::string> cases[] = {
      {"hello there\r\n\r\n", "400"},
      {"GET / HTTP/2.0\r\nHost: x\r\n\r\n", "400"},
      {"GET / HTTP/1.1\r\n\r\n", "400"},
      {"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "400"},
      {request("GET", "/%zz"), "400"},
      {request("GET", "/../x"), "400"},
      {request("GET", "/hello", "A: b\r\n c: folded\r\n"), "400"},
      {request("GET", "/hello", "A : b\r\n"), "400"},
      {request("POST", "/echo", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
       "400"},
      {request("POST", "/echo", "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n"),
       "400"},
      {request("POST", "/echo", "Content-Length: 3\r\nContent-Length: 4\r\n", "abcd"), "400"},
      {request("POST", "/echo", "Content-Length: 3, 4\r\n", "abcd"), "400"},
      {request("POST", "/echo", "Content-Length: -1\r\n"), "400"},
      {request("POST", "/echo", "Content-Length: 99999999999999999999\r\n"), "400"},
      {request("POST", "/echo", "Transfer-Encoding: gzip\r\n", "abc"), "501"},
      {request("POST", "/echo", "Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), "501"},
      {request("POST", "/echo", "Transfer-Encoding: chunked\r\n", "xyz\r\nabc\r\n0\r\n\r\n"),
       "400"},
      {request("POST", "/echo", "Transfer-Encoding: chunked\r\n", "3\r\nabcd\r\n0\r\n\r\n"), "400"},
      {"POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
      {request("GET", "/" + std::string(40'000, 'a')), "431"},
      {request("GET", "/hello", "Long: " + std::string(40'000, 'a')), "431"},
      {"GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(40'000, 'a'), "431"},
  };
  for (const auto& [bytes, status] : cases) {
    const std::string answer = answer_to(bytes);
    EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 " + status) << bytes.substr(0, 200);
    EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  }
  EXPECT_EQ(server_->counts().refused, std::size(cases));
}

TEST_F(ServerTest, BoundsTheFramingOfChunks) {
  start();
  Wire wire = connect();
  wire.send(request("POST", "/echo", "Transfer-Encoding: chunked\r\n", "0\r\n"));
  for (int i = 0; i < 4000 && wire.send("Trailer: nothing\r\n"); ++i) {
  }
  EXPECT_EQ(status_line(wire.receive_all()), "HTTP/1.1 400 Bad Request");
}

TEST_F(ServerTest, CutsSlowHeadsOff) {
  Limits limits;
  limits.header_timeout = milliseconds(20);
  start(limits);
  Wire wire = connect();
  wire.send("GET /hello HTTP/1.1\r\nHost:");
  EXPECT_EQ(status_line(wire.receive_all()), "HTTP/1.1 408 Request Timeout");
}

TEST_F(ServerTest, CutsSlowBodiesOff) {
  Limits limits;
  limits.body_timeout = milliseconds(20);
  start(limits);
  Wire small = connect();
  small.send(request("POST", "/echo", "Content-Length: 10\r\n", "abc"));
  EXPECT_EQ(status_line(small.receive_all()), "HTTP/1.1 408 Request Timeout");
  Wire large = connect();
  large.send(request("POST", "/echo", "Content-Length: 1000000\r\n", "abc"));
  const std::string answer = large.receive_all();
  EXPECT_EQ(status_line(answer), "HTTP/1.1 " +
                                     std::to_string(400 + static_cast<int>(Code::kTooSlow)) +
                                     " Precondition Failed");
  EXPECT_TRUE(answer.ends_with("the request's body took too long"));
}

TEST_F(ServerTest, ClosesIdleConnectionsQuietly) {
  Limits limits;
  limits.idle_timeout = milliseconds(20);
  start(limits);
  EXPECT_EQ(connect().receive_all(), "");
}

TEST_F(ServerTest, GivesUpOnClientsThatDoNotRead) {
  Limits limits;
  limits.write_timeout = milliseconds(50);
  start(limits);
  Wire wire = connect();
  std::string bytes;
  for (int i = 0; i < 500; ++i) bytes += request("GET", "/large");
  wire.send(bytes);  // some 50 MB of answers: more than the buffers of two sockets
  while (server_->counts().accepted < 1) std::this_thread::yield();
  while (server_->counts().connections > 0) std::this_thread::yield();
}

TEST_F(ServerTest, TellsTheHandlerThatABodyIsCutOff) {
  start();
  Wire wire = connect();
  wire.send(request("POST", "/echo", "Content-Length: 1000000\r\n", std::string(70'000, 'x')));
  while (server_->counts().requests < 1) std::this_thread::yield();
  wire.close();
  while (server_->counts().connections > 0) std::this_thread::yield();
  EXPECT_EQ(body_error_, "the request's body is cut off");
}

TEST_F(ServerTest, TellsTheHandlerThatTheClientHasGone) {
  start();
  Wire wire = connect();
  wire.send(request("GET", "/cancelled"));
  wait_until_waiting(1);
  wire.close();
  hung_up_.get_future().wait();
}

TEST_F(ServerTest, ServesManyWhileOthersAreIdleOrBusy) {
  start();
  std::vector<Wire> idle;
  for (int i = 0; i < 200; ++i) idle.push_back(connect());
  std::vector<Wire> busy;
  for (int i = 0; i < 64; ++i) {
    busy.push_back(connect());
    busy.back().send(request("GET", "/wait"));
  }
  wait_until_waiting(64);
  EXPECT_EQ(client().send(Method::kGet, "/hello", {}, {})->body, "hello GET");
  release();
  for (Wire& wire : busy) EXPECT_TRUE(wire.receive_to("waited").ends_with("waited"));
  for (Wire& wire : idle) {
    wire.send(request("GET", "/hello"));
    EXPECT_TRUE(wire.receive_to("hello GET").ends_with("hello GET"));
  }
}

TEST_F(ServerTest, RefusesRequestsBeyondTheQueue) {
  Limits limits;
  limits.max_workers = 1;
  limits.max_queued_requests = 1;
  start(limits);
  Wire first = connect();
  first.send(request("GET", "/wait"));
  wait_until_waiting(1);
  Wire second = connect();
  second.send(request("GET", "/hello"));
  while (server_->counts().queued < 1) std::this_thread::yield();
  Wire third = connect();
  third.send(request("GET", "/hello"));
  const std::string answer = third.receive_to("waiting");
  EXPECT_EQ(status_line(answer), "HTTP/1.1 503 Service Unavailable");
  EXPECT_NE(answer.find("Retry-After: 1"), std::string::npos);
  release();
  EXPECT_TRUE(second.receive_to("hello GET").ends_with("hello GET"));
  third.send(request("GET", "/hello"));
  EXPECT_TRUE(third.receive_to("hello GET").ends_with("hello GET"));
}

TEST_F(ServerTest, TurnsConnectionsBeyondTheLimitAway) {
  Limits limits;
  limits.max_connections = 2;
  start(limits);
  Client first = client();
  Client second = client();
  EXPECT_EQ(first.send(Method::kGet, "/hello", {}, {})->status, 200);
  EXPECT_EQ(second.send(Method::kGet, "/hello", {}, {})->status, 200);
  EXPECT_EQ(client().send(Method::kGet, "/hello", {}, {})->status, 503);
  EXPECT_EQ(first.send(Method::kGet, "/hello", {}, {})->status, 200);
}

TEST_F(ServerTest, BoundsTheBodiesUnderWay) {
  Limits limits;
  limits.max_bodies_in_flight = 50'000;
  start(limits);
  Wire wire = connect();
  wire.send(request("POST", "/echo", "Content-Length: 60000\r\n", std::string(55'000, 'x')));
  EXPECT_EQ(status_line(wire.receive_all()), "HTTP/1.1 503 Service Unavailable");
  // A streamed body goes through a piece at a time.
  EXPECT_EQ(client().send(Method::kPost, "/size", {}, std::string(3'000'000, 'x'))->body,
            "3000000");
}

TEST_F(ServerTest, StopsWhenRequestsUnderWayAreAnswered) {
  start();
  Wire idle = connect();
  Wire busy = connect();
  busy.send(request("GET", "/wait"));
  wait_until_waiting(1);
  auto stopped = std::async(std::launch::async, [this] { server_->stop(); });
  EXPECT_EQ(idle.receive_all(), "");  // so it drains now
  release();
  const std::string answer = busy.receive_all();
  EXPECT_TRUE(answer.ends_with("waited"));
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  stopped.wait();
  EXPECT_THROW(connect(), std::runtime_error);
}

TEST_F(ServerTest, CutsOffWhatDoesNotEndWithinTheDrainTime) {
  Limits limits;
  limits.drain_timeout = milliseconds(20);
  start(limits);
  Wire slow = connect();
  slow.send(request("POST", "/echo", "Content-Length: 1000000\r\n", "abc"));
  Wire cancelled = connect();
  cancelled.send(request("GET", "/cancelled"));
  wait_until_waiting(1);
  server_->stop();
  EXPECT_EQ(server_->counts().connections, 0U);
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
              '"' + url + "\" is not like http://127.0.0.1:8000 or unix:/path/to/socket");
  }
  Client nobody = Client::open("unix:/nowhere/at/all").value();
  const auto answer = nobody.send(Method::kGet, "/", {}, {});
  EXPECT_EQ(answer.error().code(), Code::kUnavailable);
  EXPECT_EQ(answer.error().message(),
            "cannot connect to unix:/nowhere/at/all: No such file or directory");
}

}  // namespace
}  // namespace daybook::http
