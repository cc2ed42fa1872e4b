#include "engine/quotas.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"

namespace daybook {

namespace {

constexpr std::size_t kMaxTenants = 100'000;

constexpr Duration kMinute = std::chrono::minutes(1);
constexpr Duration kDay = std::chrono::hours(24);

// The id of a tenant's counter; names of tenants may hold anything.
std::string counter_id(const std::pair<std::string, std::string>& name) {
  return "quota-" + hex(sha256(name.first + "\n" + name.second));
}

Instant end_of(std::int64_t period, Duration length) {
  return from_micros((period + 1) * length.count());
}

std::int64_t periods(Instant now, Duration period) { return micros(now) / period.count(); }

Duration rest_of(Instant now, Duration period) {
  return period - Duration(micros(now) % period.count());
}

std::optional<std::int64_t> quota_of(const Collection& tenants, const Row& row,
                                     std::string_view name) {
  const Map* map = value_at(tenants, row, "quotas").get_if<Map>();
  const Value* value = map == nullptr ? nullptr : find_key(*map, name);
  if (value == nullptr || value->get_if<std::int64_t>() == nullptr) return std::nullopt;
  return value->get<std::int64_t>();
}

std::int64_t bytes_of(const Value& value) {
  constexpr std::int64_t kFixed = 8;
  if (const auto* text = value.get_if<std::string>())
    return static_cast<std::int64_t>(text->size());
  if (const auto* json = value.get_if<Json>()) return static_cast<std::int64_t>(json->text.size());
  std::int64_t bytes = value.is_null() ? 0 : kFixed;
  if (const auto* list = value.get_if<List>()) {
    for (const Value& element : *list) bytes += bytes_of(element);
  }
  if (const auto* map = value.get_if<Map>()) {
    for (const MapEntry& entry : *map) {
      bytes += static_cast<std::int64_t>(entry.key.size()) + bytes_of(entry.value);
    }
  }
  return bytes;
}

std::int64_t bytes_of(const Row& row) {
  auto bytes = static_cast<std::int64_t>(row.id.size() + row.extra.size());
  for (const Value& value : row.values) bytes += bytes_of(value);
  return bytes;
}

Error spent(const std::string& tenant, const std::string& what, std::int64_t quota) {
  return {Code::kBusy, "the quota of '" + tenant + "' is spent: " + std::to_string(quota) + " " +
                           what + " a day (UTC)"};
}

}  // namespace

Result<void> Quotas::read(Instant now) {
  if (is_read_) return {};
  const std::lock_guard lock(mutex_);
  // Said before it is so: what changes meanwhile is read again.
  if (is_read_.exchange(true) || own_.tenants == nullptr) return {};
  const Collection& own = *own_.tenants;
  const auto rows = find_rows(store_, own, Filter(), now, kMaxTenants);
  if (!rows.ok()) {
    is_read_ = false;
    return rows.error();
  }
  std::map<Name, Tenant> next;
  for (const Row& row : *rows) {
    const Name name = {text_at(own, row, "application"), text_at(own, row, "tenant")};
    const auto known = tenants_.find(name);
    Tenant tenant = known == tenants_.end() ? Tenant() : known->second;
    if (known == tenants_.end()) take_restored(name, tenant);
    tenant.requests = quota_of(own, row, "requests_per_minute");
    tenant.rows = quota_of(own, row, "rows_per_day");
    tenant.bytes = quota_of(own, row, "bytes_per_day");
    if (tenant.requests || tenant.rows || tenant.bytes) next[name] = tenant;
  }
  tenants_ = std::move(next);
  is_empty_ = tenants_.empty();
  return {};
}

void Quotas::forget() { is_read_ = false; }

Counters Quotas::counters(Instant now) {
  Counters counters;
  const std::lock_guard lock(mutex_);
  for (const auto& [name, tenant] : tenants_) {
    Counter counter{std::max(end_of(tenant.minute, kMinute), end_of(tenant.day, kDay))};
    const bool is_used = tenant.requests_used > 0 || tenant.rows_used > 0 || tenant.bytes_used > 0;
    if (!is_used || counter.until <= now) continue;
    counter.counts = {{"minute", tenant.minute},
                      {"requests", tenant.requests_used},
                      {"day", tenant.day},
                      {"rows", tenant.rows_used},
                      {"bytes", tenant.bytes_used}};
    counters[counter_id(name)] = std::move(counter);
  }
  // Nobody has asked for the tenants yet.
  for (const auto& [id, counter] : restored_) {
    if (now < counter.until) counters.emplace(id, counter);
  }
  return counters;
}

void Quotas::restore(const Counters& counters) {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, counter] : counters) {
    if (id.starts_with("quota-")) restored_[id] = counter;
  }
}

