// Access keys: made, told of and revoked. The text of a key is told once and kept as a hash. Any
// thread.
#pragma once

#include <string>
#include <utility>

#include "base/json.h"
#include "base/result.h"
#include "engine/engine.h"
#include "engine/principal.h"
#include "query/filter.h"

namespace daybook {

struct MadeKey {
  Row row;
  std::string text;  // "dbk_live_..."
};

// The body has name, application, role and what narrows them: tenant, subject, collections, verbs,
// origins, publishable, expires_at. Nobody gives more than his own: only who runs an application
// makes keys of it, within his tenant. kInvalid names the members that are wrong.
Result<MadeKey> make_key(Engine& engine, const Principal& principal, const json::Value& body);

// From now on it is nobody's. kNotFound for one that the principal does not run.
Result<void> revoke_key(Engine& engine, const Principal& principal, const std::string& id);

// The keys that a principal runs.
Result<Filter> keys_of(Engine& engine, const Principal& principal);

// Writes down when keys were used last; asked now and then by who runs the engine.
Result<void> note_key_uses(Engine& engine);

}  // namespace daybook
