#include "store/sqlite/rollup_check.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "store/columns/rolling.h"
#include "store/sqlite/rollup_tables.h"

namespace daybook::sqlite {

namespace {

using Limits = std::numeric_limits<std::int64_t>;

// Compares what is stored of one period of one journal; ends with the first difference.
class PeriodCheck {
 public:
  PeriodCheck(const Source& source, std::int64_t period, RolledPeriod& found)
      : source_(source), period_(period), found_(found) {}

  Result<void> run() {
    const auto& rollups = collection().rollups;
    for (number_ = 0; number_ < rollups.size(); ++number_) {
      for (const PartitionView& partition :
           *source_.snapshot.view().journals[source_.shelf.index]) {
        if (partition.info->start == period_) DAYBOOK_TRY(check_partition(partition));
      }
      DAYBOOK_TRY(check_past());
      if (!found_.difference.empty()) return {};
    }
    return {};
  }

 private:
  const Collection& collection() const { return *source_.shelf.collection; }
  const Rollup& rollup() const { return collection().rollups[number_]; }

  // Empty where so much is not stored either.
  Result<std::optional<RollupCells>> cells_of(const SealedBlock& block) {
    SealedColumns columns(source_.shelf, block, source_.snapshot.db(), source_.cache);
    columns::BlockReader reader(collection(), columns, block.deaths, block.header.rows,
                                source_.snapshot.view().commit);
    columns::Positions positions;
    for (std::uint32_t position = 0; position < block.header.rows; ++position) {
      if (!reader.is_dead(position)) positions.push_back(position);
    }
    // The blocks come round once for each rollup.
    if (counted_.insert(block.number).second) found_.rows += positions.size();
    return columns::cells_of(reader, positions, rollup(), columns::Entries::kBounded);
  }

  Result<void> check_partition(const PartitionView& partition) {
    DAYBOOK_ASSIGN(const PartitionSums sums,
                   find_sums(source_.snapshot.db(), partition.info->id, rollup()));
    std::vector<RollupCells> summed;
    bool is_right_still = true;
    for (const auto& block : *partition.sealed) {
      const bool is_summed = std::ranges::binary_search(sums.blocks, block->number);
      if (block->deaths.any() && !is_summed) continue;
      DAYBOOK_ASSIGN(const auto cells, cells_of(*block));
      if (!cells) continue;
      if (!block->deaths.any()) DAYBOOK_TRY(check_block(*block, *cells));
      if (!is_summed) continue;
      is_right_still = is_right_still && block->deaths.last() <= sums.commit;
      if (!sums.tiers.empty() && cells->width <= sums.tiers.front().width) {
        summed.push_back(merge_cells({&*cells}, sums.tiers.front().width));
      }
    }
    if (!is_right_still || summed.size() != sums.blocks.size()) return {};
    for (const StoredTier& tier : sums.tiers) {
      std::vector<const RollupCells*> parts;
      for (const RollupCells& part : summed) parts.push_back(&part);
      DAYBOOK_ASSIGN(const Query stored, read_sums(source_.snapshot.db(), tier));
      compare(merge_cells(parts, tier.width), stored.blob(0),
              "partition " + std::to_string(partition.info->id));
    }
    return {};
  }

  Result<void> check_block(const SealedBlock& block, const RollupCells& cells) {
    SealedColumns columns(source_.shelf, block, source_.snapshot.db(), source_.cache);
    for (std::size_t tier = 0; tier < rollup().tiers.size(); ++tier) {
      DAYBOOK_ASSIGN(const auto content, columns.part({columns::PartKind::kRollup,
                                                       columns::rollup_number(number_, tier)}));
      if (!content || width_of(rollup().tiers[tier]) < cells.width) continue;
      DAYBOOK_ASSIGN(const std::string_view bytes, content->all());
      compare(merge_cells({&cells}, width_of(rollup().tiers[tier])), bytes,
              "block " + std::to_string(block.number));
    }
    return {};
  }

