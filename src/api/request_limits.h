// How much a request may carry and how long it may take, by who sends it: strangers send passwords,
// pages small rows, and no worker waits long for what they send slowly. The server's own limits
// (http/server.h) hold for all: that of a head's time too, for nobody is known before it was read.
#pragma once

#include <cstddef>
#include <optional>

#include "base/time.h"
#include "engine/principal.h"
#include "http/message.h"

namespace daybook::api {

struct RequestLimits {
  std::size_t head;  // bytes of the target, of headers' names and of their values
  std::size_t body;  // bytes of a body that is read whole, after unpacking
  bool may_stream;   // NDJSON without an end
  // Of a body, from its head on, and no less than the server gives a small one (small_body_time).
  // None: as long as its pace earns.
  std::optional<Duration> body_time;
  std::optional<Duration> question_time;  // where the setting query-time gives more
};
RequestLimits limits_of(const Principal& principal);

// The refusal of a request that is too large for its sender, as far as its head tells.
std::optional<http::Response> refuse_large(const http::Request& request,
                                           const Principal& principal);

}  // namespace daybook::api
