// The interface, asked without a socket: whoever is to be the client, at whatever time.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/api.h"
#include "base/clock.h"
#include "engine/engine.h"
#include "http/message.h"
#include "store/store.h"
#include "tests/scenarios/stage.h"

namespace daybook::scenarios {

class Counter {
 public:
  using Pairs = std::vector<std::pair<std::string, std::string>>;

  // Over the shipped catalogs and the memory store.
  Counter();
  // The catalog outlives it.
  Counter(const Catalog& catalog, std::unique_ptr<Store> store);
  ~Counter();

  struct Asked {
    std::string method, target;
    std::string body = {};
    Pairs headers = {};
    std::string address = "192.0.2.1";
  };
  // Over TCP, as anybody.
  http::Response ask(const Asked& asked);
  // With a body that comes as it is read.
  http::Response ask(const Asked& asked, std::unique_ptr<http::Body> body);
  // With an access key or an access token.
  http::Response ask_as(const std::string& token, const std::string& method,
                        const std::string& target, const std::string& body = {});
  // As the machine's operator, in the process.
  http::Response operate(const std::string& method, const std::string& target,
                         const std::string& body = {});

  // A key that the operator makes; `more` are further members, as JSON: ,"tenant":"x".
  std::string make_key(const std::string& application, const std::string& role,
                       const std::string& more = {});

  ManualClock& clock() { return clock_; }
  Engine& engine() { return *engine_; }
  Store& store() { return *store_; }

 private:
  http::Response send(const Asked& asked, std::unique_ptr<http::Body> body,
                      http::Transport transport);

  ManualClock clock_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<api::Api> api_;
};

// A text member of a JSON answer; empty when there is none.
std::string member_of(const http::Response& answer, std::string_view name);
// All of a streamed answer.
std::string drain(const http::Response& answer);

}  // namespace daybook::scenarios
