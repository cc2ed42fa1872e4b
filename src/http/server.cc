#include "http/server.h"

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.h"
#include "http/connection.h"
#include "http/network.h"

namespace daybook::http {
namespace {

using asio::ip::tcp;
using boost::system::error_code;
using Local = asio::local::stream_protocol;

// Beyond max_connections so many are told so; more are only closed.
constexpr std::size_t kTurnedAway = 64;
// How long accepting rests when the process has no descriptors left.
constexpr auto kAcceptRest = std::chrono::milliseconds(50);

Error cannot_listen(const std::string& where, const std::string& why) {
  return {Code::kInvalid, "cannot listen on " + where + ": " + why};
}

// "127.0.0.1:8000", "[::1]:0".
std::optional<tcp::endpoint> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  error_code bad;
  const auto address = asio::ip::make_address(std::string(host), bad);
  if (bad || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return tcp::endpoint(address, port);
}

std::string text_of(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  const std::string host = endpoint.address().is_v6() ? '[' + address + ']' : address;
  return host + ':' + std::to_string(endpoint.port());
}

// Deadlines are looked at this often, so they may be late by as much.
Duration tick_of(const Limits& limits) {
  const Duration shortest =
      std::min({limits.header_timeout, limits.body_timeout, limits.small_body_time,
                limits.idle_timeout, limits.write_timeout});
  return std::clamp<Duration>(shortest / 8, std::chrono::milliseconds(2),
                              std::chrono::milliseconds(500));
}

std::string remote_address(const tcp::socket& socket) {
  error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  return error ? "unknown" : address_in(endpoint.address().to_string());
}
std::string remote_address(const Local::socket&) { return {}; }

void send_at_once(tcp::socket& socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
}
void send_at_once(Local::socket&) {}

}  // namespace

struct Server::State {
  State(Handler handler, Refusal refusal, const Limits& limits)
      : shared(std::move(handler), std::move(refusal), limits) {}

  template <typename Acceptor>
  asio::awaitable<void> accept(Acceptor& acceptor);
  asio::awaitable<void> tick();
  void open(const std::shared_ptr<Connection>& connection);
  void close(const std::shared_ptr<Connection>& connection);
  void begin_drain();
  void abort_all();
  bool wait_until_closed(Duration at_most);

  Shared shared;
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> keep_running =
      asio::make_work_guard(io);
  std::optional<tcp::acceptor> tcp_acceptor;
  std::optional<Local::acceptor> local_acceptor;
  std::string local_path;
  asio::steady_timer ticker{io};
  std::set<std::shared_ptr<Connection>> connections;  // only for the io thread
  bool is_over = false;                               // only for the io thread
  std::atomic<std::uint64_t> accepted = 0;
  std::thread io_thread;

  std::mutex mutex;
  std::condition_variable closed;
  std::size_t open_connections = 0;  // guarded by mutex
  bool is_draining = false;          // guarded by mutex
};

template <typename Acceptor>
asio::awaitable<void> Server::State::accept(Acceptor& acceptor) {
  while (acceptor.is_open()) {
    error_code error;
    auto socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted || !acceptor.is_open()) co_return;
    if (error) {
      asio::steady_timer rest(io, kAcceptRest);
      co_await rest.async_wait(asio::redirect_error(asio::use_awaitable, error));
      continue;
    }
    ++accepted;
    if (connections.size() >= shared.limits.max_connections + kTurnedAway) continue;
    send_at_once(socket);
    const std::string address = remote_address(socket);
    open(std::make_shared<Connection>(TimedSocket::Socket(std::move(socket)), shared, address));
  }
}

void Server::State::open(const std::shared_ptr<Connection>& connection) {
  const bool is_one_too_many = connections.size() >= shared.limits.max_connections;
  connections.insert(connection);
  {
    const std::lock_guard lock(mutex);
    ++open_connections;
  }
  asio::co_spawn(io, is_one_too_many ? connection->turn_away() : connection->serve(),
                 [this, connection](const std::exception_ptr& thrown) {
                   if (thrown) log(LogLevel::kError, "a connection ended by an exception");
                   close(connection);
                 });
}

void Server::State::close(const std::shared_ptr<Connection>& connection) {
  connections.erase(connection);
  const std::lock_guard lock(mutex);
  --open_connections;
  closed.notify_all();
}

asio::awaitable<void> Server::State::tick() {
  const Duration step = tick_of(shared.limits);
  error_code error;
  while (!is_over) {
    const auto now = std::chrono::steady_clock::now();
    for (const auto& connection : connections) connection->check_deadline(now);
    shared.date =
        format_http_date(std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()));
    ticker.expires_after(step);
    co_await ticker.async_wait(asio::redirect_error(asio::use_awaitable, error));
  }
}

