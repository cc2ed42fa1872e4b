#include "store/sqlite/journal.h"

#include <limits>

namespace daybook::sqlite {

PartitionKey partition_key(const Shelf& shelf, const Row& row, Presence presence) {
  const Collection& collection = *shelf.collection;
  const Instant time = row_time(collection, row);
  PartitionKey key{micros(Zone().floor(time, collection.period)), PartitionInfo::kByTheRow};
  switch (presence) {
    case Presence::kCountedOnly:
      key.keep = PartitionInfo::kCountedOnly;
      break;
    case Presence::kSeenOnly:
      key.keep = PartitionInfo::kSeenOnly;
      break;
    case Presence::kWhole:
      if (shelf.keep_words.empty()) break;
      if (const auto keep = shelf.keep.keep_of(row, {})) key.keep = keep->count();
      break;
  }
  return key;
}

Presence presence_in(const PartitionInfo& info) {
  if (!info.is_seen()) return Presence::kCountedOnly;
  return info.is_counted() ? Presence::kWhole : Presence::kSeenOnly;
}

std::int64_t period_end(const Collection& collection, std::int64_t start) {
  return micros(Zone().next(from_micros(start), collection.period));
}

std::vector<Partition*> Journal::of_period(std::int64_t start) const {
  std::vector<Partition*> found;
  auto it = partitions.lower_bound({start, std::numeric_limits<std::int64_t>::min()});
  for (; it != partitions.end() && it->first.start == start; ++it) {
    found.push_back(it->second.get());
  }
  return found;
}

void Partition::Staged::add_packed(std::string_view section) {
  if (!rows.empty()) packed += columns::pack(rows);
  rows.clear();
  packed += section;
}

JournalView view_of(const Journal& journal) {
  JournalView view;
  view.reserve(journal.partitions.size());
  for (const auto& [key, partition] : journal.partitions) {
    PartitionView& shown = view.emplace_back();
    shown.info = partition->info;
    shown.sealed = partition->sealed;
    if (partition->frozen) shown.frozen = partition->frozen->rows;
    shown.open = {partition->open, partition->open_rows()};
    shown.last_touched = partition->last_touched;
  }
  return view;
}

}  // namespace daybook::sqlite
