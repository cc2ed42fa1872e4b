// What is kept of a secret: a hash, or its ciphertext. Private to this folder.
#pragma once

#include <string_view>

#include "catalog/collection.h"
#include "catalog/decode.h"

namespace daybook {

// The plain text of a field of the collection; it has been checked. kUnsupported when the server
// has no data key for it.
Result<Value> seal_secret(const Collection& collection, const Field& field, std::string_view plain,
                          const Stamp& stamp);

}  // namespace daybook
