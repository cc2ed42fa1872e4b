// Answers read back: a problem+json body becomes the Error it was made from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "http/message.h"

namespace daybook::cli {

// Of an answer with a status of 400 or more; also when the body is no problem document.
Error error_of(const http::Response& response);

// The text of an object's member; empty when it has none.
std::string text_of(const json::Value& object, std::string_view name);
// The whole number of an object's member; 0 when it has none.
std::uint64_t number_of(const json::Value& object, std::string_view name);

}  // namespace daybook::cli