void Server::State::begin_drain() {
  error_code ignored;
  if (tcp_acceptor) tcp_acceptor->close(ignored);
  if (local_acceptor) local_acceptor->close(ignored);
  for (const auto& connection : connections) connection->drain();
  const std::lock_guard lock(mutex);
  is_draining = true;
  closed.notify_all();
}

void Server::State::abort_all() {
  for (const auto& connection : connections) connection->abort();
}

bool Server::State::wait_until_closed(Duration at_most) {
  std::unique_lock lock(mutex);
  return closed.wait_for(lock, at_most, [this] { return is_draining && open_connections == 0; });
}

Server::Server(Handler handler, Refusal refusal, Limits limits)
    : state_(std::make_unique<State>(std::move(handler), std::move(refusal), limits)) {}

Server::~Server() { stop(); }

Result<std::string> Server::listen_tcp(const std::string& address) {
  const auto endpoint = parse_endpoint(address);
  if (!endpoint) {
    return cannot_listen('"' + address + '"', "an address is like 127.0.0.1:8000 or [::1]:8000");
  }
  error_code error;
  tcp::acceptor acceptor(state_->io);
  acceptor.open(endpoint->protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(*endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return cannot_listen(address, error.message());
  const std::string bound = text_of(acceptor.local_endpoint(error));
  state_->tcp_acceptor = std::move(acceptor);
  return bound;
}

Result<void> Server::listen_local(const std::string& path) {
  if (path.size() >= sizeof(sockaddr_un::sun_path)) {
    return cannot_listen(path, "the path of a socket has at most " +
                                   std::to_string(sizeof(sockaddr_un::sun_path) - 1) + " bytes");
  }
  error_code error;
  Local::socket probe(state_->io);
  probe.connect(Local::endpoint(path), error);
  if (!error) return cannot_listen(path, "another server listens there");
  if (error == asio::error::connection_refused) ::unlink(path.c_str());

  Local::acceptor acceptor(state_->io);
  acceptor.open(Local(), error);
  if (!error) acceptor.bind(Local::endpoint(path), error);
  if (error) return cannot_listen(path, error.message());
  // Nobody can connect before listen(), so nobody comes before the mode is set.
  if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0)
    return cannot_listen(path, "cannot set its mode");
  acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return cannot_listen(path, error.message());
  state_->local_acceptor = std::move(acceptor);
  state_->local_path = path;
  return {};
}

Result<void> Server::use_tls(const std::string& certificate, const std::string& key) {
  DAYBOOK_ASSIGN(TlsContext context, load_tls(certificate, key));
  if (!state_->io_thread.joinable()) {
    state_->shared.tls = std::move(context);
    return {};
  }
  asio::post(state_->io,
             [state = state_.get(), context = std::move(context)] { state->shared.tls = context; });
  return {};
}

Result<void> Server::start() {
  State& state = *state_;
  asio::co_spawn(state.io, state.tick(), asio::detached);
  if (state.tcp_acceptor)
    asio::co_spawn(state.io, state.accept(*state.tcp_acceptor), asio::detached);
  if (state.local_acceptor) {
    asio::co_spawn(state.io, state.accept(*state.local_acceptor), asio::detached);
  }
  try {
    state.io_thread = std::thread([&state] { state.io.run(); });
  } catch (const std::system_error& error) {
    return Error(Code::kUnavailable, "cannot start the server's thread").with_cause(error.what());
  }
  return {};
}

void Server::stop() {
  State& state = *state_;
  if (!state.io_thread.joinable()) return;
  asio::post(state.io, [&state] { state.begin_drain(); });
  if (!state.wait_until_closed(state.shared.limits.drain_timeout)) {
    asio::post(state.io, [&state] { state.abort_all(); });
    while (!state.wait_until_closed(std::chrono::seconds(1))) {
    }
  }
  state.shared.workers.stop();
  asio::post(state.io, [&state] {
    state.is_over = true;
    state.ticker.cancel();
  });
  state.keep_running.reset();
  state.io_thread.join();
  if (!state.local_path.empty()) ::unlink(state.local_path.c_str());
}

ServerCounts Server::counts() const {
  State& state = *state_;
  ServerCounts counts;
  counts.accepted = state.accepted;
  counts.requests = state.shared.requests;
  counts.refused = state.shared.refused;
  counts.queued = state.shared.workers.queued();
  const std::lock_guard lock(state.mutex);
  counts.connections = state.open_connections;
  return counts;
}

}  // namespace daybook::http
