// Which keep applies to a row, and until when it is seen: pure functions for every store.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "catalog/collection.h"
#include "catalog/row.h"

namespace daybook {

// Keeps that tenants have of their own, by tenant.
using TenantKeeps = std::map<std::string, Duration, std::less<>>;

// The period that a journal's row is kept for; none: for ever.
std::optional<Duration> keep_of(const Collection& collection, const Row& row,
                                const TenantKeeps& tenants);
// The instant from which the row is not seen any more.
std::optional<Instant> expires_at(const Collection& collection, const Row& row,
                                  const TenantKeeps& tenants);

}  // namespace daybook
