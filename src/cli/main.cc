#include <cstdlib>
#include <exception>

#include "base/heap.h"
#include "cli/command.h"

// The only catch-all of the command line: what arrives here is a fault of ours.
int main(int argc, char** argv) {
  daybook::hold_little_memory();
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
