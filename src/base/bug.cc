#include "base/bug.h"

#include <cstdio>
#include <cstdlib>

namespace daybook {

void bug(std::string_view what) {
  std::fprintf(stderr, "BUG: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

}  // namespace daybook
