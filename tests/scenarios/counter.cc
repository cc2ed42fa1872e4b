#include "tests/scenarios/counter.h"

#include <cstdio>
#include <cstdlib>

#include "base/json.h"
#include "base/log.h"
#include "store/memory/memory_store.h"

namespace daybook::scenarios {

Counter::Counter() : Counter(shipped_catalog(), make_memory_store()) {}

Counter::Counter(const Catalog& catalog, std::unique_ptr<Store> store)
    : clock_(*parse_instant(kNow)), store_(std::move(store)) {
  set_log_level(LogLevel::kOff);
  if (!store_->prepare(catalog).ok()) std::abort();
  engine_ = std::make_unique<Engine>(catalog, *store_, clock_);
  api_ = std::make_unique<api::Api>(*engine_, api::Options());
}

Counter::~Counter() = default;

http::Response Counter::send(const Asked& asked, std::unique_ptr<http::Body> body,
                             http::Transport transport) {
  http::Request request;
  request.method = http::parse_method(asked.method);
  request.method_text = asked.method;
  request.target_text = asked.target;
  auto target = http::parse_target(asked.target);
  if (!target.ok()) return api::Api::refuse(400, target.error().message());
  request.target = *std::move(target);
  request.transport = transport;
  request.remote_address = asked.address;
  request.headers.add("Host", "localhost");
  for (const auto& [name, value] : asked.headers) request.headers.set(name, value);
  if (!asked.body.empty() && !request.headers.has("Content-Type")) {
    request.headers.add("Content-Type", "application/json");
  }
  request.body = std::move(body);
  return api_->handle(request);
}

http::Response Counter::ask(const Asked& asked) {
  return send(asked, http::body_of(asked.body), http::Transport::kTcp);
}

http::Response Counter::ask(const Asked& asked, std::unique_ptr<http::Body> body) {
  return send(asked, std::move(body), http::Transport::kTcp);
}

http::Response Counter::ask_as(const std::string& token, const std::string& method,
                               const std::string& target, const std::string& body) {
  return ask({method, target, body, {{"Authorization", "Bearer " + token}}});
}

http::Response Counter::operate(const std::string& method, const std::string& target,
                                const std::string& body) {
  return send({method, target, body}, http::body_of(body), http::Transport::kInProcess);
}

std::string Counter::make_key(const std::string& application, const std::string& role,
                              const std::string& more) {
  const auto made = operate(
      "POST", "/api/v1/keys",
      R"({"name":"x","application":")" + application + R"(","role":")" + role + "\"" + more + "}");
  std::string key = member_of(made, "key");
  if (!key.empty()) return key;
  std::fprintf(stderr, "no key: %s\n", made.body.c_str());
  std::abort();
}

std::string member_of(const http::Response& answer, std::string_view name) {
  json::Parser parser;
  const auto body = parser.parse(answer.body);
  if (!body.ok() || body->kind() != json::Kind::kObject) return {};
  const auto member = body->find(name);
  const bool is_text = member && member->kind() == json::Kind::kString;
  return is_text ? std::string(member->as_string()) : std::string();
}

std::string drain(const http::Response& answer) {
  if (!answer.stream) return answer.body;
  std::string all;
  while (const auto piece = answer.stream()) all += *piece;
  return all;
}

}  // namespace daybook::scenarios
