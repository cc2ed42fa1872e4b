// Takes passwords, tokens and the like out of what a client sent for a field, on every way in.
// Fields declared `content` are written by people and stay as they are. Private to this folder.
// Pure; any thread.
#pragma once

#include <cstddef>
#include <vector>

#include "base/json.h"
#include "catalog/decode_value.h"
#include "catalog/field.h"

namespace daybook {

enum class Redaction {
  kNone,
  kMasked,
  kExempt,   // something would have been masked
  kRefused,  // the field cannot hold a mask in the secret's place; `refusals` says why
};

// `value` is what was decoded of `sent`, at that depth of the row. What is masked is taken again as
// it is: sent a second time it is the same value.
Redaction redact(const Field& field, const json::Value& sent, std::size_t depth, Value& value,
                 std::vector<Refusal>& refusals);

}  // namespace daybook
