#include "store/sqlite/past_keep.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "query/row_size.h"
#include "store/columns/predicate.h"
#include "store/columns/selection.h"
#include "store/sqlite/buried.h"
#include "store/sqlite/register_table.h"
#include "store/sqlite/rollup_tables.h"

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

// The columns by which rows tell how long they are kept.
Result<std::vector<std::size_t>> telling_columns(const Collection& collection,
                                                 const columns::Layout& layout) {
  if (collection.keep.at_field) return std::vector{*collection.keep.at_field};
  std::vector<std::size_t> numbers{collection.time_field};
  if (collection.tenant_field) numbers.push_back(*collection.tenant_field);
  for (const Keep::Class& part : collection.keep.classes) {
    DAYBOOK_ASSIGN(const Filter where, bind_filter(collection, part.where, {}));
    columns::add_columns_of(where, layout, numbers);
  }
  return numbers;
}

// Takes out what lives on; the keep of each row is asked for where it is old enough for any.
Result<void> narrow_to_expired(const Shelf& shelf, const Expiry& expiry,
                               columns::BlockReader& block, columns::Chosen& chosen) {
  const Keep& keep = shelf.collection->keep;
  columns::Selection selection;
  if (!keep.at_field) {
    const auto shortest = shortest_keep(keep, expiry);
    selection.end = shortest ? micros(expiry.now - *shortest) + 1 : selection.start;
  }
  if (block.times().first >= selection.end) {
    chosen.clear();
    return {};
  }
  DAYBOOK_TRY(columns::narrow(block, selection, chosen));
  if (chosen.empty()) return {};
  DAYBOOK_ASSIGN(const auto telling, telling_columns(*shelf.collection, block.layout()));
  DAYBOOK_TRY(block.want(telling));
  chosen.keep_if(
      [&](std::uint32_t position) { return is_expired(shelf, block.row(position), expiry); });
  return {};
}

Result<Removed> preview_register(const Shelf& shelf, Snapshot& snapshot, const Expiry& expiry) {
  Removed removed;
  const auto count = [&](Row&& row) -> Result<bool> {
    if (!is_expired(shelf, row, expiry)) return true;
    ++removed.rows;
    removed.bytes += row_bytes(row);
    return true;
  };
  DAYBOOK_TRY(look_at_rows(snapshot.db(), *shelf.collection, {}, "", count));
  return removed;
}

}  // namespace

bool is_expired(const Shelf& shelf, const Row& row, const Expiry& expiry) {
  const auto until = shelf.keep.expires_at(row, expiry.tenants);
  return until && *until <= expiry.now;
}

columns::Positions living_rows(const columns::BlockReader& block) {
  columns::Positions positions;
  for (std::uint32_t position = 0; position < block.rows(); ++position) {
    if (!block.is_dead(position)) positions.push_back(position);
  }
  return positions;
}

Result<Removed> count_removed(columns::BlockReader& block, const columns::Positions& positions,
                              std::uint64_t bytes) {
  Removed removed;
  if (positions.empty()) return removed;
  removed.rows = positions.size();
  removed.bytes = bytes * positions.size() / block.rows();
  if (const auto* header = block.header(); header && positions.size() == block.rows()) {
    removed.oldest = from_micros(header->first_time);
    removed.newest = from_micros(header->last_time);
    return removed;
  }
  DAYBOOK_ASSIGN(const columns::Column* times, block.column(block.collection().time_field));
  const auto time = [&](std::uint32_t position) { return times->numbers()[position]; };
  const auto [oldest, newest] = std::ranges::minmax(positions, {}, time);
  removed.oldest = from_micros(time(oldest));
  removed.newest = from_micros(time(newest));
  return removed;
}

void add(Removed& removed, const Removed& here) {
  removed.rows += here.rows;
  removed.bytes += here.bytes;
  removed.partitions += here.partitions;
  if (here.oldest) removed.oldest = std::min(removed.oldest.value_or(*here.oldest), *here.oldest);
  if (here.newest) removed.newest = std::max(removed.newest.value_or(*here.newest), *here.newest);
}

Result<ExpiredRows> find_expired(const Shelf& shelf, const PartitionInfo& info,
                                 const Expiry& expiry, columns::BlockReader& block,
                                 std::uint64_t bytes) {
  ExpiredRows found;
  columns::Positions living = living_rows(block);
  const std::size_t all = living.size();
  if (is_past(shelf, info, expiry)) {
    found.positions = std::move(living);
  } else {
    columns::Chosen chosen(std::move(living));
    DAYBOOK_TRY(narrow_to_expired(shelf, expiry, block, chosen));
    found.positions = std::move(chosen).positions();
  }
  found.is_all = found.positions.size() == all;
  DAYBOOK_ASSIGN(found.removed, count_removed(block, found.positions, bytes));
  return found;
}

Result<bool> goes_whole(Connection& db, const Shelf& shelf, const PartitionInfo& info,
                        const Expiry& expiry) {
  if (is_past(shelf, info, expiry)) return true;
  DAYBOOK_ASSIGN(const bool is_known, has_unexpired(db, info.id, expiry.now));
  if (is_known || !shelf.collection->keep.per_tenant) return !is_known;
  DAYBOOK_ASSIGN(const bool has_any, has_buried(db, info.id));
  return !has_any || std::ranges::all_of(expiry.tenants, [&](const auto& tenant) {
    return from_micros(info.until - 1) + tenant.second <= expiry.now;
  });
}

Result<Removed> preview_expiry(const Shelf& shelf, Snapshot& snapshot, const Expiry& expiry,
                               const Options& options) {
  if (!shelf.collection->is_journal()) return preview_register(shelf, snapshot, expiry);
  ColumnCache cache(0);  // nobody is going to ask for these again
  JournalReader journal(shelf, snapshot, cache);
  Removed removed;
  for (const PartitionView& partition : *snapshot.view().journals[shelf.index]) {
    const PartitionInfo& info = *partition.info;
    if (!may_expire(shelf, info, expiry)) continue;
    Removed here;
    bool is_whole = true;
    const auto look = [&](columns::BlockReader& block, std::uint64_t bytes) -> Result<void> {
      DAYBOOK_ASSIGN(const ExpiredRows expired, find_expired(shelf, info, expiry, block, bytes));
      tell(options, Moment::kLookedForExpired);
      is_whole = is_whole && expired.is_all;
      add(here, expired.removed);
      return {};
    };
    DAYBOOK_TRY(journal.for_each_block(partition, look));
    if (is_whole && here.rows > 0) {
      DAYBOOK_ASSIGN(const bool goes, goes_whole(snapshot.db(), shelf, info, expiry));
      here.partitions = goes ? 1 : 0;
    }
    add(removed, here);
  }
  return removed;
}

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

Result<bool> is_aught_past(Snapshot& snapshot, const Shelf& shelf, const Expiry& expiry,
                           Duration changes_kept) {
  DAYBOOK_ASSIGN(const bool are_sums,
                 has_forgettable_past(snapshot.db(), shelf, micros(expiry.now)));
  if (are_sums) return true;
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
