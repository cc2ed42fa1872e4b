// An Api over the memory store and a small shop, for tests: requests built by hand, answers as they
// would go out.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/api.h"
#include "base/json.h"
#include "engine/engine.h"

namespace daybook::contract {
class FailingStore;
}

namespace daybook::api {

// The shop of the contract tests with a collection that refers to another, and declared routes.
const Catalog& routed_shop();

// A body that comes in pieces and may break off.
std::unique_ptr<http::Body> broken_body(std::vector<std::string> pieces, Error error);

class Door : public testing::Test {
 protected:
  using Pairs = std::vector<std::pair<std::string, std::string>>;

  Door();
  ~Door() override;

  http::Request request(const std::string& method, const std::string& target,
                        std::unique_ptr<http::Body> body, const Pairs& headers = {});
  http::Response ask(const std::string& method, const std::string& target,
                     const std::string& body = {}, const Pairs& headers = {});
  http::Response get(const std::string& target, const Pairs& headers = {}) {
    return ask("GET", target, {}, headers);
  }
  http::Response post(const std::string& target, const std::string& body,
                      const Pairs& headers = {}) {
    return ask("POST", target, body, headers);
  }
  // All of a streamed answer.
  static std::string drain(const http::Response& response);

  static Pairs ndjson(Pairs more = {});

  ManualClock clock_{*parse_instant("2026-03-10T12:00:00Z")};
  const std::unique_ptr<contract::FailingStore> store_;  // over a memory store
  Engine engine_;
  Api api_;
};

// "200 {...}", for comparing at once.
std::string shown(const http::Response& response);

}  // namespace daybook::api
