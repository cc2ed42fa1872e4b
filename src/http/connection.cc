#include "http/connection.h"

#include <poll.h>

#include <exception>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.h"
#include "http/content_coding.h"
#include "http/exchange.h"

namespace daybook::http {
namespace {

using boost::system::error_code;

// Bodies up to this are read before a worker is called, so that no worker waits for them.
constexpr std::size_t kSmallBody = std::size_t{64} << 10;

enum class Peer { kThere, kHalfClosed, kGone };

// Asked from a worker while the io thread keeps the socket open.
Peer look_at_peer(int socket) {
  pollfd asked{socket, POLLRDHUP, 0};
  if (poll(&asked, 1, 0) <= 0) return Peer::kThere;
  if ((asked.revents & (POLLHUP | POLLERR)) != 0) return Peer::kGone;
  return (asked.revents & POLLRDHUP) != 0 ? Peer::kHalfClosed : Peer::kThere;
}

// The one place, besides main, that catches whatever a handler throws.
Response answer_of(Shared& shared, Request& request) {
  std::string cause = "unknown";
  try {
    return shared.handler(request);
  } catch (const std::exception& error) {
    cause = error.what();
  } catch (...) {
  }
  log(LogLevel::kError, "a request handler threw",
      {{"path", request.target.path}, {"cause", cause}});
  return shared.refusal(500, "an unexpected error; the server's log has the details");
}

constexpr std::string_view kTooManyTransfers =
    "too many large or slow bodies and streamed answers are under way; try again in a moment";

std::string too_large_head(std::size_t limit) {
  return "the request's head is larger than " + std::to_string(limit) + " bytes";
}

}  // namespace

Connection::Connection(TimedSocket::Socket socket, Shared& shared, std::string remote_address)
    : shared_(shared),
      remote_address_(std::move(remote_address)),
      socket_(std::move(socket), shared.received,
              remote_address_.empty() ? TlsContext() : shared.tls),
      event_(socket_.executor(), asio::steady_timer::time_point::max()) {}

Connection::~Connection() = default;

asio::awaitable<void> Connection::serve() {
  bool goes_on = co_await shake_hands();
  while (goes_on) goes_on = co_await serve_one();
}

asio::awaitable<bool> Connection::shake_hands() {
  if (!socket_.is_encrypted()) co_return true;
  co_return co_await socket_.handshake(shared_.limits.header_timeout);
}

asio::awaitable<void> Connection::turn_away() {
  const bool can_be_told = co_await shake_hands();
  if (!can_be_told) co_return;
  exchange_ = std::make_unique<Exchange>(shared_);
  co_await refuse(503, "too many connections are open; try again in a moment");
}

asio::awaitable<bool> Connection::serve_one() {
  const bool has_come = co_await wait_for_request();
  if (!has_come) co_return false;
  exchange_ = std::make_unique<Exchange>(shared_);
  const bool has_head = co_await read_head();
  if (!has_head) co_return false;
  const bool has_body = co_await read_small_body();
  if (!has_body) co_return false;
  hand_over();
  co_await feed_until_answered();
  co_return co_await write_answer();
}

asio::awaitable<bool> Connection::wait_for_request() {
  exchange_.reset();
  socket_.set_deadline(shared_.limits.idle_timeout);
  bool is_open = !is_draining_;
  while (is_open && !drop_empty_lines()) {
    in_.shrink_to_fit();  // most connections are idle most of the time
    is_idle_ = true;
    is_open = co_await socket_.receive(in_);
    is_idle_ = false;
  }
  co_return is_open;
}

// Some clients send them between requests. Says whether there is something else.
bool Connection::drop_empty_lines() {
  while (in_.starts_with("\r\n")) in_.erase(0, 2);
  return !in_.empty();
}

asio::awaitable<bool> Connection::read_head() {
  const std::size_t limit = shared_.limits.max_header_bytes;
  socket_.set_deadline(shared_.limits.header_timeout);
  std::size_t searched = 0;
  std::size_t size = 0;
  while ((size = head_size(in_, searched)) == 0 && in_.size() <= limit) {
    searched = in_.size();
    const bool has_more = co_await socket_.receive(in_);
    if (has_more) continue;
    if (!socket_.is_expired()) co_return false;
    co_return co_await refuse(408, "the request's head took too long");
  }
  if (size == 0 || size > limit) co_return co_await refuse(431, too_large_head(limit));
  const std::string_view head = std::string_view(in_).substr(0, size);
  const auto parsed = exchange_->parser.parse_head(head, exchange_->request);
  in_.erase(0, size);
  exchange_->has_head = parsed.ok();
  exchange_->head_read = std::chrono::steady_clock::now();
  if (parsed.ok()) co_return true;
  const bool is_unknown = parsed.error().code() == Code::kUnsupported;
  co_return co_await refuse(is_unknown ? 501 : 400, parsed.error().message());
}

// What is large stays where it is until the worker asks for it, and so does the rest of what comes
// slowly: not before a worker looked is it known whose it is.
asio::awaitable<bool> Connection::read_small_body() {
  Exchange& exchange = *exchange_;
  if (exchange.parser.content_length().value_or(0) > kSmallBody) {
    use_pipe({});
    co_return true;
  }
  const auto until = exchange.head_read + shared_.limits.small_body_time;
  std::string body;
  while (true) {
    const auto parsed = parse_body(body);
    exchange.count(body.size());
    if (!parsed.ok()) co_return co_await refuse(400, parsed.error().message());
    if (exchange.parser.is_done()) break;
    const auto now = std::chrono::steady_clock::now();
    if (body.size() > kSmallBody || now >= until) {
      use_pipe(body);
      co_return true;
    }
    if (exchange.budget.is_spent()) co_return co_await refuse(503, "too many bodies are under way");
    co_await invite();
    const bool has_more =
        co_await socket_.receive(in_, exchange.incoming, std::chrono::ceil<Duration>(until - now));
    if (has_more) continue;
    if (!socket_.is_expired()) co_return false;
    if (std::chrono::steady_clock::now() >= until) continue;
    co_return co_await refuse(408, "the request's body took too long");
  }
  const std::string_view coding =
      body.empty() ? "" : exchange.request.headers.get("content-encoding");
  exchange.request.body = unpacked(body_of(std::move(body)), coding);
  exchange.request.body->count_in(exchange.budget);
  co_return true;
}

// `begun` are the bytes that were read before it showed how large or slow the body is.
void Connection::use_pipe(const std::string& begun) {
  Exchange& exchange = *exchange_;
  exchange.count(0);
  exchange.body = std::make_shared<BodyPipe>(exchange.budget, exchange.head_read, waker());
  if (!begun.empty()) exchange.body->give(begun);
  exchange.request.body =
      unpacked(body_of(exchange.body), exchange.request.headers.get("content-encoding"));
  exchange.request.body->count_in(exchange.budget);
}

// Takes what has been received of the body.
Result<void> Connection::parse_body(std::string& out) {
  std::string_view rest = in_;
  auto parsed = exchange_->parser.parse_body(rest, out);
  in_.erase(0, in_.size() - rest.size());
  exchange_->is_broken = !parsed.ok();
  return parsed;
}

asio::awaitable<void> Connection::invite() {
  if (exchange_->is_invited || !exchange_->parser.expects_continue()) co_return;
  exchange_->is_invited = true;
  co_await socket_.write(kContinue, {}, exchange_->outgoing);
}

void Connection::hand_over() {
  Exchange& exchange = *exchange_;
  socket_.clear_deadline();
  ++shared_.requests;
  exchange.is_head = exchange.request.method == Method::kHead;
  exchange.request.transport = remote_address_.empty() ? Transport::kLocalSocket : Transport::kTcp;
  exchange.request.remote_address = remote_address_;
  exchange.request.is_encrypted = socket_.is_encrypted();
  exchange.request.is_cancelled = [this] { return has_gone(); };
  exchange.trusted_until = std::chrono::steady_clock::now() + shared_.limits.half_closed_trust;
  if (exchange.body && !exchange.transfer.enter(shared_.limits.max_transfers)) {
    exchange.answer = refusal(503, std::string(kTooManyTransfers));
    return;
  }
  exchange.is_handed_over =
      shared_.workers.submit([self = shared_from_this()] { self->run_handler(); });
  if (!exchange.is_handed_over) exchange.answer = refusal(503, "too many requests are waiting");
}

// For a worker. Who has sent its last byte and waits for the answer cannot be told from who has
// gone, until something is written: then the one answers nothing and the other resets.
bool Connection::has_gone() {
  Exchange& exchange = *exchange_;
  const Peer peer = look_at_peer(socket_.descriptor());
  if (peer != Peer::kHalfClosed) return peer == Peer::kGone;
  const auto now = std::chrono::steady_clock::now();
  if (exchange.is_tried || now < exchange.trusted_until) return false;
  exchange.trusted_until = now + shared_.limits.half_closed_trust;
  asio::post(socket_.executor(), [self = shared_from_this()] { self->try_peer(); });
  return false;
}

// An interim answer may come before any other (RFC 9110, 15.2), but not to HTTP/1.0.
void Connection::try_peer() {
  const bool waits = exchange_ && exchange_->is_all_read() && !exchange_->answer;
  if (!waits || exchange_->is_tried || exchange_->parser.is_http_1_0()) return;
  exchange_->is_tried = true;
  socket_.write_now(kContinue);
}

void Connection::run_handler() {
  Exchange& exchange = *exchange_;
  Response response = answer_of(shared_, exchange.request);
  exchange.request.body.reset();  // what it holds is needed by others
  if (response.stream && !exchange.transfer.enter(shared_.limits.max_transfers)) {
    response = refusal(503, std::string(kTooManyTransfers));
  }
  pack(response, exchange.request.headers.get("accept-encoding"));
  exchange.is_streamed = response.stream != nullptr;
  const bool has_stream = exchange.is_streamed && !exchange.is_head;
  Response streamed;
  streamed.stream = std::move(response.stream);
  streamed.broke_off = std::move(response.broke_off);
  if (!has_stream) {
    exchange.transfer.leave();
    answer_with(std::move(response), Worker::kLeaves);
    return;
  }
  const auto pipe = exchange.stream = std::make_shared<StreamPipe>(waker());
  answer_with(std::move(response), Worker::kStays);
  pull(streamed, *pipe);
  exchange.transfer.leave();
  asio::post(socket_.executor(), [self = shared_from_this()] {
    self->exchange_->has_left = true;
    self->wake();
  });
}

void Connection::answer_with(Response response, Worker worker) {
  asio::post(socket_.executor(),
             [self = shared_from_this(), response = std::move(response), worker]() mutable {
               self->exchange_->answer = std::move(response);
               self->exchange_->has_left = worker == Worker::kLeaves;
               self->wake();
             });
}

asio::awaitable<void> Connection::feed_until_answered() {
  Exchange& exchange = *exchange_;
  while (!exchange.answer) {
    if (exchange.body && exchange.body->wants_bytes()) {
      co_await feed(*exchange.body);
    } else {
      co_await wait_for_event();
    }
  }
}

// Gives the worker what has come, or waits for more to come.
asio::awaitable<void> Connection::feed(BodyPipe& pipe) {
  std::string bytes;
  const auto parsed = parse_body(bytes);
  if (!bytes.empty()) pipe.give(bytes);
  if (!parsed.ok()) pipe.fail(parsed.error());
  if (exchange_->parser.is_done()) pipe.end();
  if (!bytes.empty() || !parsed.ok() || exchange_->parser.is_done()) co_return;

  co_await invite();
  if (exchange_->answer) co_return;
  is_feeding_ = true;
  const bool has_more = co_await socket_.receive(in_, exchange_->incoming);
  is_feeding_ = false;
  if (has_more || exchange_->answer) co_return;
  exchange_->is_broken = true;
  pipe.fail(socket_.is_expired() ? Error(Code::kTooSlow, "the request's body took too long")
                                 : Error(Code::kMalformed, "the request's body is cut off"));
}

Response Connection::refusal(int status, const std::string& detail) {
  ++shared_.refused;
  Response response = shared_.refusal(status, detail);
  if (status == 503) response.headers.set("Retry-After", "1");
  return response;
}

asio::awaitable<bool> Connection::refuse(int status, std::string detail) {
  exchange_->answer = refusal(status, detail);
  co_return co_await write_answer();
}

Framing Connection::framing_of(const Response& response) const {
  const Exchange& exchange = *exchange_;
  Framing framing;
  framing.length = response.body.size();
  framing.is_http_1_0 = exchange.has_head && exchange.parser.is_http_1_0();
  framing.keeps_alive = exchange.is_all_read() && exchange.parser.keeps_alive() && !is_draining_;
  if (is_without_body(response.status)) {
    framing.body = BodyKind::kNone;
  } else if (exchange.is_streamed && framing.is_http_1_0) {
    framing.body = BodyKind::kToTheEnd;
    framing.keeps_alive = false;
  } else if (exchange.is_streamed) {
    framing.body = BodyKind::kChunked;
  }
  return framing;
}

// Says whether the connection may go on with a next request.
asio::awaitable<bool> Connection::write_answer() {
  Exchange& exchange = *exchange_;
  const Response& response = *exchange.answer;
  const Framing framing = framing_of(response);
  const bool has_body = framing.body == BodyKind::kLength && !exchange.is_head;
  const std::string head = write_head(response, framing, shared_.date);
  bool is_written = co_await socket_.write(head, has_body ? response.body : std::string_view(),
                                           exchange.outgoing);
  if (exchange.stream) {
    if (is_written) is_written = co_await write_stream(framing);
    exchange.stream->close();
  }
  while (exchange.is_handed_over && !exchange.has_left) co_await wait_for_event();
  if (!is_written) co_return false;
  if (framing.keeps_alive) co_return true;
  if (!exchange.is_all_read() || !in_.empty()) co_await socket_.linger();
  co_return false;
}

asio::awaitable<bool> Connection::write_stream(Framing framing) {
  const bool is_chunked = framing.body == BodyKind::kChunked;
  StreamPipe& stream = *exchange_->stream;
  std::string bytes;
  while (true) {
    switch (stream.take(bytes)) {
      case StreamPipe::Taken::kBytes: {
        const std::string piece = is_chunked ? write_chunk(bytes) : std::move(bytes);
        const bool is_written = co_await socket_.write(piece, {}, exchange_->outgoing);
        if (!is_written) co_return false;
        break;
      }
      case StreamPipe::Taken::kNothingYet:
        co_await wait_for_event();
        break;
      case StreamPipe::Taken::kEnd:
        if (!is_chunked) co_return true;
        co_return co_await socket_.write(kLastChunk, {}, exchange_->outgoing);
      case StreamPipe::Taken::kBroken:
        co_return false;  // without the last chunk the client knows
    }
  }
}

asio::awaitable<void> Connection::wait_for_event() {
  error_code ignored;
  co_await event_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

void Connection::wake() {
  event_.cancel();
  // A worker that asks for more must not break off the very receive that it asks for.
  if (is_feeding_ && exchange_->answer) socket_.interrupt();
}

// For a worker to call.
std::function<void()> Connection::waker() {
  return [weak = weak_from_this(), executor = socket_.executor()] {
    asio::post(executor, [weak] {
      if (const auto self = weak.lock()) self->wake();
    });
  };
}

void Connection::check_deadline(std::chrono::steady_clock::time_point now) {
  socket_.check_deadline(now);
}

void Connection::drain() {
  is_draining_ = true;
  if (is_idle_) socket_.interrupt();
}

void Connection::abort() {
  socket_.shut_down();
  if (exchange_ && exchange_->body) {
    exchange_->body->fail(Error(Code::kUnavailable, "the server stops"));
  }
  // Before there is an answer the worker may be making the stream.
  if (exchange_ && exchange_->answer && exchange_->stream) exchange_->stream->close();
  wake();
}

}  // namespace daybook::http
