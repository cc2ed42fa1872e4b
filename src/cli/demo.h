// Example recordings taken in through a server's own door, and questions about them with their
// answers.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/server.h"
#include "cli/terminal.h"

namespace daybook::cli {

// Does what DIRECTORY/demo.txt says: its `ingest` lines are run as commands against the server, its
// `ask` lines are asked and printed as curl lines with their answers.
Result<void> show_examples(const RunningServer& server, const std::string& directory,
                           Terminal& terminal);

}  // namespace daybook::cli