void Quotas::take_restored(const Name& name, Tenant& tenant) {
  const auto found = restored_.find(counter_id(name));
  if (found == restored_.end()) return;
  auto& counts = found->second.counts;
  tenant.minute = counts["minute"];
  tenant.requests_used = counts["requests"];
  tenant.day = counts["day"];
  tenant.rows_used = counts["rows"];
  tenant.bytes_used = counts["bytes"];
  restored_.erase(found);
}

Duration Quotas::rest_of_minute(Instant now) { return rest_of(now, kMinute); }
Duration Quotas::rest_of_day(Instant now) { return rest_of(now, kDay); }

Result<bool> Quotas::count_request(const std::string& application, const std::string& tenant_name,
                                   Instant now) {
  if (tenant_name.empty()) return true;
  DAYBOOK_TRY(read(now));
  if (is_empty_) return true;
  const std::lock_guard lock(mutex_);
  const auto found = tenants_.find({application, tenant_name});
  if (found == tenants_.end() || !found->second.requests) return true;
  Tenant& tenant = found->second;
  const std::int64_t minute = periods(now, kMinute);
  if (std::exchange(tenant.minute, minute) != minute) tenant.requests_used = 0;
  if (tenant.requests_used >= *tenant.requests) return false;
  ++tenant.requests_used;
  return true;
}

Result<std::vector<Quotas::Left>> Quotas::left(const std::string& application,
                                               const std::string& tenant_name, Instant now) {
  std::vector<Left> all;
  if (tenant_name.empty()) return all;
  DAYBOOK_TRY(read(now));
  if (is_empty_) return all;
  const std::lock_guard lock(mutex_);
  const auto found = tenants_.find({application, tenant_name});
  if (found == tenants_.end()) return all;
  const Tenant& tenant = found->second;
  const auto add = [&](std::string_view of, const std::optional<std::int64_t>& quota,
                       std::int64_t used, std::int64_t period, Duration window) {
    if (!quota) return;
    const std::int64_t left = period == periods(now, window) ? *quota - used : *quota;
    all.push_back({of, *quota, std::max<std::int64_t>(left, 0), window, rest_of(now, window)});
  };
  add("requests", tenant.requests, tenant.requests_used, tenant.minute, kMinute);
  add("rows", tenant.rows, tenant.rows_used, tenant.day, kDay);
  add("bytes", tenant.bytes, tenant.bytes_used, tenant.day, kDay);
  return all;
}

Result<void> Quotas::check(const Name& name, const Tenant& tenant, const Brought& brought) const {
  if (tenant.rows && tenant.rows_used + brought.rows > *tenant.rows) {
    return spent(name.second, "rows", *tenant.rows);
  }
  if (tenant.bytes && tenant.bytes_used + brought.bytes > *tenant.bytes) {
    return spent(name.second, "bytes", *tenant.bytes);
  }
  return {};
}

Result<void> Quotas::count_rows(const Batch& batch, Instant now) {
  DAYBOOK_TRY(read(now));
  if (is_empty_) return {};
  std::map<Name, Brought> all;
  for (const Operation& operation : batch.operations) {
    const bool brings = operation.verb == Verb::kInsert || operation.verb == Verb::kPut;
    const auto& field = operation.collection->tenant_field;
    if (!brings || !field) continue;
    const auto* tenant = operation.row.values[*field].get_if<std::string>();
    if (tenant == nullptr) continue;
    Brought& brought = all[{operation.collection->application, *tenant}];
    ++brought.rows;
    brought.bytes += bytes_of(operation.row);
  }
  const std::int64_t day = periods(now, kDay);
  const std::lock_guard lock(mutex_);
  for (const auto& [name, brought] : all) {
    const auto found = tenants_.find(name);
    if (found == tenants_.end()) continue;
    Tenant& tenant = found->second;
    if (std::exchange(tenant.day, day) != day) tenant.rows_used = tenant.bytes_used = 0;
    DAYBOOK_TRY(check(name, tenant, brought));
  }
  for (const auto& [name, brought] : all) {
    const auto found = tenants_.find(name);
    if (found == tenants_.end()) continue;
    found->second.rows_used += brought.rows;
    found->second.bytes_used += brought.bytes;
  }
  return {};
}

}  // namespace daybook
