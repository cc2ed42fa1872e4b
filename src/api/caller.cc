#include "api/caller.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "base/hash.h"
#include "base/text.h"
#include "engine/sign_in.h"
#include "engine/sign_in_throttle.h"

namespace daybook::api {
namespace {

constexpr std::size_t kMaxRequestId = 128;

// All values of a header that is a list, in order: a proxy may add a line of its own.
std::vector<std::string_view> values_of(const http::Headers& headers, std::string_view lower_name) {
  std::vector<std::string_view> values;
  for (const auto& [name, line] : headers.all()) {
    if (ascii_lower(name) != lower_name) continue;
    for (const std::string_view value : split(line, ',')) values.push_back(trim(value));
  }
  return values;
}

// Whether a proxy says that the request has come through it.
bool is_forwarded(const http::Headers& headers) {
  constexpr std::array<std::string_view, 3> kOfProxies = {"forwarded", "via", "x-real-ip"};
  return std::ranges::any_of(headers.all(), [&](const auto& header) {
    const std::string name = ascii_lower(header.first);
    return name.starts_with("x-forwarded-") ||
           std::ranges::find(kOfProxies, name) != kOfProxies.end();
  });
}

// "localhost:8000" -> "localhost"; "[::1]:8000" -> "[::1]".
std::string_view without_port(std::string_view authority) {
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  return has_port ? authority.substr(0, colon) : authority;
}

bool is_ours(std::string_view authority, const Options& options) {
  const std::string host = ascii_lower(without_port(authority));
  constexpr std::array<std::string_view, 3> kLoopback = {"localhost", "127.0.0.1", "[::1]"};
  return std::ranges::find(kLoopback, host) != kLoopback.end() ||
         std::ranges::find(options.allowed_hosts, host) != options.allowed_hosts.end();
}

Result<void> check_host(const http::Request& request, const Options& options) {
  const std::string_view host = trim(request.headers.get("Host"));
  if (is_ours(host, options)) return {};
  return Error(Code::kForbidden, "this server does not answer to the host '" + std::string(host) +
                                     "'; use localhost, or add it to the allowed hosts");
}

Result<void> check_origin(const http::Request& request, const Options& options) {
  if (!request.headers.has("Origin")) return {};
  std::string_view origin = trim(request.headers.get("Origin"));
  const Error refused(Code::kForbidden,
                      "pages of the origin '" + std::string(origin) + "' may not use this server");
  const std::size_t scheme = origin.find("://");
  if (scheme == std::string_view::npos) return refused;
  if (is_ours(origin.substr(scheme + 3), options)) return {};
  return refused;
}

bool is_sound_id(std::string_view id) {
  return !id.empty() && id.size() <= kMaxRequestId &&
         std::ranges::all_of(id, [](char c) { return c > ' ' && c <= '~'; });
}

bool is_hex(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// "00-<32 hex>-<16 hex>-<2 hex>"; neither id all zero.
std::string_view trace_id(std::string_view traceparent) {
  const auto parts = split(trim(traceparent), '-');
  if (parts.size() < 4 || parts[0].size() != 2 || parts[0] == "ff") return {};
  if (parts[0] == "00" && parts.size() != 4) return {};
  const bool has_form = parts[1].size() == 32 && parts[2].size() == 16 && parts[3].size() == 2 &&
                        is_hex(parts[0]) && is_hex(parts[1]) && is_hex(parts[2]) &&
                        is_hex(parts[3]);
  const auto is_zero = [](std::string_view text) {
    return text.find_first_not_of('0') == std::string_view::npos;
  };
  return has_form && !is_zero(parts[1]) && !is_zero(parts[2]) ? parts[1] : std::string_view();
}

bool is_safe(http::Method method) {
  return method == http::Method::kGet || method == http::Method::kHead ||
         method == http::Method::kOptions;
}

std::string_view bearer_of(const http::Headers& headers) {
  constexpr std::string_view kScheme = "bearer ";
  const std::string_view said = trim(headers.get("Authorization"));
  if (ascii_lower(said.substr(0, kScheme.size())) != kScheme) return {};
  return trim(said.substr(kScheme.size()));
}

std::string_view cookie_of(const http::Headers& headers) {
  for (const std::string_view part : split(headers.get("Cookie"), ';')) {
    const std::string_view pair = trim(part);
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == kSessionCookie) {
      return pair.substr(equals + 1);
    }
  }
  return {};
}

// A browser sends a cookie whichever page asks. What changes something must come from a page of
// ours: the browser says so, or the page shows what only it can know.
Result<void> check_page(const http::Request& request, const Options& options,
                        std::string_view cookie) {
  if (is_safe(request.method)) return {};
  const Error refused(Code::kForbidden,
                      "a request with a cookie must come from a page of this server, or show the "
                      "session's csrf_token as X-CSRF-Token");
  if (request.headers.has("Origin")) {
    const std::string_view origin = trim(request.headers.get("Origin"));
    return is_own_origin(origin, request, options) ? Result<void>() : refused;
  }
  if (request.headers.get("Sec-Fetch-Site") == "same-origin") return {};
  const std::string_view shown = request.headers.get("X-CSRF-Token");
  return is_same_secret(shown, csrf_token(cookie)) ? Result<void>() : refused;
}

// The publishable key of a beacon, which can set no headers.
std::optional<std::string> take_query_key(http::Request& request) {
  auto& query = request.target.query;
  const auto found = std::ranges::find_if(query, [](const auto& pair) {
    return pair.first == "key" && pair.second.starts_with(kPublishablePrefix);
  });
  if (found == query.end()) return std::nullopt;
  std::string key = std::move(found->second);
  query.erase(found);
  return key;
}

// What a key may be used from, and how often one that everybody can read.
Result<void> check_use(const http::Request& request, Engine& engine, const Credential& credential,
                       const std::string& address) {
  const auto& origins = credential.origins;
  const std::string_view origin = trim(request.headers.get("Origin"));
  if (!origins.empty() && std::ranges::find(origins, origin) == origins.end()) {
    return Error(Code::kForbidden, "this key is not for pages of '" + std::string(origin) + "'");
  }
  if (credential.principal.kind != Principal::Kind::kPublishable) return {};
  const std::string name = credential.row + "\n" + network_of(address);
  if (engine.publishable_throttle().wait(name, engine.now())) {
    return Error(Code::kBusy, "this page sends too much; try again in a moment");
  }
  engine.publishable_throttle().take(name, engine.now());
  return {};
}

Result<Principal> principal_with(const http::Request& request, Engine& engine,
                                 const Options& options, std::string_view token) {
  DAYBOOK_ASSIGN(auto credential, engine.credentials().find(token, engine.now()));
  Principal principal = credential->principal;
  principal.address = client_of(request, options).address;
  principal.user_agent = request.headers.get("User-Agent");
  DAYBOOK_TRY(check_use(request, engine, *credential, principal.address));
  principal.credential = std::move(credential);
  return principal;
}

// Nobody; or the operator, while nobody can sign in. What a proxy on this machine passes on comes
// from this machine too, with whatever Host the proxy gives it.
Result<Principal> without_credentials(const http::Request& request, Engine& engine,
                                      const Options& options) {
  Principal principal = nobody_of(request, options);
  DAYBOOK_ASSIGN(const bool is_guarded, engine.credentials().is_guarded(engine.now()));
  if (is_guarded) return principal;
  if (!options.is_loopback) {
    return Error(Code::kUnauthorized,
                 "this server listens beyond its own machine and has no access keys yet");
  }
  if (!http::is_loopback(principal.address) || is_forwarded(request.headers)) {
    return Error(Code::kUnauthorized,
                 "as long as nobody can sign in, this server answers its own machine only, and "
                 "not through a proxy");
  }
  DAYBOOK_TRY(check_host(request, options));
  DAYBOOK_TRY(check_origin(request, options));
  principal.kind = Principal::Kind::kOperator;
  return principal;
}

bool is_trusted(std::string_view address, const Options& options) {
  return std::ranges::any_of(options.trusted_proxies,
                             [&](const http::Network& network) { return network.holds(address); });
}

}  // namespace

Result<Principal> principal_of(http::Request& request, Engine& engine, const Options& options) {
  Principal principal;
  principal.user_agent = request.headers.get("User-Agent");
  if (request.transport != http::Transport::kTcp) return principal;
  if (request.headers.has("Authorization")) {
    const std::string_view token = bearer_of(request.headers);
    const bool is_cookie = token.starts_with(kCookiePrefix);
    return principal_with(request, engine, options, is_cookie ? std::string_view() : token);
  }
  if (const auto key = take_query_key(request)) {
    return principal_with(request, engine, options, *key);
  }
  if (const std::string_view cookie = cookie_of(request.headers);
      cookie.starts_with(kCookiePrefix)) {
    DAYBOOK_TRY(check_page(request, options, cookie));
    return principal_with(request, engine, options, cookie);
  }
  return without_credentials(request, engine, options);
}

Principal nobody_of(const http::Request& request, const Options& options) {
  Principal nobody;
  nobody.kind = Principal::Kind::kNobody;
  nobody.address = client_of(request, options).address;
  nobody.user_agent = request.headers.get("User-Agent");
  return nobody;
}

Result<Principal> publishable_of(const http::Request& request, Engine& engine,
                                 const Options& options, std::string_view application) {
  Principal principal = nobody_of(request, options);
  const std::string_view origin = trim(request.headers.get("Origin"));
  if (origin.empty()) return principal;
  DAYBOOK_ASSIGN(auto key,
                 engine.credentials().find_publishable(application, origin, engine.now()));
  if (!key) return principal;
  DAYBOOK_TRY(check_use(request, engine, *key, principal.address));
  Principal page = key->principal;
  page.address = std::move(principal.address);
  page.user_agent = std::move(principal.user_agent);
  page.credential = std::move(key);
  return page;
}

Client client_of(const http::Request& request, const Options& options) {
  Client client{request.remote_address, request.is_encrypted};
  if (!is_trusted(client.address, options)) return client;
  // Each proxy adds whom it heard from, and how, at the end: the last that is none of ours is the
  // client.
  const auto schemes = values_of(request.headers, "x-forwarded-proto");
  client.is_encrypted = !schemes.empty() && ascii_lower(schemes.back()) == "https";
  const auto hops = values_of(request.headers, "x-forwarded-for");
  for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
    const std::string address = http::address_in(*hop);
    if (address.empty()) break;
    client.address = address;
    if (!is_trusted(address, options)) break;
  }
  return client;
}

bool is_own_origin(std::string_view origin, const http::Request& request, const Options& options) {
  if (std::ranges::find(options.origins, origin) != options.origins.end()) return true;
  const std::string_view host = trim(request.headers.get("Host"));
  if (host.empty()) return false;
  const std::string page = ascii_lower(origin);
  if (page == "https://" + ascii_lower(host)) return true;
  // A page that came unprotected may be anybody's. A proxy that speaks TLS and is not known to us
  // makes the page of an unprotected request protected, never the other way round.
  return page == "http://" + ascii_lower(host) && !client_of(request, options).is_encrypted;
}

std::string request_id(const http::Headers& headers) {
  const std::string_view given = headers.get("X-Request-Id");
  if (is_sound_id(given)) return std::string(given);
  const std::string_view trace = trace_id(headers.get("traceparent"));
  if (!trace.empty()) return std::string(trace);
  std::string bytes(16, '\0');
  random_bytes(bytes.data(), bytes.size());
  return hex(bytes);
}

}  // namespace daybook::api
