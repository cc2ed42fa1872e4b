// The words of a request for statistics -> Summary: by=endpoint,method of=took_ms every=1h
// order=-count. Pure; any thread.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "query/summary.h"

namespace daybook {

// As they came. `order` names "bucket", a field of `by` or a measure, each descending after a '-'.
struct SummaryWords {
  std::optional<std::string> by{}, of{}, every{}, order{};
};

// A summary with collection, by, every, measures and order set; filter, window, zone, limit, now
// and budget are the caller's. Only declared facets may be grouped by, so nothing personal is,
// unless it was declared so. The first measure is "count", of rows; each field of `of` that is
// declared a measure adds "<field>.count", ".avg", ".min", ".max", ".sum", ".p50", ".p95" and
// ".p99", a map its declared entries; "took_ms.p90" or "endpoint.distinct" adds that one alone.
// kInvalid names the parameter and the word.
Result<Summary> parse_summary(const Collection& collection, const SummaryWords& words);

}  // namespace daybook
