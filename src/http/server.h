// An HTTP/1.1 server (RFC 9112): keep-alive, pipelining, streamed bodies in and out, compression
// both ways, limits against slow, huge and malformed clients. One thread does the sockets, a
// bounded pool of workers runs the handler; both live in here. Text of more than a kilobyte is
// packed when the client takes that, unless it has a strong ETag, which stands for exact bytes.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "http/message.h"

namespace daybook::http {

struct Limits {
  std::size_t max_header_bytes = 32 * 1024;
  std::size_t max_connections = 4096;
  std::size_t max_queued_requests = 1024;        // beyond: 503 with Retry-After
  std::size_t max_bodies_in_flight = 32u << 20;  // bytes of bodies, packed and unpacked
  std::size_t max_workers = 80;                  // threads, started as they are needed
  // Of these, busy with a large or slow body or a streamed answer; beyond: 503 with Retry-After, so
  // that a client's pace never keeps small requests from being served.
  std::size_t max_transfers = 60;
  std::uint64_t least_rate = 1024;  // bytes a second that a transfer has to keep up, see Pace
  Duration header_timeout = std::chrono::seconds(10);  // for a request's head once begun
  Duration body_timeout = std::chrono::seconds(30);    // without a byte
  // Of a small body, from its head on, until a worker is called, which then waits for the rest:
  // only the handler knows whose it is, and so how much longer it may take (Body::limit_time).
  Duration small_body_time = std::chrono::seconds(10);
  Duration idle_timeout = std::chrono::seconds(75);   // between requests
  Duration write_timeout = std::chrono::seconds(30);  // without progress
  Duration drain_timeout = std::chrono::seconds(10);  // for requests under way at stop()
  // A client that has sent its last byte may still read its answer. After so long it is written to,
  // to see whether it is there.
  Duration half_closed_trust = std::chrono::seconds(1);
};

// What /metrics tells of a server.
struct ServerCounts {
  std::uint64_t connections = 0;  // open now
  std::uint64_t accepted = 0;     // since start
  std::uint64_t requests = 0;
  std::uint64_t refused = 0;  // by a limit, before the handler
  std::uint64_t queued = 0;   // waiting for a worker now
};

class Server {
 public:
  // Makes the error responses that the server itself has to give (400, 408, 413, 431, 503).
  using Refusal = std::function<Response(int status, const std::string& detail)>;

  Server(Handler handler, Refusal refusal, Limits limits);
  ~Server();  // stops

  // Both may be called, each once, before start(). "127.0.0.1:8000", "[::1]:0"; port 0 picks a free
  // one. Says the address bound, "127.0.0.1:43211".
  Result<std::string> listen_tcp(const std::string& address);
  // A socket file with mode 0600; a stale one is replaced.
  Result<void> listen_local(const std::string& path);

  // Speaks TLS to those who connect over TCP from now on; may be called again, also while serving,
  // when the files have changed. kInvalid names the file that cannot be used: then nothing changes.
  Result<void> use_tls(const std::string& certificate, const std::string& key);

  Result<void> start();
  // Stops accepting, lets requests under way end within the drain timeout, joins all threads.
  void stop();

  ServerCounts counts() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace daybook::http
