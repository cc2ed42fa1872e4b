#include "api/caller.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/hash.h"
#include "base/text.h"

namespace daybook::api {
namespace {

constexpr std::size_t kMaxRequestId = 128;

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

}  // namespace

Result<Principal> principal_of(const http::Request& request, const Options& options) {
  Principal principal;
  principal.address = request.remote_address;
  principal.user_agent = request.headers.get("User-Agent");
  if (request.transport != http::Transport::kTcp) return principal;
  if (!options.is_loopback) {
    return Error(Code::kUnauthorized,
                 "this server listens beyond its own machine and has no access keys yet");
  }
  DAYBOOK_TRY(check_host(request, options));
  DAYBOOK_TRY(check_origin(request, options));
  return principal;
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
