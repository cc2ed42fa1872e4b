// The data key of an installation: made at its first start, kept in a file of its own in the data
// directory, so that copies of the rows can be kept apart from it.
#pragma once

#include <string>

#include "base/cipher.h"
#include "base/result.h"

namespace daybook::cli {

// Of the directory, which only the caller holds; made when there is none, with mode 0600 and on
// disk before this returns. kInvalid when the file holds something else.
Result<DataKey> open_data_key(const std::string& directory);

}  // namespace daybook::cli
