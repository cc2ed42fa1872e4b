// What there is and how it is: health, positions, space, indexes, findings.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"

namespace daybook {

struct Health {
  std::string store;       // "sqlite"
  bool is_durable = true;  // answers come after the fsync
  bool is_writable = true;
  std::string reason;  // why it is not
};
Health health(Engine& engine);

// The newest position of each application; in the order of the catalog.
Result<std::vector<std::pair<std::string, Position>>> positions(Engine& engine);

Result<Space> space(Engine& engine, SpaceDetail detail);
Result<std::vector<IndexState>> indexes(Engine& engine);
// Checks what is stored; empty when all is well.
Result<std::vector<Finding>> verify(Engine& engine);
// One step of comparing a journal's rollups with its rows, or of making them anew (store.h).
// kInvalid for a collection that declares no rollup.
Result<RolledPeriod> check_rollups(Engine& engine, const RollupCheck& check);
// What the store was last prepared with, as JSON; empty for a new one.
Result<std::string> stored_catalog(Engine& engine);

}  // namespace daybook
