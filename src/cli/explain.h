// --explain: what an answer cost, for people on stderr; in JSON it stands in the answer.
#pragma once

#include <string_view>

#include "base/json.h"
#include "cli/options.h"
#include "cli/question.h"
#include "cli/terminal.h"

namespace daybook::cli {

void declare_explain(Options& options, bool& is_explained);

// A line for each element of an answer's "explain".
void say_explain(Terminal& terminal, const json::Value& steps);
// The same of a whole answer, when it explains itself.
void say_explain_of(Terminal& terminal, const json::Value& answer);

}  // namespace daybook::cli
