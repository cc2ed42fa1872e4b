#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/text.h"

namespace daybook::cli {

namespace {

// Problems of one error that are worth a person's reading; the rest is a number.
constexpr std::size_t kShownProblems = 20;

bool wants_colors() {
  const char* none = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return !(none != nullptr && *none != '\0') &&
         !(term != nullptr && std::string_view(term) == "dumb");
}

std::size_t terminal_width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20) return size.ws_col;
  return 80;
}

std::string problem_line(const Problem& problem) {
  std::string line = "  ";
  if (problem.item) line += "item " + std::to_string(*problem.item) + " ";
  if (!problem.pointer.empty()) line += problem.pointer + " ";
  return line + problem.detail;
}

}  // namespace

Terminal Terminal::of_process() {
  Look look;
  look.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  look.is_interactive = isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
  look.has_colors = look.out_is_terminal && wants_colors();
  look.width = terminal_width();
  return Terminal(stdout, stderr, look);
}

void Terminal::print(std::string_view text) {
  if (write_error_ != 0) return;
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), out_) != text.size()) write_error_ = errno;
}

void Terminal::erase_line() {
  if (!is_drawn_) return;
  std::fputs("\r\033[K", err_);
  is_drawn_ = false;
}

void Terminal::say(std::string_view line) {
  if (look_.is_quiet) return;
  erase_line();
  std::fprintf(err_, "%.*s\n", static_cast<int>(line.size()), line.data());
  std::fflush(err_);
}

void Terminal::complain(const Error& error) {
  erase_line();
  std::fprintf(err_, "daybook: %s\n", error.message().c_str());
  const auto& problems = error.problems();
  for (std::size_t i = 0; i < problems.size() && i < kShownProblems; ++i) {
    std::fprintf(err_, "%s\n", problem_line(problems[i]).c_str());
  }
  if (problems.size() > kShownProblems) {
    std::fprintf(err_, "  and %zu more\n", problems.size() - kShownProblems);
  }
  if (!error.cause().empty()) std::fprintf(err_, "  because: %s\n", error.cause().c_str());
  std::fflush(err_);
}

void Terminal::draw(std::string_view line) {
  if (!look_.is_interactive || look_.is_quiet) return;
  const std::string_view shown = utf8_prefix(line, look_.width - 1);
  std::fprintf(err_, "\r\033[K%.*s", static_cast<int>(shown.size()), shown.data());
  std::fflush(err_);
  is_drawn_ = true;
}

Result<void> Terminal::confirm(std::string_view question, bool yes) {
  if (yes) return {};
  if (!look_.is_interactive) {
    return Error(Code::kInvalid, std::string(question) + " Nobody is here to ask: say --yes");
  }
  erase_line();
  std::fprintf(err_, "%.*s [y/N] ", static_cast<int>(question.size()), question.data());
  std::fflush(err_);
  char answer[16] = {};
  if (std::fgets(answer, sizeof answer, stdin) != nullptr &&
      (answer[0] == 'y' || answer[0] == 'Y')) {
    return {};
  }
  return Error(Code::kInvalid, "nothing was changed");
}

Result<void> Terminal::finish() {
  erase_line();
  errno = 0;
  if (std::fflush(out_) != 0 && write_error_ == 0) write_error_ = errno;
  if (write_error_ == 0) return {};
  return Error(Code::kUnavailable,
               std::string("cannot write to stdout: ") + std::strerror(write_error_));
}

std::string Terminal::bold(std::string_view text) const {
  if (!look_.has_colors) return std::string(text);
  return "\033[1m" + std::string(text) + "\033[0m";
}

}  // namespace daybook::cli
