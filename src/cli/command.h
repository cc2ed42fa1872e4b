// Command: one word after `daybook`. The table of all is in commands.cc; each lives in a file of
// its name and consists of one function, which declares its words and gives back what to do with
// them.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/options.h"
#include "cli/settings.h"
#include "cli/terminal.h"

namespace daybook::cli {

// What a command works with once its words are read.
struct Session {
  const Settings& settings;
  Terminal& terminal;
};

// Called once, after the words that declare() named were read. An Error becomes the exit code.
using Run = std::function<Result<void>(Session&)>;

struct Command {
  std::string_view name;
  std::string_view line;                   // what it does, for the overview
  std::vector<SettingGroup> settings;      // taken as flags
  std::vector<std::string_view> examples;  // shown first on the help page, without "daybook "
  Run (*declare)(Options& options);
};

const std::vector<Command>& commands();

// Runs `daybook WORDS...` and gives its exit code: 0, or by the kind of error as api/respond.cc
// says.
int run(const std::vector<std::string>& words, Terminal& terminal, const Environment& environment);

// The pages of `daybook help` and `daybook help COMMAND`.
std::string overview();
std::string help_page(const Command& command);

// The words of a command with its settings and the general ones, declared into `flags` and
// `general`.
struct General {
  bool no_color = false, no_input = false, is_quiet = false, help = false;
};
void declare_shared(const Command& command, Options& options, Flags& flags, General& general);

}  // namespace daybook::cli
