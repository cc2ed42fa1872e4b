#include "api/api.h"

#include <chrono>
#include <optional>
#include <utility>

#include "api/call.h"
#include "api/caller.h"
#include "api/cors.h"
#include "api/metrics.h"
#include "api/negotiate.h"
#include "api/observe.h"
#include "api/request_limits.h"
#include "api/respond.h"
#include "api/routes.h"
#include "base/bug.h"
#include "base/log.h"
#include "base/text.h"
#include "http/router.h"

namespace daybook::api {
namespace {

using http::Method;

// A route as it is dispatched: of one of the tables, or of the catalog.
struct Bound {
  Method method;
  std::string path;
  Endpoint endpoint;
  Access access;
  Offers offers;
  std::optional<Declared> declared;
};

http::Pattern parse_pattern(std::string_view path) {
  auto pattern = http::Pattern::parse(path);
  if (!pattern.ok()) bug("a route that is no pattern: " + std::string(path));
  return *std::move(pattern);
}

Bound bind(const RouteRow& row) {
  return {row.method, std::string(row.path), row.endpoint, row.access, row.offers, std::nullopt};
}

Bound bind(const Application& application, const Route& route, Endpoint endpoint) {
  const bool is_list = route.action == Route::Action::kList;
  return {http::parse_method(route.method),
          route.path,
          endpoint,
          Access::kRead,
          is_list ? Offers::kRows : Offers::kJson,
          Declared{&application, &route, parse_pattern(route.path).names()}};
}

// All routes in the order of precedence, and the two steps of finding one: literal and declared
// routes first, then the generic ones, whose {app} stands for declared names only.
class RouteMap {
 public:
  explicit RouteMap(const Catalog& catalog) : catalog_(catalog) {
    for (const RouteRow& row : literal_routes()) add(first_, bind(row));
    for (const auto& [name, application] : catalog.applications()) {
      for (const Route& route : application.routes) {
        const Endpoint endpoint = declared_endpoint(route.action);
        if (endpoint != nullptr) add(first_, bind(application, route, endpoint));
      }
    }
    generic_begin_ = routes_.size();
    for (const RouteRow& row : generic_routes()) add(generic_, bind(row));
  }

  struct Found {
    std::size_t index;
    std::vector<std::string> parameters;
  };
  // The route, or the methods that the path takes (none: no such path).
  std::variant<Found, std::vector<Method>> find(Method method, std::string_view path) const {
    auto first = first_.find(method, path);
    if (auto* match = std::get_if<http::Router::Match>(&first)) {
      return Found{match->route, std::move(match->parameters)};
    }
    auto allowed = std::get<http::Router::Miss>(first).allowed;
    if (!names_application(path)) return allowed;
    auto generic = generic_.find(method, path);
    if (auto* match = std::get_if<http::Router::Match>(&generic)) {
      return Found{generic_begin_ + match->route, std::move(match->parameters)};
    }
    const auto& more = std::get<http::Router::Miss>(generic).allowed;
    allowed.insert(allowed.end(), more.begin(), more.end());
    return allowed;
  }

  const Bound& at(std::size_t index) const { return routes_[index]; }
  const std::vector<Bound>& all() const { return routes_; }

  // Whose a path is, and the route that it met, without ids.
  struct Owned {
    std::string application, route;
  };
  Owned owned(std::size_t index, std::string_view path) const {
    const auto parts = split(path, '/');
    const bool names_one = names_application(path);
    if (index >= routes_.size()) {
      if (!names_one) return {};
      return {std::string(parts[3]), "/api/v1/" + std::string(parts[3]) + "/*"};
    }
    const Bound& bound = routes_[index];
    if (bound.declared) return {bound.declared->application->name, bound.path};
    if (index < generic_begin_) return {"", bound.path};
    std::string route = bound.path;
    replace(route, "{app}", parts[3]);
    const Application* application = catalog_.find(parts[3]);
    if (application->find(parts[4]) != nullptr) replace(route, "{collection}", parts[4]);
    return {application->name, std::move(route)};
  }

