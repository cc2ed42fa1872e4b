// The trail: who changed access, declarations or the installation, and who tried. Its rows are
// written here and nowhere else; no route changes or deletes one. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/engine.h"
#include "engine/principal.h"
#include "store/batch.h"

namespace daybook {

struct TrailEntry {
  std::string event = {};        // "key.create"
  std::string_view action = {};  // create, update, delete, view, execute
  std::string resource = {};     // what kind of thing: "shop/orders", "session"
  std::string id = {};           // which one; may be empty
  std::string application = {};  // that it is about; may be empty
  std::string tenant = {};
  std::string before = {};  // JSON; empty: nothing is said
  std::string after = {};
};

// As an operation, for the batch that does it.
Result<Operation> trail_operation(Engine& engine, const Principal& principal,
                                  const TrailEntry& entry);
// Durably, by itself. Does nothing where a catalog has no trail.
Result<void> record(Engine& engine, const Principal& principal, const TrailEntry& entry);

}  // namespace daybook
