// What the questions of an answer cost, written into it when `explain=1` asks for it.
#pragma once

#include "api/call.h"
#include "base/json.h"
#include "base/result.h"
#include "engine/ask.h"

namespace daybook::api {

// Whether `explain=1` stands among the words. What a question cost tells of rows that the asker may
// not see, so it is for those who watch over the installation; kForbidden for others.
Result<bool> take_explain(const Call& call, Words& words);

// "explain":[{...}], a member of the answer's object: one element for each question to the store,
// in the order in which they were asked.
void write_explain(const Inquiries& inquiries, json::Writer& out);

}  // namespace daybook::api
