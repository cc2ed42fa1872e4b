// Who sends a request, and under which id it is known: from the connection and the headers. Pure
// but for the making of ids.
#pragma once

#include <string>

#include "api/api.h"
#include "base/result.h"
#include "engine/principal.h"
#include "http/message.h"

namespace daybook::api {

// The principal of a request. While no access key exists that is the machine's own operator; over
// TCP only when the server listens on loopback and the request names it as such: Host and Origin
// keep pages of other sites out (DNS rebinding). kForbidden or kUnauthorized otherwise.
Result<Principal> principal_of(const http::Request& request, const Options& options);

// X-Request-Id when it is sound, else the trace id of a valid traceparent (W3C Trace Context), else
// a new one.
std::string request_id(const http::Headers& headers);

}  // namespace daybook::api
