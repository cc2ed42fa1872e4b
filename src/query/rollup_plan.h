// RollupPlan: which of a collection's rollups answers a summary, and how: which buckets of which
// tier stand for a window's rows, and how their cells fold into the summary's groups. The choice
// depends on the summary alone, so that every store makes the same one. Immutable; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "query/measure_plan.h"
#include "query/rollup_cells.h"
#include "query/slot_sums.h"
#include "query/summary.h"

namespace daybook {

class RollupPlan {
 public:
  // Of the rollups that have all the summary asks for, the one by the fewest fields: it groups by
  // and filters by the rollup's `by` fields only, and measures what the rollup measures. Empty when
  // none has, or where buckets finer than its finest tier are asked for. The summary must outlive
  // it.
  static std::optional<RollupPlan> make(const Summary& summary);

  const Rollup& rollup() const { return *rollup_; }
  std::size_t number() const { return number_; }  // of the rollup among the collection's
  const std::vector<Duration>& tiers() const { return tiers_; }  // ascending
  WantedCells wanted() const;
  // Which of the rollup's `by` fields matter to the answer.
  std::vector<bool> wanted_by() const;

  // A range of time within one bucket of the summary. Where `is_whole`, it is made of whole buckets
  // of the finest tier that the rollup still keeps: what was in them counts also when the rows are
  // past their own keep. Elsewhere only rows that are still seen count.
  struct Span {
    std::int64_t start, end;  // microseconds, half-open
    Instant bucket;           // of the summary; of no meaning without `every`
    bool is_whole;
  };
  // The window's part of [start, end) as spans, in order.
  std::vector<Span> spans(std::int64_t start, std::int64_t end) const;
  // Takes out of the spans, which stay in order, what whole buckets of this width cover.
  static std::vector<Span> take_buckets(std::vector<Span>& spans, Duration width);
  // Whether a row of this time counts although it is past its keep.
  bool counts_past_keep(std::int64_t time) const;

  // Whether the cells hold what the summary asks for; so unless they were made for an earlier
  // declaration of the rollup.
  bool is_answered_by(const RollupCells& cells) const;

 private:
  // Where a state of the MeasurePlan comes from.
  struct Source {
    enum class What { kMeasure, kDistinct, kRate, kRows, kKey } what = What::kRows;
    std::size_t number = 0;  // of the distinct field, the rate or the `by` field
  };

  RollupPlan(const Summary& summary, const Rollup& rollup, std::size_t number);
  bool is_possible();
  bool find_sources();
  std::optional<Source> source_of(const MeasurePlan::State& state,
                                  const std::vector<Filter>& rates) const;
  std::optional<std::size_t> by_number(const FieldRef& ref) const;
  bool reads_only_keys(const Filter& filter) const;
  std::int64_t kept_from() const;
  void add_spans(std::int64_t start, std::int64_t end, Instant bucket,
                 std::vector<Span>& spans) const;

  friend class CellFolder;  // reads how states come from cells

  const Summary* summary_;
  const Rollup* rollup_;
  std::size_t number_;
  std::vector<Duration> tiers_;
  MeasurePlan plan_;
  std::vector<Source> sources_;          // by MeasurePlan::states
  std::vector<std::size_t> by_numbers_;  // of Summary::by in Rollup::by
};

// Folds cells into the groups of the plan's summary. For one thread; plan and cells outlive it.
class CellFolder {
 public:
  // The cells' buckets ascend, and the plan is answered by them.
  CellFolder(const RollupPlan& plan, const RollupCells& cells);

  // By key: whether the summary asks for its cells.
  const std::vector<char>& asked() const { return is_asked_; }

  // Those whose buckets begin in [start, end), as rows of one bucket of the summary. kMalformed
  // when they were not stored as write_cells() does.
  Result<void> fold(std::int64_t start, std::int64_t end, Instant bucket, GroupTable& groups);
  // Folded so far, and the rows that they stand for.
  std::uint64_t cells() const { return folded_cells_; }
  std::uint64_t rows() const { return folded_rows_; }

 private:
  using Numbers = std::vector<std::uint32_t>;
  // Keys told apart by some of the `by` fields only.
  struct Projection {
    Numbers of_key;
    Numbers examples;  // a key of each
  };

  Projection project(const std::vector<std::size_t>& by) const;
  std::vector<char> judge(const Filter& filter) const;
  void choose(std::int64_t start, std::int64_t end);
  Result<std::vector<Accumulator>> fold_state(std::size_t state);
  Result<void> fold_measure(const MeasurePlan::State& state, std::vector<Accumulator>& groups);
  Result<void> fold_slots(const MeasureCells& measure, std::vector<Accumulator>& groups);

  const RollupPlan& plan_;
  const RollupCells& cells_;
  Projection groups_;
  std::vector<char> is_asked_;            // by key: what the filter says
  std::vector<std::vector<char>> holds_;  // by state, by key: what its condition says

  std::uint64_t folded_cells_ = 0, folded_rows_ = 0;

  SlotSums slots_;

  // Of the range at hand.
  Numbers chosen_;    // cells
  Numbers group_of_;  // by chosen cell
  Numbers in_range_;  // the groups of the range, by their numbers there
  Numbers known_;     // by group: its number there
};

}  // namespace daybook
