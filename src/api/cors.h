// Pages of other origins (CORS, the Fetch standard), and what every answer tells browsers not to
// do.
#pragma once

#include "api/api.h"
#include "engine/engine.h"
#include "http/message.h"

namespace daybook::api {

// Whether a request only asks what a page of another origin may send.
bool is_preflight(const http::Request& request);
// The answer to that: what it may, or nothing when its origin is none that a key or a setting
// names.
http::Response answer_preflight(const http::Request& request, Engine& engine,
                                const Options& options);

// Lets the page of the request read the answer when it may, and keeps browsers from guessing types,
// framing and storing it.
void add_browser_headers(const http::Request& request, Engine& engine, const Options& options,
                         http::Response& response);

}  // namespace daybook::api