  // Why there is nothing at a path, with what may have been meant.
  std::string missing(std::string_view path) const {
    std::string message = "there is nothing at " + std::string(path);
    const auto parts = split(path, '/');
    if (parts.size() > 4 && parts[1] == "api" && catalog_.find(parts[3]) == nullptr) {
      std::vector<std::string> names;
      for (const auto& [name, application] : catalog_.applications()) names.push_back(name);
      const auto near = nearest(parts[3], names);
      if (near)
        return message + "; did you mean '" + *near + "' by '" + std::string(parts[3]) + "'?";
    }
    std::vector<std::string> paths;
    for (const Bound& bound : routes_) paths.push_back(bound.path);
    if (const auto near = nearest(path, paths)) message += "; did you mean " + *near + "?";
    return message;
  }

 private:
  static void replace(std::string& route, std::string_view name, std::string_view by) {
    const std::size_t at = route.find(name);
    if (at != std::string::npos) route.replace(at, name.size(), by);
  }

  void add(http::Router& router, Bound bound) {
    router.add(bound.method, parse_pattern(bound.path));
    routes_.push_back(std::move(bound));
  }

  bool names_application(std::string_view path) const {
    const auto parts = split(path, '/');
    return parts.size() > 4 && catalog_.find(parts[3]) != nullptr;
  }

  const Catalog& catalog_;
  std::vector<Bound> routes_;
  http::Router first_, generic_;
  std::size_t generic_begin_ = 0;
};

std::vector<Metrics::RouteLabel> labels_of(const RouteMap& routes) {
  std::vector<Metrics::RouteLabel> labels;
  for (const Bound& bound : routes.all()) {
    labels.push_back({std::string(http::method_name(bound.method)), bound.path});
  }
  labels.push_back({"", "none"});  // what no route took
  return labels;
}

// "12.345"
std::string milliseconds_text(std::chrono::steady_clock::duration elapsed) {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(elapsed).count();
  const std::string fraction = std::to_string(1000 + us % 1000);
  return std::to_string(us / 1000) + "." + fraction.substr(1);
}

bool is_of_no_collection(Access access) {
  return access == Access::kSignedIn || access == Access::kObserve || access == Access::kOperate ||
         access == Access::kAdminister;
}

// The application whose quotas a request is counted by: the principal's own, else that of the
// route.
std::string asked_application(const Principal& principal, const Bound& bound,
                              const std::vector<std::string>& parameters) {
  if (!principal.application.empty()) return principal.application;
  if (bound.declared) return bound.declared->application->name;
  return parameters.empty() ? std::string() : parameters[0];
}

std::int64_t whole_seconds(Duration duration) {
  return std::chrono::ceil<std::chrono::seconds>(duration).count();
}

// RateLimit header fields for HTTP (draft-ietf-httpapi-ratelimit-headers).
void add_quotas(const std::vector<Quotas::Left>& quotas, http::Headers& headers) {
  std::string policies, limits;
  for (const Quotas::Left& one : quotas) {
    const std::string name = (policies.empty() ? "\"" : ", \"") + std::string(one.of) + '"';
    policies += name + ";q=" + std::to_string(one.quota) +
                ";w=" + std::to_string(whole_seconds(one.window));
    limits += name + ";r=" + std::to_string(one.left) +
              ";t=" + std::to_string(whole_seconds(one.until_reset));
  }
  if (policies.empty()) return;
  headers.add("RateLimit-Policy", std::move(policies));
  headers.add("RateLimit", std::move(limits));
}

http::Response quota_spent(const Error& error, Duration until_reset, std::string_view path) {
  http::Response response = problem(error, path);
  response.headers.set("Retry-After", std::to_string(whole_seconds(until_reset)));
  return response;
}

void log_fault(const http::Request& request, const std::string& id, const Error& error) {
  const int status = problem_type(error.code()).status;
  if (status < 500) return;
  log(LogLevel::kError, "request failed",
      {{"request_id", id},
       {"method", request.method_text},
       {"path", request.target.path},
       {"status", std::to_string(status)},
       {"detail", error.message()},
       {"cause", error.cause()}});
}

// What took too long is the question, or the client with its body.
http::Response refused(const Error& error, const http::Request& request) {
  if (!request.body->is_late()) return problem(error, request.path());
  return problem(problem_type(408), error.message(), request.path());
}

}  // namespace

struct Api::State {
  State(Engine& engine_given, Options options_given)
      : engine(engine_given),
        options(std::move(options_given)),
        routes(engine.catalog()),
        metrics(labels_of(routes), engine.catalog(), engine.now()),
        recorder(engine) {
    if (options.records_requests) recorder.start();
  }

