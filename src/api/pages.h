// The files of api/pages/, built into the binary.
#pragma once

#include <string_view>

namespace daybook::api {

// A file that is there; any other name is a bug.
std::string_view page_file(std::string_view name);

}  // namespace daybook::api
