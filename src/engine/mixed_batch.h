// One atomic batch over several collections of an application: rows, updates and deletes, all or
// nothing.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "engine/engine.h"
#include "engine/once.h"
#include "engine/principal.h"

namespace daybook {

struct MixedBatch {
  Batch batch;
  std::size_t rows = 0;  // the first so many operations bring rows, in the order of the body

  // The ids of the rows, by collection in the order of the body; empty for a sample that only
  // counts.
  std::vector<std::pair<const Collection*, std::vector<std::string>>> ids() const;
};

// {"rows":{collection:[{...}]},"update":{collection:[{"id":...,...}]},"delete":{collection:[id]}}.
// All problems at once, with pointers into the body ("#/rows/orders/0/state"); rights are checked
// per collection.
Result<MixedBatch> decode_mixed_batch(Engine& engine, const Application& application,
                                      const Principal& principal, const json::Value& body);

// All of it, samples as the device filters say, durably, or kConflict or kPrecondition with the
// operation to blame and nothing. The application's newest position.
Result<Position> apply_mixed_batch(Engine& engine, const Principal& principal, MixedBatch& mixed);

}  // namespace daybook