  // The answer, and the index of the route for the metrics; `who` becomes who asks, once that is
  // known.
  std::pair<Result<http::Response>, std::size_t> dispatch(http::Request& request, Principal& who);
  Result<http::Response> call(http::Request& request, Principal principal, RouteMap::Found found);
  Result<http::Response> within_quotas(Call& call, const Bound& bound,
                                       const std::string& application);
  Result<http::Response> miss(const http::Request& request, const Principal& principal,
                              const std::vector<Method>& allowed) const;
  // What holds for a principal before any endpoint: rights that are of no collection.
  Result<void> admit(http::Request& request, const Bound& bound, Principal& principal);
  bool is_recorded(const http::Request& request) const {
    return options.records_requests && recorder.wants(request.path());
  }
  void record(AnsweredRequest answered, Metrics::Elapsed elapsed) {
    answered.milliseconds = std::chrono::duration<double, std::milli>(elapsed).count();
    answered.at = engine.now() - std::chrono::duration_cast<Duration>(elapsed);
    recorder.record(std::move(answered));
  }

  Engine& engine;
  const Options options;
  const RouteMap routes;
  Metrics metrics;
  Gate reading_memory{kReadingMemory};
  RequestRecorder recorder;
};

std::pair<Result<http::Response>, std::size_t> Api::State::dispatch(http::Request& request,
                                                                    Principal& who) {
  const std::size_t none = routes.all().size();
  if (is_preflight(request)) return {answer_preflight(request, engine, options), none};
  auto principal = principal_of(request, engine, options);
  auto found = routes.find(request.method, request.path());
  auto* route = std::get_if<RouteMap::Found>(&found);
  const bool is_public = route != nullptr && routes.at(route->index).access == Access::kPublic;
  // With a session that is over one can still sign in.
  if (!principal.ok() && is_public && principal.error().code() == Code::kUnauthorized) {
    principal = nobody_of(request, options);
  }
  if (!principal.ok()) return {principal.error(), none};
  who = *principal;
  if (route != nullptr) {
    const std::size_t index = route->index;
    return {call(request, *std::move(principal), std::move(*route)), index};
  }
  return {miss(request, *principal, std::get<std::vector<Method>>(found)), none};
}

// No route takes the request. Strangers are not told what there is.
Result<http::Response> Api::State::miss(const http::Request& request, const Principal& principal,
                                        const std::vector<Method>& allowed) const {
  if (principal.kind == Principal::Kind::kNobody) return may(principal, Access::kSignedIn).error();
  if (allowed.empty()) return Error(Code::kNotFound, routes.missing(request.path()));
  if (request.method == Method::kOptions) {
    http::Response response;
    response.status = 204;
    response.headers.add("Allow", allow_header(allowed));
    return response;
  }
  return method_not_allowed(
      allowed, request.method_text + " is not for " + std::string(request.path()), request.path());
}

Result<void> Api::State::admit(http::Request& request, const Bound& bound, Principal& principal) {
  if (bound.access == Access::kPublic) return {};
  if (principal.kind == Principal::Kind::kNobody && bound.declared) {
    DAYBOOK_ASSIGN(principal,
                   publishable_of(request, engine, options, bound.declared->application->name));
  }
  if (principal.kind == Principal::Kind::kNobody) return may(principal, Access::kSignedIn);
  if (bound.declared) {
    DAYBOOK_TRY(may_call(principal, *bound.declared->application, *bound.declared->route));
  } else if (is_of_no_collection(bound.access)) {
    DAYBOOK_TRY(may(principal, bound.access));
  }
  // A page's beacon can send nothing but text without asking first.
  const bool is_text = request.headers.get("Content-Type").starts_with("text/plain");
  if (is_text && principal.kind == Principal::Kind::kPublishable) {
    request.headers.set("Content-Type", "application/json");
  }
  return {};
}

Result<http::Response> Api::State::call(http::Request& request, Principal principal,
                                        RouteMap::Found found) {
  const Bound& bound = routes.at(found.index);
  if (bound.offers == Offers::kJson && !accepts(request.headers, "application/json")) {
    return problem(problem_type(406), "this route answers with application/json", request.path());
  }
  DAYBOOK_TRY(admit(request, bound, principal));
  if (auto refusal = refuse_large(request, principal)) return *std::move(refusal);
  if (const auto time = limits_of(principal).body_time) request.body->limit_time(*time);
  const std::string application = asked_application(principal, bound, found.parameters);
  Call endpoint_call{request,
                     engine,
                     options,
                     principal,
                     metrics,
                     reading_memory,
                     bound.access,
                     std::move(found.parameters),
                     bound.declared ? &*bound.declared : nullptr,
                     options.records_requests ? &recorder : nullptr};
  auto response = within_quotas(endpoint_call, bound, application);
  if (!response.ok()) return response;
  // Nothing that was done is undone by what cannot be told of it.
  const auto left = engine.quotas().left(application, principal.tenant, engine.now());
  if (left.ok()) add_quotas(*left, response->headers);
  return response;
}

// The answer, also of who is told that a quota is spent: an endpoint counts those of the day.
Result<http::Response> Api::State::within_quotas(Call& call, const Bound& bound,
                                                 const std::string& application) {
  const Instant now = engine.now();
  const std::string_view path = call.request.path();
  DAYBOOK_ASSIGN(const bool may_ask,
                 engine.quotas().count_request(application, call.principal.tenant, now));
  if (!may_ask) {
    return quota_spent(Error(Code::kBusy, "the tenant's requests of this minute are spent"),
                       Quotas::rest_of_minute(now), path);
  }
  auto response = bound.endpoint(call);
  if (response.ok() || response.error().code() != Code::kBusy) return response;
  return quota_spent(response.error(), Quotas::rest_of_day(now), path);
}

Api::Api(Engine& engine, Options options)
    : state_(std::make_unique<State>(engine, std::move(options))) {}

Api::~Api() = default;

http::Response Api::handle(http::Request& request) {
  const auto begin = std::chrono::steady_clock::now();
  const std::string id = request_id(request.headers);
  Principal who;
  auto [result, route] = state_->dispatch(request, who);
  if (!result.ok() && !request.body->is_late()) log_fault(request, id, result.error());
  const std::string trouble = result.ok() ? std::string() : result.error().message();
  http::Response response = result.ok() ? *std::move(result) : refused(result.error(), request);
  response.headers.set("X-Request-Id", id);
  add_browser_headers(request, state_->engine, state_->options, response);
  const auto elapsed = std::chrono::steady_clock::now() - begin;
  response.headers.set("Server-Timing", "total;dur=" + milliseconds_text(elapsed));
  state_->metrics.count_request(route, response.status, elapsed);
  if (state_->is_recorded(request)) {
    AnsweredRequest answered = observe(request, who, response, trouble);
    auto owned = state_->routes.owned(route, request.path());
    answered.application = std::move(owned.application);
    answered.route = std::move(owned.route);
    state_->record(std::move(answered), elapsed);
  }
  return response;
}

http::Response Api::refuse(int status, const std::string& detail) {
  return problem(problem_type(status), detail, {});
}

}  // namespace daybook::api
