// Takes passwords, tokens and the like out of texts and JSON: what stands behind a name that says
// so (secret_name.h), and what looks like one (a JWT, a key with a known beginning, a password in a
// URL). What is found becomes kMask. Pure; any thread.
//
// A text that holds nothing costs a look at each of its bytes and nothing else.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace daybook {

constexpr std::string_view kMask = "***";

// The text without its secrets; empty when it holds none. Masking twice changes nothing more.
std::optional<std::string> masked(std::string_view text);

// The same of a JSON value, as minified JSON text, by the names of members at any depth and by the
// texts. `name` is what the value itself is called, or empty.
std::optional<std::string> masked(std::string_view name, const json::Value& value);

}  // namespace daybook
