#include "store/sqlite/rollup_rebuild.h"

#include <algorithm>
#include <set>

#include "store/sqlite/rollup_check.h"
#include "store/sqlite/sealing.h"

namespace daybook::sqlite {

namespace {

// Nothing that is read once is worth a place among what is asked for.
constexpr std::size_t kNoCache = 0;

std::uint64_t sums_in(const columns::BlockHeader& header) {
  return static_cast<std::uint64_t>(
      std::ranges::count(header.parts, columns::PartKind::kRollup, &columns::PartNumber::kind));
}

RolledPeriod next_of(const JournalView& journal, const std::optional<Instant>& after) {
  std::set<std::int64_t> periods;
  for (const PartitionView& partition : journal) periods.insert(partition.info->start);
  return next_period(periods, after);
}

}  // namespace

Result<RolledPeriod> rebuild_period(const Shelf& shelf, const RollupCheck& check, Readers& readers,
                                    const Views& views, Writer& writer) {
  DAYBOOK_ASSIGN(Snapshot snapshot, Snapshot::open(readers, views, unhurried()));
  const JournalView& journal = *snapshot.view().journals[shelf.index];
  RolledPeriod rebuilt = next_of(journal, check.after);
  if (!rebuilt.period) return rebuilt;
  ColumnCache cache(kNoCache);
  for (const PartitionView& partition : journal) {
    const PartitionInfo& info = *partition.info;
    if (info.start != micros(*rebuilt.period)) continue;
    for (const auto& block : *partition.sealed) {
      DAYBOOK_ASSIGN(const Rewritten rewritten,
                     encode_anew(shelf, {block}, snapshot.db(), cache, snapshot.view().commit,
                                 [](std::size_t) { return true; }));
      DAYBOOK_TRY(writer.run([&](WriteAccess& access) {
        return exchange(access, shelf, {info.start, info.keep}, rewritten);
      }));
      rebuilt.rows += rewritten.rows.header.rows;
      rebuilt.sums += sums_in(rewritten.rows.header);
    }
  }
  return rebuilt;
}

}  // namespace daybook::sqlite
