#include "http/wire.h"

#include <gtest/gtest.h>

namespace daybook::http {
namespace {

TEST(Wire, FindsTheEndOfAHead) {
  const std::string bytes = "GET / HTTP/1.1\r\nA: b\r\n\r\nbody";
  const std::size_t size = bytes.size() - 4;
  EXPECT_EQ(head_size(bytes), size);
  for (std::size_t searched = 0; searched < size; ++searched) {
    EXPECT_EQ(head_size(bytes, searched), size);
    EXPECT_EQ(head_size(bytes.substr(0, searched)), 0U);
  }
}

TEST(RequestParser, ReadsAHead) {
  RequestParser parser;
  Request request;
  const auto parsed = parser.parse_head(
      "PATCH /a%20b?c=d HTTP/1.1\r\nHost: x\r\nAccept:  text/csv \r\nExpect: 100-Continue\r\n"
      "Content-Length: 5\r\n\r\n",
      request);
  ASSERT_TRUE(parsed.ok()) << parsed.error().message();
  EXPECT_EQ(request.method, Method::kPatch);
  EXPECT_EQ(request.method_text, "PATCH");
  EXPECT_EQ(request.target_text, "/a%20b?c=d");
  EXPECT_EQ(request.path(), "/a b");
  EXPECT_EQ(request.headers.get("accept"), "text/csv");
  EXPECT_TRUE(parser.expects_continue());
  EXPECT_TRUE(parser.keeps_alive());
  EXPECT_FALSE(parser.is_http_1_0());
  EXPECT_EQ(parser.content_length(), 5U);
  EXPECT_FALSE(parser.is_done());

  std::string body;
  std::string_view in = "hel";
  ASSERT_TRUE(parser.parse_body(in, body).ok());
  EXPECT_FALSE(parser.is_done());
  in = "lo and more";
  ASSERT_TRUE(parser.parse_body(in, body).ok());
  EXPECT_TRUE(parser.is_done());
  EXPECT_EQ(body, "hello");
  EXPECT_EQ(in, " and more");
}

struct Told {
  bool keeps_alive;
  bool is_done;
  bool operator==(const Told&) const = default;
};

TEST(ResponseParser, KnowsHowTheBodyEnds) {
  struct Case {
    Method of_request;
    std::string_view head;
    Told expected;
  };
  const Case cases[] = {
      {Method::kGet, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", {true, false}},
      {Method::kHead, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", {true, true}},
      {Method::kGet, "HTTP/1.1 204 No Content\r\n\r\n", {true, true}},
      {Method::kGet, "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", {true, true}},
      {Method::kGet, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", {true, false}},
      {Method::kGet, "HTTP/1.1 200 OK\r\n\r\n", {false, false}},
      {Method::kGet,
       "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
       {false, true}},
      {Method::kGet, "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", {false, true}},
  };
  for (const Case& c : cases) {
    ResponseParser parser(c.of_request);
    Response response;
    ASSERT_TRUE(parser.parse_head(c.head, response).ok()) << c.head;
    EXPECT_EQ((Told{parser.keeps_alive(), parser.is_done()}), c.expected) << c.head;
  }
}

TEST(ResponseParser, EndsWithTheConnectionWhenNothingElseIsTold) {
  ResponseParser to_the_end(Method::kGet);
  Response response;
  std::string body;
  std::string_view in = "all of it";
  ASSERT_TRUE(to_the_end.parse_head("HTTP/1.1 200 OK\r\n\r\n", response).ok());
  ASSERT_TRUE(to_the_end.parse_body(in, body).ok());
  EXPECT_TRUE(to_the_end.end().ok());
  EXPECT_TRUE(to_the_end.is_done());
  EXPECT_EQ(body, "all of it");

  ResponseParser cut_off(Method::kGet);
  ASSERT_TRUE(cut_off.parse_head("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", response).ok());
  EXPECT_EQ(cut_off.end().error().message(), "the message is cut off");
}

TEST(Wire, WritesResponses) {
  Response response;
  response.status = 201;
  response.headers.add("Location", "/a\r\nSet-Cookie: forged");
  response.headers.add("content-length", "99");
  Framing framing;
  framing.length = 5;
  EXPECT_EQ(write_head(response, framing, "now"),
            "HTTP/1.1 201 Created\r\nDate: now\r\nLocation: /a  Set-Cookie: forged\r\n"
            "Content-Length: 5\r\n\r\n");
  framing.body = BodyKind::kChunked;
  framing.keeps_alive = false;
  EXPECT_EQ(
      write_head(Response(), framing, "now"),
      "HTTP/1.1 200 OK\r\nDate: now\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(write_chunk("0123456789abcdef!"), "11\r\n0123456789abcdef!\r\n");
}

TEST(Wire, WritesRequests) {
  Headers headers;
  headers.add("Accept", "text/csv");
  EXPECT_EQ(write_head(Method::kGet, "/a", headers, "host:1", 0),
            "GET /a HTTP/1.1\r\nHost: host:1\r\nAccept: text/csv\r\n\r\n");
  EXPECT_EQ(write_head(Method::kPost, "/a", {}, "host:1", 0),
            "POST /a HTTP/1.1\r\nHost: host:1\r\nContent-Length: 0\r\n\r\n");
}

TEST(Wire, WritesDates) {
  EXPECT_EQ(format_http_date(parse_instant("2025-12-05T14:00:00.9Z").value()),
            "Fri, 05 Dec 2025 14:00:00 GMT");
  EXPECT_EQ(format_http_date(parse_instant("1994-11-06T08:49:37Z").value()),
            "Sun, 06 Nov 1994 08:49:37 GMT");
}

}  // namespace
}  // namespace daybook::http
