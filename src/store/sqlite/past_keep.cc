#include "store/sqlite/past_keep.h"

#include <algorithm>
#include <optional>

namespace daybook::sqlite {

namespace {

// How long every row of the partition is kept; empty where rows differ.
std::optional<Duration> one_keep(const Shelf& shelf, const PartitionInfo& info,
                                 const Expiry& expiry) {
  if (!info.is_seen()) return Duration(0);
  const Keep& keep = shelf.collection->keep;
  if (keep.at_field || (keep.per_tenant && !expiry.tenants.empty())) return std::nullopt;
  if (keep.classes.empty()) return keep.period;
  if (info.rule != shelf.keep_words || info.keep < 0) return std::nullopt;
  return Duration(info.keep);
}

// The shortest of all keeps; empty where the rows themselves say it.
std::optional<Duration> shortest_keep(const Keep& keep, const Expiry& expiry) {
  std::optional<Duration> shortest = keep.period;
  const auto shorten = [&](Duration by) { shortest = std::min(shortest.value_or(by), by); };
  for (const Keep::Class& part : keep.classes) shorten(part.keep);
  if (keep.per_tenant) {
    for (const auto& [tenant, own] : expiry.tenants) shorten(own);
  }
  return shortest;
}

}  // namespace

bool is_past(const Shelf& shelf, const PartitionInfo& info, const Expiry& expiry) {
  const auto kept = one_keep(shelf, info, expiry);
  return kept && from_micros(info.until - 1) + *kept <= expiry.now;
}

bool may_expire(const Shelf& shelf, const PartitionInfo& info, const Expiry& expiry) {
  const Keep& keep = shelf.collection->keep;
  if (keep.at_field) return true;
  if (one_keep(shelf, info, expiry)) return is_past(shelf, info, expiry);
  const auto shortest = shortest_keep(keep, expiry);
  return shortest && from_micros(info.start) + *shortest <= expiry.now;
}

Result<bool> is_due(Snapshot& snapshot, const Shelf& shelf, const Expiry& expiry,
                    Duration changes_kept) {
  if (!shelf.collection->is_journal()) return true;
  const auto& rollups = shelf.collection->rollups;
  if (std::ranges::any_of(rollups, [](const Rollup& r) { return r.keep.has_value(); })) return true;
  const JournalView& partitions = *snapshot.view().journals[shelf.index];
  const auto is_there = [&](const PartitionView& partition) {
    return may_expire(shelf, *partition.info, expiry);
  };
  if (std::ranges::any_of(partitions, is_there)) return true;
  DAYBOOK_ASSIGN(Query query,
                 snapshot.db().query(
                     "SELECT EXISTS (SELECT 1 FROM once WHERE expires <= ?1) OR EXISTS (SELECT "
                     "1 FROM (SELECT at FROM change WHERE application = ?2 ORDER BY first "
                     "LIMIT 1) WHERE at < ?3)"));
  query.bind(1, micros(expiry.now)).bind(2, shelf.application);
  query.bind(3, micros(expiry.now - changes_kept));
  DAYBOOK_ASSIGN(const bool found, query.step());
  return found && query.integer(0) != 0;
}

}  // namespace daybook::sqlite
