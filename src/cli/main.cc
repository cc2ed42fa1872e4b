#include <malloc.h>

#include <cstdlib>
#include <exception>

#include "cli/command.h"

namespace {

// By itself the allocator of glibc gives many threads a heap each, and what one has freed no other
// takes: the process would hold the peaks of all of them together. And it takes ever larger pieces
// from its heaps, which hold on to what lies below the last that is in use.
void hold_little_memory() {
#ifdef M_ARENA_MAX
  constexpr int kReturnedWhenFreed = 256 << 10;
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_MMAP_THRESHOLD, kReturnedWhenFreed);
#endif
}

}  // namespace

// The only catch-all of the command line: what arrives here is a fault of ours.
int main(int argc, char** argv) {
  hold_little_memory();
  daybook::cli::Terminal terminal = daybook::cli::Terminal::of_process();
  try {
    const auto environment = [](const std::string& name) -> std::optional<std::string> {
      const char* value = std::getenv(name.c_str());
      if (value == nullptr) return std::nullopt;
      return value;
    };
    return daybook::cli::run(std::vector<std::string>(argv + 1, argv + argc), terminal,
                             environment);
  } catch (const std::exception& fault) {
    terminal.complain(daybook::Error(daybook::Code::kInternal, fault.what()));
  } catch (...) {
    terminal.complain(daybook::Error(daybook::Code::kInternal, "an unknown exception"));
  }
  return 1;
}
