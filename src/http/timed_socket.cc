#include "http/timed_socket.h"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
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

TimedSocket::TimedSocket(Socket socket, Buffer& buffer)
    : socket_(std::move(socket)), buffer_(buffer), deadline_(kNever) {
  error_code ignored;
  socket_.non_blocking(true, ignored);
}

asio::awaitable<bool> TimedSocket::receive(std::string& in) {
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

asio::awaitable<bool> TimedSocket::receive(std::string& in, Pace& pace) {
  const auto begin = std::chrono::steady_clock::now();
  const std::size_t before = in.size();
  set_deadline(pace.left());
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
  co_await asio::async_write(socket_, buffers, on_progress,
                             asio::redirect_error(asio::use_awaitable, error));
  clear_deadline();
  co_return !error;
}

asio::awaitable<void> TimedSocket::linger() {
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  set_deadline(kLingerTime);
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
