// The catalog that settings ask for: the built-in declarations, with the files of --catalogs over
// them.
#pragma once

#include "base/result.h"
#include "catalog/catalog.h"
#include "cli/settings.h"

namespace daybook::cli {

// The error's problems hold every mistake found.
Result<Catalog> load_catalog(const Settings& settings);
// The same, and everything else that can be said about it without a store.
Result<Catalog> load_checked_catalog(const Settings& settings);

}  // namespace daybook::cli
