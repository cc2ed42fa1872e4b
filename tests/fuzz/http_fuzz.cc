// Any bytes off a socket: a request's head and body are refused or taken apart, the same way
// however they arrive, and targets and compressed bodies stay within what their headers promise.
#include <algorithm>
#include <cstdint>
#include <string>

#include "base/bug.h"
#include "base/text.h"
#include "http/content_coding.h"
#include "http/wire.h"

namespace {

using daybook::http::Body;
using daybook::http::Request;
using daybook::http::RequestParser;

struct Outcome {
  std::string body;
  bool is_ok = true;
  bool is_done = false;

  bool operator==(const Outcome&) const = default;
};

void check_target(const daybook::http::Target& target) {
  if (!target.path.starts_with('/')) daybook::bug("a path without its slash");
  if (target.path.find('\0') != std::string::npos) daybook::bug("a path with NUL");
  if (daybook::find_invalid_utf8(target.path) != std::string::npos)
    daybook::bug("a path in no UTF-8");
  for (const auto segment : daybook::split(target.path, '/')) {
    if (segment == "." || segment == "..") daybook::bug("a path with dot segments");
  }
}

// The body behind a head, given in pieces of some size.
Outcome read_body(RequestParser& parser, std::string_view bytes, std::size_t piece) {
  Outcome outcome;
  std::string in;
  while (!bytes.empty() && outcome.is_ok && !parser.is_done()) {
    in.append(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    std::string_view rest = in;
    outcome.is_ok = parser.parse_body(rest, outcome.body).ok();
    in.erase(0, in.size() - rest.size());
  }
  outcome.is_done = outcome.is_ok && parser.is_done();
  return outcome;
}

void unpack(const std::string& packed, std::string_view coding) {
  constexpr std::size_t kMost = 1 << 20;
  const auto body = daybook::http::unpacked(daybook::http::body_of(packed), coding);
  const auto all = body->read_all(kMost);
  if (all.ok() && all->size() > kMost) daybook::bug("more was unpacked than asked for");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto target = daybook::http::parse_target(bytes); target.ok()) check_target(*target);

  const std::size_t head = daybook::http::head_size(bytes);
  if (head == 0) return 0;
  RequestParser whole;
  RequestParser pieces;
  Request request;
  if (!whole.parse_head(bytes.substr(0, head), request).ok()) return 0;
  check_target(request.target);
  if (!pieces.parse_head(bytes.substr(0, head), request).ok())
    daybook::bug("two minds about a head");
  const Outcome at_once = read_body(whole, bytes.substr(head), size);
  if (at_once != read_body(pieces, bytes.substr(head), 1))
    daybook::bug("a body depends on its pieces");
  unpack(at_once.body, "gzip");
  unpack(at_once.body, "zstd");
  return 0;
}
