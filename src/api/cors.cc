#include "api/cors.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "api/caller.h"
#include "base/text.h"

namespace daybook::api {

namespace {

constexpr std::string_view kMethods = "GET, HEAD, POST, PUT, PATCH, DELETE";
constexpr std::string_view kRequestHeaders =
    "Authorization, Content-Type, Content-Encoding, Idempotency-Key, If-Match, If-None-Match, "
    "Prefer, X-CSRF-Token, X-Request-Id";
constexpr std::string_view kAnswerHeaders =
    "ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id, "
    "Idempotency-Replayed, Preference-Applied";
constexpr std::string_view kKnownFor = "600";  // seconds

enum class Page { kStrange, kMaySend, kMaySendCookies };

Page page_of(std::string_view origin, Engine& engine, const Options& options) {
  if (std::ranges::find(options.origins, origin) != options.origins.end()) {
    return Page::kMaySendCookies;
  }
  const auto is_known = engine.credentials().knows_origin(origin, engine.now());
  return is_known.ok() && *is_known ? Page::kMaySend : Page::kStrange;
}

// What lets a page read an answer; false for a page that may not.
bool add_origin(const http::Request& request, Engine& engine, const Options& options,
                http::Response& response) {
  const std::string_view origin = trim(request.headers.get("Origin"));
  if (origin.empty()) return false;
  response.headers.add("Vary", "Origin");
  const Page page = page_of(origin, engine, options);
  if (page == Page::kStrange) return false;
  response.headers.add("Access-Control-Allow-Origin", std::string(origin));
  if (page == Page::kMaySendCookies) {
    response.headers.add("Access-Control-Allow-Credentials", "true");
  }
  return true;
}

void add_if_absent(http::Headers& headers, std::string_view name, std::string_view value) {
  if (!headers.has(name)) headers.add(std::string(name), std::string(value));
}

}  // namespace

bool is_preflight(const http::Request& request) {
  return request.method == http::Method::kOptions && request.headers.has("Origin") &&
         request.headers.has("Access-Control-Request-Method");
}

http::Response answer_preflight(const http::Request& request, Engine& engine,
                                const Options& options) {
  http::Response response;
  response.status = 204;
  if (!add_origin(request, engine, options, response)) return response;
  response.headers.add("Access-Control-Allow-Methods", std::string(kMethods));
  response.headers.add("Access-Control-Allow-Headers", std::string(kRequestHeaders));
  response.headers.add("Access-Control-Max-Age", std::string(kKnownFor));
  return response;
}

void add_browser_headers(const http::Request& request, Engine& engine, const Options& options,
                         http::Response& response) {
  http::Headers& headers = response.headers;
  if (request.headers.has("Origin") && !is_preflight(request) &&
      add_origin(request, engine, options, response)) {
    headers.add("Access-Control-Expose-Headers", std::string(kAnswerHeaders));
  }
  add_if_absent(headers, "X-Content-Type-Options", "nosniff");
  add_if_absent(headers, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  add_if_absent(headers, "Referrer-Policy", "no-referrer");
  add_if_absent(headers, "Cache-Control", "no-store");
  if (client_of(request, options).is_encrypted) {
    add_if_absent(headers, "Strict-Transport-Security", "max-age=31536000");
  }
}

}  // namespace daybook::api
