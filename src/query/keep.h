// Which keep applies to a row, and until when it is seen: pure functions for every store.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "catalog/collection.h"
#include "catalog/row.h"
#include "query/filter.h"

namespace daybook {

// Keeps that tenants have of their own, by tenant.
using TenantKeeps = std::map<std::string, Duration, std::less<>>;

// A collection's keep with its classes bound, for looking at many rows. The first class that fits
// wins, then the tenant's own keep, then the collection's. The collection must outlive it.
class KeepRule {
 public:
  // kInvalid when a class asks for what the collection has not: check it when a catalog is loaded.
  static Result<KeepRule> bind(const Collection& collection);
  // The same of a catalog that was checked.
  static KeepRule of(const Collection& collection);

  // The period that a journal's row is kept for; none: for ever.
  std::optional<Duration> keep_of(const Row& row, const TenantKeeps& tenants) const;
  // The instant from which the row is not seen any more.
  std::optional<Instant> expires_at(const Row& row, const TenantKeeps& tenants) const;

 private:
  explicit KeepRule(const Collection& collection) : collection_(&collection) {}

  const Collection* collection_;
  std::vector<std::pair<Duration, Filter>> classes_;
};

// The same for one row now and then.
std::optional<Duration> keep_of(const Collection& collection, const Row& row,
                                const TenantKeeps& tenants);
std::optional<Instant> expires_at(const Collection& collection, const Row& row,
                                  const TenantKeeps& tenants);

}  // namespace daybook
