// Which type of a field may become which without losing a value, and the values as the wider type
// has them. Stores read by it what was written before; the plan of a catalog calls the rest
// narrowing.
#pragma once

#include <vector>

#include "catalog/value.h"

namespace daybook {

// The types whose every value is one of `type`, but for itself.
std::vector<Type> narrower_types(Type type);

// A value of one of those types as one of `type`; null for any other.
Value widened(Value value, Type type);

}  // namespace daybook
