// Figures: the answers about a window that come whole, as stats and top give them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "cli/question.h"
#include "cli/rows_out.h"

namespace daybook::cli {

// Asks, says the window and prints the rows in the answer's `member`, or the answer as it is when
// its JSON is asked for. Columns in this order, or as they come. Says whether there would be more.
Result<bool> print_figures(Session& session, const Target& target, RowForm format,
                           std::string_view member, std::vector<std::string> columns = {});

}  // namespace daybook::cli
