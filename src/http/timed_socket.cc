#include "http/timed_socket.h"

#include <algorithm>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace daybook::http {
namespace {

using boost::system::error_code;

constexpr std::size_t kLingerBytes = std::size_t{1} << 20;
constexpr Duration kLingerTime = std::chrono::seconds(1);
constexpr auto kNever = std::chrono::steady_clock::time_point::max();

Duration since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - begin);
}

}  // namespace

// What a read over TLS fills must be its own: unlike one in the clear it is under way while others
// read.
struct TimedSocket::Tls {
  Tls(Socket& socket, TlsContext context_)
      : context(std::move(context_)), stream(socket, *context) {}

  const TlsContext context;
  asio::ssl::stream<Socket&> stream;
  std::array<char, std::size_t{16} << 10> buffer;
};

TimedSocket::TimedSocket(Socket socket, Buffer& buffer, TlsContext tls)
    : socket_(std::move(socket)), buffer_(buffer), deadline_(kNever) {
  error_code ignored;
  socket_.non_blocking(true, ignored);
  if (tls) tls_ = std::make_unique<Tls>(socket_, std::move(tls));
}

TimedSocket::~TimedSocket() = default;

asio::awaitable<bool> TimedSocket::handshake(Duration patience) {
  error_code error;
  set_deadline(patience);
  co_await tls_->stream.async_handshake(asio::ssl::stream_base::server,
                                        asio::redirect_error(asio::use_awaitable, error));
  clear_deadline();
  co_return !error;
}

asio::awaitable<bool> TimedSocket::receive(std::string& in) {
  if (tls_) co_return co_await receive_encrypted(in);
  co_return co_await receive_clear(in);
}

asio::awaitable<bool> TimedSocket::receive_encrypted(std::string& in) {
  if (is_expired_) co_return false;
  error_code error;
  const std::size_t size = co_await tls_->stream.async_read_some(
      asio::buffer(tls_->buffer), asio::redirect_error(asio::use_awaitable, error));
  in.append(tls_->buffer.data(), size);
  co_return !error;
}

asio::awaitable<bool> TimedSocket::receive_clear(std::string& in) {
  while (!is_expired_) {
    error_code error;
    const std::size_t size = socket_.read_some(asio::buffer(buffer_), error);
    if (!error) {
      in.append(buffer_.data(), size);
      co_return true;
    }
    if (error != asio::error::would_block) co_return false;
    co_await socket_.async_wait(Socket::wait_read,
                                asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return false;
  }
  co_return false;
}

asio::awaitable<bool> TimedSocket::receive(std::string& in, Pace& pace, Duration at_most) {
  const auto begin = std::chrono::steady_clock::now();
  const std::size_t before = in.size();
  set_deadline(std::min(pace.left(), at_most));
  const bool has_more = co_await receive(in);
  clear_deadline();
  pace.note(since(begin), in.size() - before);
  co_return has_more;
}

void TimedSocket::write_now(std::string_view text) {
  error_code error;
  const std::size_t size = socket_.write_some(asio::buffer(text), error);
  if (size > 0 && size < text.size()) shut_down();
}

asio::awaitable<bool> TimedSocket::write(std::string_view head, std::string_view body, Pace& pace) {
  constexpr std::size_t kAtOnce = std::size_t{1} << 20;
  const std::array<asio::const_buffer, 2> buffers = {asio::buffer(head), asio::buffer(body)};
  auto begin = std::chrono::steady_clock::now();
  std::size_t before = 0;
  const auto on_progress = [&](const error_code& error, std::size_t written) -> std::size_t {
    if (error) return 0;
    pace.note(since(begin), written - std::exchange(before, written));
    begin = std::chrono::steady_clock::now();
    set_deadline(pace.left());
    return kAtOnce;
  };
  error_code error;
  if (tls_) {
    co_await asio::async_write(tls_->stream, buffers, on_progress,
                               asio::redirect_error(asio::use_awaitable, error));
  } else {
    co_await asio::async_write(socket_, buffers, on_progress,
                               asio::redirect_error(asio::use_awaitable, error));
  }
  clear_deadline();
  co_return !error;
}

asio::awaitable<void> TimedSocket::linger() {
  error_code ignored;
  set_deadline(kLingerTime);
  if (tls_) {
    co_await tls_->stream.async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
    co_return;
  }
  socket_.shutdown(Socket::shutdown_send, ignored);
  std::string dropped;
  for (std::size_t size = 0; size < kLingerBytes; size += dropped.size()) {
    dropped.clear();
    const bool has_more = co_await receive(dropped);
    if (!has_more) co_return;
  }
}

void TimedSocket::set_deadline(Duration from_now) {
  is_expired_ = false;
  deadline_ = std::chrono::steady_clock::now() + from_now;
}

void TimedSocket::clear_deadline() { deadline_ = kNever; }

void TimedSocket::check_deadline(std::chrono::steady_clock::time_point now) {
  if (now < deadline_) return;
  deadline_ = kNever;
  is_expired_ = true;
  interrupt();
}

void TimedSocket::interrupt() {
  error_code ignored;
  socket_.cancel(ignored);
}

void TimedSocket::shut_down() {
  error_code ignored;
  socket_.shutdown(Socket::shutdown_both, ignored);
  interrupt();
}

}  // namespace daybook::http
