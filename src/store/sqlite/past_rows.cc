#include "store/sqlite/past_rows.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "store/columns/rolling.h"

namespace daybook::sqlite {

namespace {

constexpr Duration kHour = std::chrono::hours(1);
// Tiers below have many cells: they are stored hour by hour, the others period by period.
constexpr Duration kFine = std::chrono::minutes(15);

// The rows of one hour of a partition.
using Hour = std::vector<GoingRows>;

Result<std::map<std::int64_t, Hour>> by_hour(const Collection& collection,
                                             const std::vector<GoingRows>& going) {
  std::map<std::int64_t, Hour> hours;
  for (const GoingRows& rows : going) {
    DAYBOOK_ASSIGN(const columns::Column* times, rows.block->column(collection.time_field));
    for (const std::uint32_t position : rows.positions) {
      Hour& hour = hours[bucket_start(times->numbers()[position], kHour)];
      if (hour.empty() || hour.back().block != rows.block) hour.push_back({rows.block, {}});
      hour.back().positions.push_back(position);
    }
    rows.block->forget();
  }
  return hours;
}

// Lets go of the blocks that the next hour has no rows of: all of a partition would be too much.
void forget_all_but(const Hour* next, const Hour& hour) {
  for (const GoingRows& rows : hour) {
    const bool goes_on =
        next && std::ranges::find(*next, rows.block, &GoingRows::block) != next->end();
    if (!goes_on) rows.block->forget();
  }
}

std::vector<const RollupCells*> pointers(const std::vector<RollupCells>& cells) {
  std::vector<const RollupCells*> all;
  for (const RollupCells& part : cells) all.push_back(&part);
  return all;
}

class RollupPast {
 public:
  RollupPast(const Shelf& shelf, const PartitionInfo& info, const Rollup& rollup,
             std::vector<PastChunk>& chunks)
      : shelf_(shelf), info_(info), rollup_(rollup), chunks_(chunks) {
    for (const Step& tier : rollup.tiers) {
      (width_of(tier) < kFine ? fine_ : coarse_).push_back(width_of(tier));
    }
  }

  Result<void> add_hour(std::int64_t start, const Hour& hour) {
    std::vector<RollupCells> parts;
    for (const GoingRows& rows : hour) {
      DAYBOOK_ASSIGN(const auto cells, columns::cells_of(*rows.block, rows.positions, rollup_,
                                                         columns::Entries::kAll));
      parts.push_back(merge_cells({&*cells}, width_of(rollup_.tiers.front())));
    }
    for (const Duration width : fine_) {
      RollupCells merged = merge_cells(pointers(parts), width);
      add(merged, start, start + kHour.count());
      parts.clear();
      parts.push_back(std::move(merged));
    }
    if (!coarse_.empty()) hours_.push_back(merge_cells(pointers(parts), coarse_.front()));
    return {};
  }

  void finish() {
    for (const Duration width : coarse_) {
      RollupCells merged = merge_cells(pointers(hours_), width);
      add(merged, info_.start, info_.until);
      hours_.clear();
      hours_.push_back(std::move(merged));
    }
  }

 private:
  void add(const RollupCells& cells, std::int64_t start, std::int64_t until) {
    chunks_.push_back({&rollup_,
                       {0, cells.width, start, until},
                       write_cells(cells, *shelf_.collection, rollup_)});
  }

  const Shelf& shelf_;
  const PartitionInfo& info_;
  const Rollup& rollup_;
  std::vector<PastChunk>& chunks_;
  std::vector<Duration> fine_, coarse_;
  std::vector<RollupCells> hours_;  // of the first coarse tier
};

bool is_kept(const Rollup& rollup, const PartitionInfo& info, Instant now) {
  if (rollup.tiers.empty()) return false;
  if (!rollup.keep) return true;
  return info.until + width_of(rollup.tiers.front()).count() + rollup.keep->count() > micros(now);
}

}  // namespace

Result<std::vector<PastChunk>> roll_past(const Shelf& shelf, const PartitionInfo& info,
                                         const std::vector<GoingRows>& going, Instant now) {
  std::vector<PastChunk> chunks;
  if (!info.is_counted()) return chunks;
  const Collection& collection = *shelf.collection;
  const bool is_any = std::ranges::any_of(
      collection.rollups, [&](const Rollup& rollup) { return is_kept(rollup, info, now); });
  if (!is_any) return chunks;
  DAYBOOK_ASSIGN(const auto hours, by_hour(collection, going));
  if (hours.empty()) return chunks;
  for (const Rollup& rollup : collection.rollups) {
    if (!is_kept(rollup, info, now)) continue;
    RollupPast past(shelf, info, rollup, chunks);
    for (auto hour = hours.begin(); hour != hours.end(); ++hour) {
      DAYBOOK_TRY(past.add_hour(hour->first, hour->second));
      const auto next = std::next(hour);
      forget_all_but(next == hours.end() ? nullptr : &next->second, hour->second);
    }
    past.finish();
  }
  return chunks;
}

Result<void> keep_past(Connection& db, const Shelf& shelf, const PartitionInfo& info,
                       const std::vector<PastChunk>& chunks) {
  for (const PastChunk& chunk : chunks) {
    DAYBOOK_TRY(add_past(db, shelf, *chunk.rollup, info.start, chunk.chunk, chunk.bytes));
  }
  return {};
}

}  // namespace daybook::sqlite
