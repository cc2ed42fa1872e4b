// Progress: a bar on stderr for long work, drawn a few times a second and only for people. One
// thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "cli/terminal.h"

namespace daybook::cli {

class Progress {
 public:
  // `total` in whatever unit at() counts; 0 when nobody knows.
  Progress(Terminal& terminal, std::string what, std::uint64_t total);

  void at(std::uint64_t done, std::uint64_t rows);
  std::chrono::duration<double> elapsed() const;

 private:
  using Moment = std::chrono::steady_clock::time_point;

  Terminal& terminal_;
  const std::string what_;
  const std::uint64_t total_;
  const Moment begun_;
  Moment drawn_;
};

// "6,000".
std::string grouped(std::uint64_t number);
// "1 row", "2,000 rows".
std::string counted(std::uint64_t number, std::string_view thing);
// "1.4 MiB".
std::string bytes_text(std::uint64_t bytes);

}  // namespace daybook::cli
