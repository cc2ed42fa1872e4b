// What this build is.
#pragma once

#include <string>

namespace daybook::cli {

std::string version_number();  // "0.1.0"

}  // namespace daybook::cli
