// Api: HTTP requests to answers. The server calls it for each request; the command line calls it
// without a socket when it works on a directory that no server holds.
//
// Any thread. The engine must outlive it, and its catalog must have passed check_routes().
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "http/message.h"
#include "http/network.h"
#include "http/server.h"

namespace daybook::api {

struct Options {
  std::string version;
  bool is_loopback = true;                 // while nobody can sign in, requests act as the operator
  std::vector<std::string> allowed_hosts;  // besides localhost, 127.0.0.1 and [::1]
  std::vector<std::string> origins;        // of pages that may use the cookies of sessions
  std::vector<http::Network> trusted_proxies;  // are believed about their clients
  Duration query_time = std::chrono::seconds(10);
  Duration idempotency_kept = std::chrono::hours(24);
  bool records_requests = false;  // as the applications declare it
  // What the server counts, for /metrics; may be empty.
  std::function<http::ServerCounts()> server_counts;
};

class Api {
 public:
  Api(Engine& engine, Options options);
  ~Api();

  http::Response handle(http::Request& request);
  // For errors that the server finds before a request exists: a problem+json body.
  static http::Response refuse(int status, const std::string& detail);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace daybook::api
