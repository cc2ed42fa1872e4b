// A state that cannot be: says "BUG: ..." on stderr and aborts. User input never reaches it.
#pragma once

#include <string_view>

namespace daybook {

[[noreturn]] void bug(std::string_view what);

}  // namespace daybook
