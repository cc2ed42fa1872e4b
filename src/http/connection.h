// One connection of a server: reads requests one after the other, has a worker handle each, writes
// the answers. Lives on the io thread; only run_handler() and what it calls are for a worker.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "http/pipe.h"
#include "http/server.h"
#include "http/timed_socket.h"
#include "http/wire.h"
#include "http/workers.h"

namespace daybook::http {

// What the connections of one server share.
struct Shared {
  Shared(Handler handler_, Server::Refusal refusal_, Limits limits_)
      : handler(std::move(handler_)),
        refusal(std::move(refusal_)),
        limits(limits_),
        budget(limits_.max_bodies_in_flight),
        workers(limits_.max_workers, limits_.max_queued_requests) {}

  const Handler handler;
  const Server::Refusal refusal;
  const Limits limits;
  std::atomic<std::uint64_t> requests = 0;
  std::atomic<std::uint64_t> refused = 0;
  std::atomic<std::size_t> transfers = 0;  // workers that wait for the pace of a client
  BodyBudget budget;
  Workers workers;

  // Only for the io thread.
  std::string date;  // of the current second, for the Date header
  TimedSocket::Buffer received;
  TlsContext tls;  // of new connections over TCP; null: in the clear
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // An empty remote address for a local socket.
  Connection(TimedSocket::Socket socket, Shared& shared, std::string remote_address);
  ~Connection();

  // Until the client or a limit ends it.
  asio::awaitable<void> serve();
  // Says that there are too many connections.
  asio::awaitable<void> turn_away();

  // Ends what has taken too long.
  void check_deadline(std::chrono::steady_clock::time_point now);
  // Serving ends: at once when idle, otherwise behind the answer that is due.
  void drain();
  // The time for draining is over.
  void abort();

 private:
  struct Exchange;

  enum class Worker { kLeaves, kStays };

  // These say whether the connection goes on; if not, they have answered what can be answered.
  asio::awaitable<bool> shake_hands();
  asio::awaitable<bool> serve_one();
  asio::awaitable<bool> wait_for_request();
  asio::awaitable<bool> read_head();
  asio::awaitable<bool> read_small_body();
  asio::awaitable<bool> refuse(int status, std::string detail);
  asio::awaitable<bool> write_answer();

  asio::awaitable<void> feed_until_answered();
  asio::awaitable<void> feed(BodyPipe& pipe);
  asio::awaitable<void> invite();
  asio::awaitable<bool> write_stream(Framing framing);
  asio::awaitable<void> wait_for_event();

  bool drop_empty_lines();
  Result<void> parse_body(std::string& out);
  void use_pipe(const std::string& begun);
  void hand_over();
  void run_handler();
  bool has_gone();
  void try_peer();
  void answer_with(Response response, Worker worker);
  Response refusal(int status, const std::string& detail);
  Framing framing_of(const Response& response) const;
  void wake();
  std::function<void()> waker();

  Shared& shared_;
  const std::string remote_address_;
  TimedSocket socket_;
  asio::steady_timer event_;  // never expires; cancelled to wake the coroutine
  std::string in_;            // received, not yet parsed
  std::unique_ptr<Exchange> exchange_;
  bool is_idle_ = false;
  bool is_feeding_ = false;
  bool is_draining_ = false;
};

}  // namespace daybook::http
