// Windows: half-open ranges of event time, as questions ask for them and as answers echo them.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "base/zone.h"
#include "catalog/application.h"

namespace daybook {

struct Window {
  Instant start;
  Instant end;  // exclusive
  Zone zone;

  bool contains(Instant t) const { return start <= t && t < end; }
  bool operator==(const Window&) const = default;
};

// The words of a request, as they came.
struct WindowWords {
  std::optional<std::string> start, end;            // instants
  std::optional<std::string> start_date, end_date;  // civil days, both inclusive
  std::optional<std::string> hours, days;
  std::optional<std::string> tz;

  bool is_empty() const { return !start && !end && !start_date && !end_date && !hours && !days; }
};

// The window that the words ask for. kInvalid names the parameter: words that exclude each other, a
// window that ends before it starts, numbers out of the rule's range ("hours must be between 1 and
// 168, not 500"). Without words: the rule's default, or empty when it has none. `hours=24` is
// [now - 24 h, now); `days=n` the last n civil days, today included and whole. An open side is
// min_instant() or max_instant(). A window may be said in other words than the rule's, but is never
// longer than the rule allows; a fixed window is not to be said at all.
Result<std::optional<Window>> resolve_window(const WindowWords& words, const WindowRule& rule,
                                             const Zone& default_zone, Instant now);

}  // namespace daybook
