// A socket that is waited for no longer than allowed, in the clear or over TLS. For the io thread
// alone.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

#include "base/time.h"
#include "http/pace.h"
#include "http/tls.h"

namespace daybook::http {

namespace asio = boost::asio;

class TimedSocket {
 public:
  using Socket = asio::generic::stream_protocol::socket;
  // What receive() reads into; one for all sockets, so that an idle one needs no memory.
  using Buffer = std::array<char, std::size_t{64} << 10>;

  // Over TLS when there is a context; then handshake() comes first.
  TimedSocket(Socket socket, Buffer& buffer, TlsContext tls);
  ~TimedSocket();

  bool is_encrypted() const { return tls_ != nullptr; }
  // False when the client speaks no TLS, or none in time.
  asio::awaitable<bool> handshake(Duration patience);

  // Appends what comes next to `in`. False at the end of the connection, and when the waiting was
  // ended by the deadline or by interrupt().
  asio::awaitable<bool> receive(std::string& in);
  // The same for a part of a transfer, as long as its pace allows, and no longer than `at_most`.
  asio::awaitable<bool> receive(std::string& in, Pace& pace, Duration at_most = Duration::max());
  // False when the connection broke, or the peer reads more slowly than its pace allows.
  asio::awaitable<bool> write(std::string_view head, std::string_view body, Pace& pace);
  // At once and whole, or not at all: what does not fit ends the connection.
  void write_now(std::string_view text);
  // Tells the client that nothing more is written, and for a short while still reads what it sends:
  // closing at once could take what was written last from its hands.
  asio::awaitable<void> linger();

  // By when receive() gives up. Deadlines are kept by whoever calls check_deadline() now and then.
  void set_deadline(Duration from_now);
  void clear_deadline();
  void check_deadline(std::chrono::steady_clock::time_point now);
  bool is_expired() const { return is_expired_; }

  void interrupt();
  // Ends the connection while the descriptor stays open.
  void shut_down();

  Socket::executor_type executor() { return socket_.get_executor(); }
  int descriptor() { return socket_.native_handle(); }

 private:
  struct Tls;

  asio::awaitable<bool> receive_clear(std::string& in);
  asio::awaitable<bool> receive_encrypted(std::string& in);

  Socket socket_;
  std::unique_ptr<Tls> tls_;  // null in the clear
  Buffer& buffer_;
  std::chrono::steady_clock::time_point deadline_;
  bool is_expired_ = false;
};

}  // namespace daybook::http
