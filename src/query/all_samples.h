// Statistics of a collection with a device filter are of all samples that came, and those that are
// no rows count in rollups alone. Pure; any thread.
#pragma once

#include "base/result.h"
#include "query/summary.h"

namespace daybook {

// Makes the summary one that can be answered so: its window begins and ends where buckets of the
// rollup do that answers it, which is at most one of its finest buckets wider at either end. A
// summary that asks why rows were kept is of those rows. kInvalid when no rollup has what is asked
// for. Other collections' summaries stay as they are.
Result<void> fit_to_samples(Summary& summary);

}  // namespace daybook
