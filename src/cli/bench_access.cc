#include "cli/bench_access.h"

#include <chrono>
#include <ctime>
#include <string>

#include "base/json.h"
#include "cli/answer.h"
#include "cli/instance.h"
#include "http/message.h"

namespace daybook::cli {

namespace {

constexpr int kRequests = 20'000;
constexpr int kSignIns = 5;
constexpr const char* kKeys = "/api/v1/keys";

http::Request request_of(http::Method method, const std::string& path, const std::string& body) {
  http::Request request;
  request.method = method;
  request.method_text = http::method_name(method);
  request.target_text = path;
  request.target.path = path;
  request.headers.add("Host", "localhost");
  request.headers.add("Content-Type", "application/json");
  request.body = http::body_of(body);
  request.transport = http::Transport::kInProcess;
  return request;
}

Result<http::Response> send(Instance& instance, http::Request request, int status) {
  http::Response response = instance.handle(request);
  if (response.status != status) return error_of(response);
  return response;
}

// Microseconds of a request that does nothing but to say who asks.
Result<double> cost_of_asking(Instance& instance, const std::string& key) {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < kRequests; ++i) {
    http::Request request = request_of(http::Method::kGet, "/api/v1/auth/me", "");
    if (!key.empty()) {
      request.transport = http::Transport::kTcp;
      request.headers.add("Authorization", "Bearer " + key);
    }
    DAYBOOK_TRY(send(instance, std::move(request), 200));
  }
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
  return took.count() / kRequests;
}

Result<double> cost_of_signing_in(Instance& instance) {
  const std::string body = R"({"email":"bench@example.com","password":"a long enough one"})";
  const std::string accounts = instance.engine().own().accounts_of({})->name;
  DAYBOOK_TRY(
      send(instance, request_of(http::Method::kPost, "/api/v1/system/" + accounts, body), 201));
  const std::clock_t begin = std::clock();
  for (int i = 0; i < kSignIns; ++i) {
    DAYBOOK_TRY(send(instance, request_of(http::Method::kPost, "/api/v1/auth/login", body), 200));
  }
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  return seconds * 1000 / kSignIns;
}

}  // namespace

Result<AccessCosts> measure_access(const Settings& settings) {
  const Settings own = settings.with(SettingId::kStore, "memory:");
  DAYBOOK_ASSIGN(const auto opened, Instance::open(own, Narrowing::kRefuse, api_options(own)));
  Instance& instance = *opened;
  const std::string wanted = R"({"name":"bench","application":"system","role":"admin"})";
  DAYBOOK_ASSIGN(const auto made,
                 send(instance, request_of(http::Method::kPost, kKeys, wanted), 201));
  json::Parser parser;
  DAYBOOK_ASSIGN(const json::Value answer, parser.parse(made.body));
  const std::string key(answer.find("key")->as_string());
  AccessCosts costs;
  DAYBOOK_ASSIGN(const double with_key, cost_of_asking(instance, key));
  DAYBOOK_ASSIGN(const double without, cost_of_asking(instance, ""));
  costs.key_microseconds = with_key - without;
  DAYBOOK_ASSIGN(costs.sign_in_milliseconds, cost_of_signing_in(instance));
  return costs;
}

}  // namespace daybook::cli
