// The one way to the store for what a principal changes: quotas are counted, credentials that the
// batch touches end, and what decides who may do what leaves its trace in the trail.
//
// Any thread.
#pragma once

#include "base/result.h"
#include "engine/engine.h"
#include "engine/principal.h"
#include "store/batch.h"

namespace daybook {

// As Store::apply(). kUnauthorized when the credential of the principal has ended meanwhile, kBusy
// when a quota of a tenant is spent, kConflict when it would delete the last account of Daybook
// itself and there is no key: then nothing was stored. The trail's row comes in the same
// commit when the batch is atomic and of Daybook's own application, else right behind it.
Result<Committed> commit(Engine& engine, const Principal& principal, const Batch& batch);

}  // namespace daybook
