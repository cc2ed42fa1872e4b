// Expiry over all collections: what is past its keep is counted or removed.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"

namespace daybook {

struct Swept {
  const Collection* collection = nullptr;
  Removed removed;
  std::string note;  // why it was left alone, or empty
};

// The collections that declare a keep, in order. Preview changes nothing. A collection that fails
// ends the sweep: what was removed before stays removed.
Result<std::vector<Swept>> sweep(Engine& engine, Expiry::Mode mode);

// Whether every class of rows that a keep names can be told from the others; the problems name file
// and line. A store takes no catalog that fails here.
Result<void> check_keeps(const Catalog& catalog);

}  // namespace daybook
