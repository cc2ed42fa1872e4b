#include "query/keep.h"

#include "base/bug.h"
#include "base/time.h"

namespace daybook {
namespace {

const std::string* tenant_of(const Collection& collection, const Row& row) {
  if (!collection.keep.per_tenant || !collection.tenant_field) return nullptr;
  return row.values[*collection.tenant_field].get_if<std::string>();
}

}  // namespace

Result<KeepRule> KeepRule::bind(const Collection& collection) {
  KeepRule rule(collection);
  for (const Keep::Class& keep_class : collection.keep.classes) {
    Result<Filter> where = bind_filter(collection, keep_class.where, {});
    if (!where.ok()) {
      return std::move(where).error().with_context(collection.full_name() + ": keep of " +
                                                   format_duration(keep_class.keep));
    }
    rule.classes_.emplace_back(keep_class.keep, *std::move(where));
  }
  return rule;
}

KeepRule KeepRule::of(const Collection& collection) {
  auto rule = bind(collection);
  if (!rule.ok()) bug("a keep that was not checked: " + rule.error().message());
  return *std::move(rule);
}

std::optional<Duration> KeepRule::keep_of(const Row& row, const TenantKeeps& tenants) const {
  for (const auto& [keep, where] : classes_) {
    if (matches(where, row)) return keep;
  }
  if (const std::string* tenant = tenant_of(*collection_, row)) {
    if (const auto own = tenants.find(*tenant); own != tenants.end()) return own->second;
  }
  return collection_->keep.period;
}

std::optional<Instant> KeepRule::expires_at(const Row& row, const TenantKeeps& tenants) const {
  if (const auto field = collection_->keep.at_field) {
    const auto* at = row.values[*field].get_if<Instant>();
    return at == nullptr ? std::nullopt : std::optional(*at);
  }
  if (!collection_->is_journal()) return std::nullopt;
  const auto keep = keep_of(row, tenants);
  if (!keep) return std::nullopt;
  return row_time(*collection_, row) + *keep;
}

std::optional<Duration> keep_of(const Collection& collection, const Row& row,
                                const TenantKeeps& tenants) {
  return KeepRule::of(collection).keep_of(row, tenants);
}

std::optional<Instant> expires_at(const Collection& collection, const Row& row,
                                  const TenantKeeps& tenants) {
  return KeepRule::of(collection).expires_at(row, tenants);
}

}  // namespace daybook
