// What the questions of an answer cost, written into it when `explain=1` asks for it.
#pragma once

#include "base/json.h"
#include "engine/ask.h"

namespace daybook::api {

// "explain":[{...}], a member of the answer's object: one element for each question to the store,
// in the order in which they were asked.
void write_explain(const Inquiries& inquiries, json::Writer& out);

}  // namespace daybook::api
