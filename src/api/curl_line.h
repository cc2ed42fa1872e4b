// A line that calls a route, to be copied. Pure.
#pragma once

#include <string>
#include <string_view>

#include "api/described.h"

namespace daybook::api {

// `server` as in "http://127.0.0.1:8000".
std::string curl_line(const DescribedRoute& route, std::string_view server);

}  // namespace daybook::api
