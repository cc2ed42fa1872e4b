// Persons in texts that programs write, such as the paths of requests: e-mail addresses, and query
// strings, which may hold anything. Pure; any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace daybook {

// The text with something else for each e-mail address in it, also where its @ is written %40. What
// replaces one is asked for the address with its @.
std::string replace_mails(std::string_view text,
                          const std::function<std::string(const std::string&)>& replacement);

// A path or a URL without what follows ? or #; any other text as it is.
std::string_view without_query(std::string_view text);

}  // namespace daybook
