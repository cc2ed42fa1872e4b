// A server whose handler does what its tests need, and a socket to speak to it byte by byte.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "http/client.h"
#include "http/server.h"

namespace daybook::http {

using std::chrono::milliseconds;
using std::chrono::seconds;

inline constexpr std::size_t kMostBytes = std::size_t{16} << 20;

// A plain socket: what it sends is what the test says, byte by byte.
class Wire {
 public:
  explicit Wire(const std::string& address) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port =
        htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1))));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
      throw std::runtime_error("cannot connect");
    }
  }
  ~Wire() { close(); }
  Wire(Wire&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  Wire& operator=(Wire&&) = delete;

  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

  // False once the other side has gone.
  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // Everything up to `end`, or to the end of the connection.
  std::string receive_to(std::string_view end) {
    char piece[4096];
    while (true) {
      if (const std::size_t at = received_.find(end); !end.empty() && at != std::string::npos) {
        std::string taken = received_.substr(0, at + end.size());
        received_.erase(0, taken.size());
        return taken;
      }
      const ssize_t size = ::recv(socket_, piece, sizeof piece, 0);
      if (size <= 0) return std::exchange(received_, {});
      received_.append(piece, static_cast<std::size_t>(size));
    }
  }
  std::string receive_all() { return receive_to({}); }
  // Whether something comes that soon.
  bool has_answer(milliseconds within) const {
    pollfd asked{socket_, POLLIN, 0};
    return ::poll(&asked, 1, static_cast<int>(within.count())) > 0;
  }
  // Nothing more is sent; what comes is still read.
  void end_sending() const { ::shutdown(socket_, SHUT_WR); }

 private:
  int socket_;
  std::string received_;
};

inline std::string status_line(const std::string& answer) {
  return answer.substr(0, answer.find('\r'));
}

inline std::string request(const std::string& method, const std::string& path,
                           const std::string& headers = {}, const std::string& body = {}) {
  return method + ' ' + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + body;
}

inline std::string with_length(const std::string& body) {
  return "Content-Length: " + std::to_string(body.size()) + "\r\n";
}

inline std::string large_text() {
  std::string text;
  while (text.size() < 100'000) text += "{\"line\": " + std::to_string(text.size()) + "}\n";
  return text;
}

inline Response text_response(std::string body, const char* type = "text/plain") {
  Response response;
  response.headers.add("Content-Type", type);
  response.body = std::move(body);
  return response;
}

class ServerTest : public testing::Test {
 protected:
  void TearDown() override {
    release();
    if (server_) server_->stop();
  }

  void start(Limits limits = {}) {
    server_.emplace([this](Request& r) { return handle(r); },
                    [](int status, const std::string& detail) {
                      Response response = text_response(detail);
                      response.status = status;
                      return response;
                    },
                    limits);
    address_ = server_->listen_tcp("127.0.0.1:0").value();
    ASSERT_TRUE(server_->start().ok());
  }

  Wire connect() const { return Wire(address_); }
  Client client() const { return Client::open("http://" + address_, seconds(20)).value(); }
  // The whole answer to bytes after which the server closes.
  std::string answer_to(std::string_view bytes) const {
    Wire wire = connect();
    wire.send(bytes);
    return wire.receive_all();
  }
  void release() {
    if (!released_.exchange(true)) gate_.set_value();
  }

  Response handle(Request& r) {
    const std::string path(r.path());
    if (path == "/hello") return text_response("hello " + r.method_text);
    if (path == "/large") return text_response(large_text(), "application/json");
    if (path == "/unread") return text_response("not read");
    if (path == "/throw") throw std::runtime_error("thrown");
    if (path == "/echo" || path == "/size") return echo(r, path == "/size");
    if (path == "/some") return first_bytes(r);
    if (path == "/flow") return flow(r);
    if (path == "/hold") return hold(r);
    if (path == "/patient") return wait_unless_gone(r);
    if (path == "/wait") return wait(r);
    if (path == "/cancelled") return wait_for_hang_up(r);
    if (path == "/stream") return stream(r);
    if (path == "/endless") return endless_stream();
    if (path == "/from")
      return text_response(r.remote_address + (r.transport == Transport::kTcp ? " tcp" : " local"));
    Response response = text_response("nothing at " + path);
    response.status = 404;
    return response;
  }

  Response echo(Request& r, bool only_size) {
    if (r.parameter("hasty")) r.body->limit_time(milliseconds(30));
    auto body = r.body->read_all(kMostBytes);
    if (body.ok()) return text_response(only_size ? std::to_string(body->size()) : *body);
    body_error_ = body.error().message();
    Response response = text_response(body_error_);
    response.status = r.body->is_late() ? 408 : 400 + static_cast<int>(body.error().code());
    return response;
  }

  // The size of a body that is read in pieces, none of which is kept.
  static Response flow(Request& r) {
    std::size_t size = 0;
    for (bool has_more = true; has_more;) {
      std::string piece;
      const auto read = r.body->read(piece);
      if (!read.ok()) return text_response(read.error().message());
      has_more = *read;
      size += piece.size();
    }
    return text_response(std::to_string(size));
  }

  // Reads the body and waits with it.
  Response hold(Request& r) {
    const auto body = r.body->read_all(kMostBytes);
    return body.ok() ? wait(r) : text_response(body.error().message());
  }

  // Answers once the test says so, if the client is thought to be there then.
  Response wait_unless_gone(Request& r) {
    while (!released_) {
      if (r.is_cancelled()) return text_response("gone");
      std::this_thread::yield();
    }
    return text_response("waited");
  }

  static Response first_bytes(Request& r) {
    std::string bytes;
    return text_response(r.body->read(bytes).ok() ? "read some" : "cannot read");
  }

  Response wait(Request&) {
    ++waiting_;
    waiting_.notify_all();
    opened_.wait();
    return text_response("waited");
  }

  Response wait_for_hang_up(Request& r) {
    ++waiting_;
    waiting_.notify_all();
    while (!r.is_cancelled()) std::this_thread::yield();
    hung_up_.set_value();
    return text_response("nobody reads this");
  }

  Response stream(Request& r) {
    Response response;
    response.headers.add("Content-Type", "text/plain");
    const bool breaks = r.parameter("breaks").has_value();
    response.stream = [piece = 0, breaks]() mutable -> std::optional<std::string> {
      if (breaks && piece == 2) throw std::runtime_error("broken");
      if (piece == 3) return std::nullopt;
      return "piece " + std::to_string(piece++) + "\n";
    };
    return response;
  }

  static Response endless_stream() {
    Response response;
    response.stream = [] { return std::optional<std::string>("piece\n"); };
    return response;
  }

  void wait_until_waiting(int count) {
    for (int now = waiting_; now < count; now = waiting_) waiting_.wait(now);
  }

  std::optional<Server> server_;
  std::string address_;
  std::promise<void> gate_;
  std::shared_future<void> opened_ = gate_.get_future().share();
  std::atomic<bool> released_ = false;
  std::atomic<int> waiting_ = 0;
  std::promise<void> hung_up_;
  std::string body_error_;  // read after the handler's connection was closed
};

}  // namespace daybook::http
