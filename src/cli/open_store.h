// The one place that knows which stores there are.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "cli/settings.h"
#include "store/store.h"

namespace daybook::cli {

// Opens the store that the settings name, not yet prepared. "sqlite:" lives in the data directory,
// which is made when it is not there; kInvalid for a store that is not known.
Result<std::unique_ptr<Store>> open_store(const Settings& settings);

// Whether the settings' store keeps rows in the data directory, and has begun to.
bool uses_directory(const Settings& settings);
bool has_begun(const std::string& directory);

// The stores of this build with the versions of their libraries, for `daybook version`.
std::vector<std::string> known_stores();

}  // namespace daybook::cli
