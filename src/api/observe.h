// What the recorder is told of a request. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/principal.h"
#include "engine/request_recorder.h"
#include "http/message.h"

namespace daybook::api {

// Without a time and a duration. The path is recorded without its query. Sizes are those of the
// bodies, unpacked as far as they are known: not of a streamed answer. `who` is empty when nobody
// could be told.
AnsweredRequest observe(const http::Request& request, const Principal& who,
                        const http::Response& response, std::string_view error_message);

}  // namespace daybook::api