  // The rows are gone: a tier is compared with the one before it.
  Result<void> check_past() {
    DAYBOOK_ASSIGN(const auto periods, find_past(source_.snapshot.db(), source_.shelf, rollup(),
                                                 Limits::min(), Limits::max()));
    const auto past = std::ranges::find(periods, period_, &PastSums::period);
    if (past == periods.end()) return {};
    std::vector<RollupCells> finer;
    for (auto chunk = past->chunks.begin(); chunk != past->chunks.end();) {
      const Duration width = chunk->width;
      std::vector<RollupCells> cells;
      for (; chunk != past->chunks.end() && chunk->width == width; ++chunk) {
        DAYBOOK_ASSIGN(const Query stored, read_past(source_.snapshot.db(), *chunk));
        auto read = read_cells(stored.blob(0), collection(), rollup(), all_cells());
        if (!read.ok()) {
          differ("sums of rows that are gone", width, read.error().message());
          return {};
        }
        ++found_.sums;
        cells.push_back(*std::move(read));
      }
      RollupCells merged = merge_cells(pointers(cells), width);
      if (!finer.empty()) {
        const RollupCells expected = merge_cells(pointers(finer), width);
        differ("sums of rows that are gone", width,
               first_difference(expected, merged, collection(), rollup()));
      }
      finer.clear();
      finer.push_back(std::move(merged));
    }
    return {};
  }

  static std::vector<const RollupCells*> pointers(const std::vector<RollupCells>& cells) {
    std::vector<const RollupCells*> all;
    for (const RollupCells& part : cells) all.push_back(&part);
    return all;
  }

  void compare(const RollupCells& expected, std::string_view bytes, const std::string& where) {
    const auto read = read_cells(bytes, collection(), rollup(), all_cells());
    ++found_.sums;
    // Of an earlier declaration: no question uses them.
    if (!read.ok() && read.error().code() == Code::kInvalid) return;
    differ(where, expected.width,
           read.ok() ? first_difference(expected, *read, collection(), rollup())
                     : read.error().message());
  }

  void differ(const std::string& where, Duration width, const std::string& what) {
    if (what.empty() || !found_.difference.empty()) return;
    found_.difference =
        where + ", rollup " + rollup().name + ", " + format_duration(width) + ": " + what;
  }

  const Source& source_;
  std::int64_t period_;
  RolledPeriod& found_;
  std::size_t number_ = 0;
  std::set<std::int64_t> counted_;  // blocks whose rows are told
};

Result<std::set<std::int64_t>> periods_of(const Source& source) {
  std::set<std::int64_t> periods;
  for (const PartitionView& partition : *source.snapshot.view().journals[source.shelf.index]) {
    periods.insert(partition.info->start);
  }
  for (const Rollup& rollup : source.shelf.collection->rollups) {
    DAYBOOK_ASSIGN(const auto past, find_past(source.snapshot.db(), source.shelf, rollup,
                                              Limits::min(), Limits::max()));
    for (const PastSums& period : past) periods.insert(period.period);
  }
  return periods;
}

}  // namespace

RolledPeriod next_period(const std::set<std::int64_t>& periods,
                         const std::optional<Instant>& after) {
  const auto next = after ? periods.upper_bound(micros(*after)) : periods.begin();
  RolledPeriod period;
  period.of = periods.size();
  period.done = static_cast<std::uint64_t>(std::distance(periods.begin(), next));
  if (next == periods.end()) return period;
  period.period = from_micros(*next);
  ++period.done;
  return period;
}

Result<RolledPeriod> check_period(const Source& source, const RollupCheck& check) {
  DAYBOOK_ASSIGN(const auto periods, periods_of(source));
  RolledPeriod found = next_period(periods, check.after);
  if (found.period) DAYBOOK_TRY(PeriodCheck(source, micros(*found.period), found).run());
  return found;
}

}  // namespace daybook::sqlite
