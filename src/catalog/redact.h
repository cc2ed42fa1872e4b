// Takes passwords, tokens and the like out of what a client sent for a field, on every way in.
// Fields declared `content` are written by people and stay as they are. Private to this folder.
// Pure; any thread.
#pragma once

#include <cstddef>

#include "base/json.h"
#include "catalog/field.h"

namespace daybook {

enum class Redaction {
  kNone,
  kMasked,
  kExempt,  // something would have been masked
};

// `value` is what was decoded of `sent`, at that depth of the row.
Redaction redact(const Field& field, const json::Value& sent, std::size_t depth, Value& value);

}  // namespace daybook
