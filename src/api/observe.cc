#include "api/observe.h"

#include <charconv>
#include <optional>

namespace daybook::api {
namespace {

std::optional<std::uint64_t> content_length(const http::Headers& headers) {
  const std::string_view text = headers.get("Content-Length");
  std::uint64_t length = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), length);
  const bool is_number = failure == std::errc() && end == text.data() + text.size();
  return is_number ? std::optional(length) : std::nullopt;
}

}  // namespace

AnsweredRequest observe(const http::Request& request, const Principal& who,
                        const http::Response& response, std::string_view error_message) {
  AnsweredRequest answered;
  answered.endpoint = request.path();
  if (request.method != http::Method::kOther) answered.method = request.method_text;
  answered.user_id = who.id;
  answered.address = who.address.empty() ? request.remote_address : who.address;
  answered.user_agent = request.headers.get("User-Agent");
  answered.referer = request.headers.get("Referer");
  answered.error_message = error_message;
  answered.status = response.status;
  answered.request_bytes = content_length(request.headers);
  if (!response.stream) answered.response_bytes = response.body.size();
  return answered;
}

}  // namespace daybook::api
