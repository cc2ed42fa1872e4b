// Lines of an Input, with their numbers. One thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "cli/input.h"

namespace daybook::cli {

// Longer ones are given cut, so that a file without line ends does not fill the memory. A row holds
// at most a MiB, so no good line is cut.
constexpr std::size_t kMaxLineBytes = 4u << 20;

class Lines {
 public:
  explicit Lines(Input& input) : input_(input) {}

  // The next line without its end ("\n" or "\r\n"); false after the last.
  Result<bool> next(std::string& line);
  // Of the line last given, from 1.
  std::uint64_t number() const { return number_; }

 private:
  Input& input_;
  std::string buffer_;
  std::size_t begin_ = 0;
  std::uint64_t number_ = 0;
  bool at_end_ = false;
};

}  // namespace daybook::cli
