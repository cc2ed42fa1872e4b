#include "api/request_limits.h"

#include <charconv>
#include <string>
#include <string_view>

#include "api/respond.h"
#include "base/bug.h"
#include "base/text.h"

namespace daybook::api {

namespace {

using Kind = Principal::Kind;

// The server reads no larger head and, before a worker has it, no larger body.
constexpr RequestLimits kMember = {32u << 10, 16u << 20, true, std::nullopt, std::nullopt};
constexpr RequestLimits kStranger = {8u << 10, 64u << 10, false, std::chrono::seconds(10),
                                     std::chrono::seconds(2)};

std::size_t head_of(const http::Request& request) {
  std::size_t size = request.target_text.size();
  for (const auto& [name, value] : request.headers.all()) size += name.size() + value.size();
  return size;
}

std::size_t announced_body(const http::Request& request) {
  const std::string_view text = trim(request.headers.get("Content-Length"));
  std::size_t size = 0;
  std::from_chars(text.data(), text.data() + text.size(), size);
  return size;
}

std::string kibibytes(std::size_t bytes) { return std::to_string(bytes >> 10) + " KiB"; }

}  // namespace

RequestLimits limits_of(const Principal& principal) {
  switch (principal.kind) {
    case Kind::kOperator:
    case Kind::kUser:
    case Kind::kKey:
      return kMember;
    case Kind::kNobody:
    case Kind::kPublishable:
      return kStranger;
  }
  bug("a principal of no kind");
}

std::optional<http::Response> refuse_large(const http::Request& request,
                                           const Principal& principal) {
  const RequestLimits limits = limits_of(principal);
  if (head_of(request) > limits.head) {
    return problem(problem_type(431),
                   "without a key or session of one's own the head of a request holds at most " +
                       kibibytes(limits.head),
                   request.path());
  }
  if (!limits.may_stream && announced_body(request) > limits.body) {
    return problem(
        problem_type(413),
        "without a key or session of one's own a body holds at most " + kibibytes(limits.body),
        request.path());
  }
  return std::nullopt;
}

}  // namespace daybook::api
