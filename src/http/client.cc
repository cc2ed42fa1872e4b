#include "http/client.h"

#include <algorithm>
#include <array>
#include <optional>

#include <boost/asio/connect.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include "http/wire.h"

namespace daybook::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Local = asio::local::stream_protocol;

// A response's head larger than this is none.
constexpr std::size_t kMaxHead = std::size_t{256} << 10;

Error cannot(const std::string& what, const error_code& error) {
  return {Code::kUnavailable, what + ": " + error.message()};
}

Error bad_url(std::string_view url) {
  return {Code::kInvalid, '"' + std::string(url) +
                              "\" is not like http://127.0.0.1:8000, https://daybook.example or "
                              "unix:/path/to/socket"};
}

// "name:port", "[::1]:port"; the port may be missing.
std::pair<std::string, std::string> split_host(std::string_view host,
                                               std::string_view default_port) {
  const std::size_t bracket = host.find(']');
  const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  std::string_view name = host.substr(0, colon);
  if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
  const std::string_view port =
      colon == std::string_view::npos ? default_port : host.substr(colon + 1);
  return {std::string(name), std::string(port)};
}

}  // namespace

struct Client::State {
  // Where the server is.
  std::string url;
  std::string local_path;  // or empty
  std::string host;        // as in the Host header
  std::string name, port;
  std::string prefix;
  Duration timeout{};
  std::optional<asio::ssl::context> tls;  // of https://

  using Socket = asio::generic::stream_protocol::socket;
  using TlsStream = asio::ssl::stream<Socket&>;

  asio::io_context io;
  std::optional<Socket> socket;
  std::optional<TlsStream> stream;  // over the socket, of https://
  std::string in;                   // received, not yet parsed
  bool is_in_doubt = false;  // the server may have taken the request: a byte came, or time ran out

  Result<void> connect();
  Result<void> shake_hands();
  void disconnect();
  Result<Response> exchange(Method method, std::string_view head, std::string_view body);
  Result<void> read_head(ResponseParser& parser, Response& response);
  Result<void> read_body(ResponseParser& parser, std::string& body);
  error_code write(std::string_view head, std::string_view body);
  error_code receive();
  error_code run(const std::optional<error_code>& done);
};

// Runs what was begun until it is done or its time is over.
error_code Client::State::run(const std::optional<error_code>& done) {
  io.restart();
  io.run_for(timeout);
  if (done) return *done;
  is_in_doubt = true;
  error_code ignored;
  socket->close(ignored);
  io.restart();
  io.run();  // the operation ends by the close; its handler must not outlive this call
  return asio::error::timed_out;
}

Result<void> Client::State::connect() {
  in.clear();
  std::optional<error_code> done;
  if (!local_path.empty()) {
    Local::socket local(io);
    error_code error;
    local.connect(Local::endpoint(local_path), error);
    if (error) return cannot("cannot connect to " + url, error);
    socket.emplace(std::move(local));
    return {};
  }
  error_code error;
  tcp::resolver resolver(io);
  const auto endpoints = resolver.resolve(name, port, error);
  if (error) return cannot("cannot find " + url, error);
  for (const auto& entry : endpoints) {
    done.reset();
    stream.reset();
    socket.emplace(io);
    socket->async_connect(entry.endpoint(), [&](const error_code& result) { done = result; });
    error = run(done);
    if (!error) break;
  }
  if (error) {
    disconnect();
    return cannot("cannot connect to " + url, error);
  }
  socket->set_option(tcp::no_delay(true), error);
  return tls ? shake_hands() : Result<void>();
}

// The server must show a certificate of its name that the system vouches for (or SSL_CERT_FILE).
Result<void> Client::State::shake_hands() {
  stream.emplace(*socket, *tls);
  stream->set_verify_mode(asio::ssl::verify_peer);
  stream->set_verify_callback(asio::ssl::host_name_verification(name));
  SSL_set_tlsext_host_name(stream->native_handle(), name.c_str());
  std::optional<error_code> done;
  stream->async_handshake(asio::ssl::stream_base::client,
                          [&](const error_code& result) { done = result; });
  const error_code error = run(done);
  if (!error) return {};
  disconnect();
  return cannot("cannot speak TLS with " + url, error);
}

void Client::State::disconnect() {
  stream.reset();
  socket.reset();
}

