// Terminal: where a command's words go. Data to stdout, messages to stderr; whether a person
// watches decides on colours, progress bars and questions.
//
// One thread. Does not own the files.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "base/result.h"

namespace daybook::cli {

class Terminal {
 public:
  struct Look {
    bool is_interactive = false;  // a person sees stderr and may answer on stdin
    bool out_is_terminal = false;
    bool has_colors = false;
    bool is_quiet = false;  // messages that are no errors are left out
    std::size_t width = 80;
  };

  Terminal(std::FILE* out, std::FILE* err, Look look) : out_(out), err_(err), look_(look) {}

  // Of this process: NO_COLOR, TERM=dumb and what the files are.
  static Terminal of_process();

  const Look& look() const { return look_; }
  void set_look(const Look& look) { look_ = look; }

  // Data. What could not be written shows in finish().
  void print(std::string_view text);
  // One message line.
  void say(std::string_view line);
  // An error with its problems, "daybook: cannot ...".
  void complain(const Error& error);
  // A line that is drawn over until the next; only for people.
  void draw(std::string_view line);

  // Asks on an interactive terminal; elsewhere kInvalid says which flag answers.
  Result<void> confirm(std::string_view question, bool yes);

  // Flushes; kInternal when data did not reach stdout ("cannot write to stdout: No space left
  // ...").
  Result<void> finish();

  std::string bold(std::string_view text) const;

 private:
  void erase_line();

  std::FILE* out_;
  std::FILE* err_;
  Look look_;
  bool is_drawn_ = false;
  int write_error_ = 0;
};

}  // namespace daybook::cli
