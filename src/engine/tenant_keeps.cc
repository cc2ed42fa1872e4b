#include "engine/tenant_keeps.h"

#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "base/time.h"
#include "engine/engine.h"

namespace daybook {
namespace {

// What one row says of a collection's keep.
std::optional<Duration> keep_said(const Collection& tenants, const Row& row,
                                  const Collection& collection) {
  const Map* keeps = value_at(tenants, row, "keeps").get_if<Map>();
  const Value* said = keeps == nullptr ? nullptr : find_key(*keeps, collection.name);
  const auto* text = said == nullptr ? nullptr : said->get_if<std::string>();
  if (text == nullptr) return std::nullopt;
  const auto keep = parse_duration(*text);
  return keep.ok() && keep->count() > 0 ? std::optional(*keep) : std::nullopt;
}

}  // namespace

Result<TenantKeeps> read_tenant_keeps(Engine& engine, const Collection& collection) {
  TenantKeeps keeps;
  const Collection* tenants = engine.own().tenants;
  if (!collection.keep.per_tenant || tenants == nullptr) return keeps;
  DAYBOOK_ASSIGN(const auto rows,
                 find_rows(engine.store(), *tenants,
                           equals(*tenants, "application", Value(collection.application)),
                           engine.now(), std::numeric_limits<std::size_t>::max()));
  for (const Row& row : rows) {
    const auto keep = keep_said(*tenants, row, collection);
    const bool is_shorter = keep && collection.keep.period && *keep < *collection.keep.period;
    if (is_shorter) keeps[text_at(*tenants, row, "tenant")] = *keep;
  }
  return keeps;
}

std::shared_ptr<const TenantKeeps> TenantKeepCache::of(Engine& engine,
                                                       const Collection& collection) {
  static const auto kNone = std::make_shared<const TenantKeeps>();
  const Own& own = engine.own();
  if (!collection.keep.per_tenant || own.tenants == nullptr) return kNone;
  const Application& application = *engine.catalog().find(own.tenants->application);
  const auto position = engine.store().wait(application, 0, Duration(0));
  if (!position.ok()) return kNone;
  {
    const std::lock_guard lock(mutex_);
    const auto known = known_.find(&collection);
    if (known != known_.end() && known->second.position == *position) return known->second.keeps;
  }
  auto read = read_tenant_keeps(engine, collection);
  if (!read.ok()) return kNone;
  auto keeps = std::make_shared<const TenantKeeps>(*std::move(read));
  const std::lock_guard lock(mutex_);
  known_[&collection] = {*position, keeps};
  return keeps;
}

}  // namespace daybook