error_code Client::State::write(std::string_view head, std::string_view body) {
  std::optional<error_code> done;
  const std::array<asio::const_buffer, 2> buffers = {asio::buffer(head), asio::buffer(body)};
  const auto note = [&](const error_code& result, std::size_t) { done = result; };
  if (stream) {
    asio::async_write(*stream, buffers, note);
  } else {
    asio::async_write(*socket, buffers, note);
  }
  return run(done);
}

error_code Client::State::receive() {
  std::array<char, std::size_t{64} << 10> bytes;
  std::optional<error_code> done;
  const auto take = [&](const error_code& result, std::size_t size) {
    in.append(bytes.data(), size);
    is_in_doubt = is_in_doubt || size > 0;
    done = result;
  };
  if (stream) {
    stream->async_read_some(asio::buffer(bytes), take);
  } else {
    socket->async_read_some(asio::buffer(bytes), take);
  }
  return run(done);
}

// The next head; answers that are only on the way to one (100 Continue) are passed over.
Result<void> Client::State::read_head(ResponseParser& parser, Response& response) {
  std::size_t searched = 0;
  std::size_t size = 0;
  while ((size = head_size(in, searched)) == 0) {
    searched = in.size();
    if (in.size() > kMaxHead) return Error(Code::kMalformed, url + " answers with an endless head");
    if (const error_code error = receive()) return cannot("no answer from " + url, error);
  }
  auto parsed = parser.parse_head(std::string_view(in).substr(0, size), response);
  in.erase(0, size);
  if (!parsed.ok()) return std::move(parsed).error().with_context(url);
  return {};
}

Result<void> Client::State::read_body(ResponseParser& parser, std::string& body) {
  while (true) {
    std::string_view rest = in;
    auto parsed = parser.parse_body(rest, body);
    in.erase(0, in.size() - rest.size());
    if (!parsed.ok()) return std::move(parsed).error().with_context(url);
    if (parser.is_done()) return {};
    const error_code error = receive();
    if (error == asio::error::eof) return parser.end();
    if (error) return cannot("the answer of " + url + " is cut off", error);
  }
}

Result<Response> Client::State::exchange(Method method, std::string_view head,
                                         std::string_view body) {
  is_in_doubt = false;
  const error_code unwritten = write(head, body);
  while (true) {
    Response response;
    ResponseParser parser(method);
    // A server that refuses a body may answer, and close, before all of it is written.
    if (auto read = read_head(parser, response); !read.ok()) {
      if (unwritten) return cannot("cannot write to " + url, unwritten);
      return std::move(read).error();
    }
    if (response.status / 100 == 1) continue;
    DAYBOOK_TRY(read_body(parser, response.body));
    if (!parser.keeps_alive()) disconnect();
    return response;
  }
}

Client::Client(std::unique_ptr<State> state) : state_(std::move(state)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Result<Client> Client::open(std::string_view url, Duration timeout) {
  auto state = std::make_unique<State>();
  state->url = url;
  state->timeout = timeout;
  if (url.starts_with("unix:")) {
    state->local_path = url.substr(5);
    state->host = "localhost";
    if (state->local_path.empty()) return bad_url(url);
    return Client(std::move(state));
  }
  const bool is_encrypted = url.starts_with("https://");
  if (!is_encrypted && !url.starts_with("http://")) return bad_url(url);
  if (is_encrypted) {
    error_code error;
    state->tls.emplace(asio::ssl::context::tls_client);
    state->tls->set_default_verify_paths(error);
    if (error) return cannot("cannot read the certificates of this system", error);
  }
  const std::string_view rest = url.substr(url.find("//") + 2);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  state->host = rest.substr(0, slash);
  state->prefix = rest.substr(slash);
  if (state->prefix.ends_with('/')) state->prefix.pop_back();
  auto [name, port] = split_host(state->host, is_encrypted ? "443" : "80");
  if (name.empty() || port.empty()) return bad_url(url);
  state->name = std::move(name);
  state->port = std::move(port);
  return Client(std::move(state));
}

Result<Response> Client::send(Method method, std::string_view target, const Headers& headers,
                              std::string_view body) {
  State& state = *state_;
  const std::string head =
      write_head(method, state.prefix + std::string(target), headers, state.host, body.size());
  const bool is_kept = state.socket.has_value();
  if (!is_kept) DAYBOOK_TRY(state.connect());
  auto response = state.exchange(method, head, body);
  // The server may have closed a kept connection before it saw this request.
  if (!response.ok() && is_kept && !state.is_in_doubt) {
    DAYBOOK_TRY(state.connect());
    response = state.exchange(method, head, body);
  }
  if (!response.ok()) state.disconnect();
  return response;
}

}  // namespace daybook::http
