// HTTP/1.1 on the wire (RFC 9112): bytes to messages and back. No socket is seen here, so that the
// fuzzer and the tests can feed it. wire.cc is the only home of the library's parser.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/chunked.h"
#include "http/message.h"

namespace daybook::http {

// The size of the head at the front of `bytes`, its empty line included; 0 while that is missing.
// `searched` bytes are known not to end a head.
std::size_t head_size(std::string_view bytes, std::size_t searched = 0);

// How the end of a body is told.
enum class BodyKind { kNone, kLength, kChunked, kToTheEnd };

// Takes one message apart: first the head, in one piece, then the body as it comes.
// One thread at a time.
class MessageParser {
 public:
  // Takes bytes of the body off the front of `in`, and its framing; appends what they carry to
  // `out`. What is left in `in` has to be given again, with more behind it. kMalformed for bad
  // framing.
  Result<void> parse_body(std::string_view& in, std::string& out);
  // The connection has ended, which is how some bodies end. kMalformed when it was too early.
  Result<void> end();

  // All of these after the head.
  bool is_done() const;                                 // the whole message is there
  bool keeps_alive() const { return keeps_alive_; }     // the connection may serve another one
  std::optional<std::uint64_t> content_length() const;  // empty for other framings

 protected:
  template <typename Head>
  void expect_body(const Head& head, BodyKind kind);

 private:
  BodyKind kind_ = BodyKind::kNone;
  bool keeps_alive_ = false;
  std::uint64_t length_ = 0;
  std::uint64_t left_ = 0;  // of the length
  ChunkedDecoder chunks_;
};

class RequestParser : public MessageParser {
 public:
  // Fills everything but the body and the transport. kMalformed, or kUnsupported for transfer
  // codings that nobody uses.
  Result<void> parse_head(std::string_view head, Request& request);

  bool is_http_1_0() const { return is_http_1_0_; }
  bool expects_continue() const { return expects_continue_; }

 private:
  bool is_http_1_0_ = false;
  bool expects_continue_ = false;
};

class ResponseParser : public MessageParser {
 public:
  // The answer to a HEAD has no body, whatever its head says.
  explicit ResponseParser(Method of_request) : of_request_(of_request) {}

  // Fills status and headers.
  Result<void> parse_head(std::string_view head, Response& response);

 private:
  const Method of_request_;
};

bool is_without_body(int status);

struct Framing {
  BodyKind body = BodyKind::kLength;
  std::size_t length = 0;
  bool keeps_alive = true;
  bool is_http_1_0 = false;  // what the client speaks
};

// The head of a response. What the framing decides (Content-Length, Connection, ...) is not taken
// from the response's own headers.
std::string write_head(const Response& response, const Framing& framing, std::string_view date);
std::string write_head(Method method, std::string_view target, const Headers& headers,
                       std::string_view host, std::size_t body_size);
std::string write_chunk(std::string_view bytes);
constexpr std::string_view kLastChunk = "0\r\n\r\n";
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

// "Fri, 05 Dec 2025 14:00:00 GMT".
std::string format_http_date(Instant t);

}  // namespace daybook::http
