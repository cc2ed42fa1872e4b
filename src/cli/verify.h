// Whether a server does what its declarations say: it is asked for its health, is sent a row for
// each collection that routes are about, and has to tell them again through the routes.
#pragma once

#include "base/result.h"
#include "cli/connection.h"
#include "cli/terminal.h"

namespace daybook::cli {

// Prints a line a call and a summary. The rows stay, as any others do. kInternal when a call went
// wrong.
Result<void> verify(Connection& connection, Terminal& terminal);

}  // namespace daybook::cli
