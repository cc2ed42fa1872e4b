// The server against slow, huge, malformed, vanishing and too many clients, and its stopping; I8:
// what the bodies of all requests hold is bounded.
#include "http/server_test.h"

#include "base/compress.h"

namespace daybook::http {
namespace {

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
  EXPECT_EQ(status_line(answer), "HTTP/1.1 408 Request Timeout");
  EXPECT_TRUE(answer.ends_with("the request's body took too long"));
}

TEST_F(ServerTest, CutsBodiesOffThatComeByteByByte) {
  Limits limits;
  limits.body_timeout = milliseconds(60);
  limits.least_rate = std::uint64_t{1} << 40;  // so that no byte earns time
  start(limits);
  for (const std::string& length : {std::string("60000"), std::string("1000000")}) {
    Wire wire = connect();
    wire.send(request("POST", "/echo", "Content-Length: " + length + "\r\n"));
    // Each byte comes in time, until the server has had enough.
    while (!wire.has_answer(milliseconds(5)) && wire.send("x")) {
    }
    EXPECT_EQ(status_line(wire.receive_all()).substr(0, 12), "HTTP/1.1 408") << length;
  }
}

TEST_F(ServerTest, CutsBodiesOffThatTakeLongerThanTheHandlerWaits) {
  Limits limits;  // whose own patience is far longer
  limits.small_body_time = milliseconds(5);
  start(limits);
  const std::string framings[] = {"Content-Length: 1000\r\n", "Content-Length: 1000000\r\n",
                                  "Transfer-Encoding: chunked\r\n"};
  for (const std::string& framing : framings) {
    Wire wire = connect();
    wire.send(request("POST", "/echo?hasty", framing, "3\r\nabc\r\n"));
    const std::string answer = wire.receive_all();
    EXPECT_EQ(status_line(answer), "HTTP/1.1 408 Request Timeout") << framing;
    EXPECT_TRUE(answer.ends_with("the request's body took too long")) << answer;
  }
  Wire steady = connect();
  steady.send(request("POST", "/echo?hasty", "Content-Length: 1000000\r\n"));
  while (!steady.has_answer(milliseconds(1)) && steady.send("x")) {
  }
  EXPECT_EQ(status_line(steady.receive_all()), "HTTP/1.1 408 Request Timeout");
  Wire wire = connect();
  wire.send(request("POST", "/echo?hasty", "Content-Length: 3\r\n", "abc"));
  EXPECT_EQ(status_line(wire.receive_to("abc")), "HTTP/1.1 200 OK");
}

TEST_F(ServerTest, LetsAWorkerWaitForSmallBodiesThatComeSlowly) {
  Limits limits;
  limits.small_body_time = milliseconds(5);
  start(limits);
  const std::pair<std::string, std::pair<std::string, std::string>> cases[] = {
      {"Content-Length: 6\r\n", {"abc", "def"}},
      {"Content-Length: 6\r\n", {"", "abcdef"}},
      {"Transfer-Encoding: chunked\r\n", {"3\r\nabc\r\n3\r", "\ndef\r\n0\r\n\r\n"}},
  };
  Wire wire = connect();
  std::uint64_t requests = 0;
  for (const auto& [framing, halves] : cases) {
    wire.send(request("POST", "/echo", framing, halves.first));
    for (++requests; server_->counts().requests < requests;) std::this_thread::yield();
    wire.send(halves.second);
    EXPECT_EQ(status_line(wire.receive_to("abcdef")), "HTTP/1.1 200 OK") << framing;
  }
  Wire gone = connect();
  gone.send(request("POST", "/echo", "Content-Length: 6\r\n", "abc"));
  while (server_->counts().requests <= requests) std::this_thread::yield();
  gone.close();
  while (server_->counts().connections > 1) std::this_thread::yield();
  EXPECT_EQ(body_error_, "the request's body is cut off");
}

TEST_F(ServerTest, KeepsWorkersForRequestsThatNeedNoPatience) {
  Limits limits;
  limits.max_workers = 2;
  limits.max_transfers = 1;
  start(limits);
  Wire slow = connect();
  slow.send(request("POST", "/echo", "Content-Length: 1000000\r\n", "abc"));
  while (server_->counts().requests < 1) std::this_thread::yield();
  Wire second = connect();
  second.send(request("POST", "/echo", "Content-Length: 1000000\r\n", "abc"));
  const std::string refused = second.receive_to("moment");
  EXPECT_EQ(status_line(refused), "HTTP/1.1 503 Service Unavailable");
  EXPECT_NE(refused.find("Retry-After: 1"), std::string::npos);
  EXPECT_EQ(client().send(Method::kGet, "/stream", {}, {})->status, 503);
  EXPECT_EQ(client().send(Method::kGet, "/hello", {}, {})->body, "hello GET");
  slow.send(std::string(1'000'000 - 3, 'x'));
  EXPECT_NE(slow.receive_to("xxx").find("200 OK"), std::string::npos);
  EXPECT_EQ(client().send(Method::kGet, "/stream", {}, {})->status, 200);
}

TEST_F(ServerTest, AnswersThoseWhoHaveSentTheirLastByte) {
  Limits limits;
  limits.half_closed_trust = {};
  start(limits);
  Wire wire = connect();
  wire.send(request("GET", "/patient"));
  wire.end_sending();
  EXPECT_EQ(status_line(wire.receive_to("\r\n\r\n")), "HTTP/1.1 100 Continue");
  release();
  EXPECT_TRUE(wire.receive_all().ends_with("waited"));
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
  Limits limits;
  limits.half_closed_trust = {};
  start(limits);
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
  EXPECT_EQ(client().send(Method::kPost, "/flow", {}, std::string(3'000'000, 'x'))->body,
            "3000000");
}

TEST_F(ServerTest, BoundsWhatBodiesUnpackTo) {
  Limits limits;
  limits.max_bodies_in_flight = 3'000'000;
  start(limits);
  const std::string packed = zstd_compress(std::string(2'000'000, 'x'), 3);
  const std::string coded =
      request("POST", "/hold", "Content-Encoding: zstd\r\n" + with_length(packed), packed);
  Wire first = connect();
  first.send(coded);
  wait_until_waiting(1);
  Wire second = connect();
  second.send(coded);
  EXPECT_TRUE(second.receive_to("moment").ends_with("try again in a moment"));
  // Who keeps nothing of it needs no room.
  Headers headers;
  headers.add("Content-Encoding", "zstd");
  EXPECT_EQ(client().send(Method::kPost, "/flow", headers, packed)->body, "2000000");
  release();
  EXPECT_TRUE(first.receive_to("waited").ends_with("waited"));
  second.send(coded);
  EXPECT_TRUE(second.receive_to("waited").ends_with("waited"));
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

TEST_F(ServerTest, CutsOffStreamsThatDoNotEndWithinTheDrainTime) {
  Limits limits;
  limits.drain_timeout = milliseconds(20);
  start(limits);
  Wire wire = connect();
  wire.send(request("GET", "/endless"));
  wire.receive_to("piece");
  server_->stop();
  EXPECT_EQ(wire.receive_all().find("\r\n0\r\n"), std::string::npos);
}

}  // namespace
}  // namespace daybook::http
