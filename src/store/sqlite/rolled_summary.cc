#include "store/sqlite/rolled_summary.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "store/columns/rolling.h"

namespace daybook::sqlite {

namespace {

using Limits = std::numeric_limits<std::int64_t>;
using Spans = std::vector<RollupPlan::Span>;

// The part of the spans within [start, end), neighbours of one kind as one: rows need no cut where
// the summary's buckets meet.
Spans joined(const Spans& spans, std::int64_t start, std::int64_t end) {
  Spans all;
  for (const RollupPlan::Span& span : spans) {
    const std::int64_t from = std::max(span.start, start);
    const std::int64_t until = std::min(span.end, end);
    if (from >= until) continue;
    if (!all.empty() && all.back().end == from && all.back().is_whole == span.is_whole) {
      all.back().end = until;
    } else {
      all.push_back({from, until, span.bucket, span.is_whole});
    }
  }
  return all;
}

}  // namespace

RolledSummary::RolledSummary(const Source& source, const Summary& summary, const RollupPlan& plan,
                             JournalReader& reader, GroupTable& groups)
    : source_(source),
      summary_(summary),
      plan_(plan),
      wanted_(plan.wanted()),
      reader_(reader),
      groups_(groups) {}

Spans RolledSummary::spans_around(std::int64_t start, std::int64_t end) const {
  const Duration coarsest = plan_.tiers().back();
  return plan_.spans(bucket_start(start, coarsest),
                     bucket_start(end - 1, coarsest) + coarsest.count());
}

Result<std::vector<BlockPlace>> RolledSummary::fold(Cost& cost) {
  DAYBOOK_TRY(fold_past());
  const std::int64_t start = summary_.window ? micros(summary_.window->start) : Limits::min();
  const std::int64_t end = summary_.window ? micros(summary_.window->end) : Limits::max();
  const auto& journal = source_.snapshot.view().journals[source_.shelf.index];
  for (const PartitionView& partition : *journal) {
    if (partition.info->until <= start || partition.info->start >= end) continue;
    if (!partition.info->is_counted()) continue;
    ++cost.partitions;
    DAYBOOK_TRY(fold_partition(partition, cost));
  }
  return std::move(places_);
}

Result<void> RolledSummary::fold_past() {
  const std::int64_t start = summary_.window ? micros(summary_.window->start) : Limits::min();
  const std::int64_t end = summary_.window ? micros(summary_.window->end) : Limits::max();
  Connection& db = source_.snapshot.db();
  DAYBOOK_ASSIGN(const auto periods, find_past(db, source_.shelf, plan_.rollup(), start, end));
  for (const PastSums& past : periods) DAYBOOK_TRY(fold_chunks(past));
  return {};
}

Result<void> RolledSummary::fold_chunks(const PastSums& past) {
  std::int64_t start = Limits::max();
  std::int64_t until = Limits::min();
  for (const PastSums::Chunk& chunk : past.chunks) {
    start = std::min(start, chunk.start);
    until = std::max(until, chunk.until);
  }
  Spans spans = spans_around(start, until);
  // From the coarsest tier on; all chunks of a tier are there or none is.
  for (std::size_t end = past.chunks.size(); end > 0;) {
    const Duration width = past.chunks[end - 1].width;
    const Spans taken = RollupPlan::take_buckets(spans, width);
    for (; end > 0 && past.chunks[end - 1].width == width; --end) {
      const PastSums::Chunk& chunk = past.chunks[end - 1];
      const auto is_met = [&](const RollupPlan::Span& span) {
        return span.start < chunk.until && chunk.start < span.end;
      };
      if (std::ranges::none_of(taken, is_met)) continue;
      DAYBOOK_ASSIGN(const std::string bytes, read_past(source_.snapshot.db(), chunk));
      DAYBOOK_TRY(fold_cells(bytes, width, taken));
    }
  }
  return {};
}

std::vector<std::int64_t> RolledSummary::covered(const PartitionView& partition,
                                                 const PartitionSums& sums) const {
  if (sums.tiers.empty()) return {};
  std::size_t found = 0;
  for (const auto& block : *partition.sealed) {
    if (!std::ranges::binary_search(sums.blocks, block->number)) continue;
    if (block->deaths.last() > sums.commit) return {};
    ++found;
  }
  return found == sums.blocks.size() ? sums.blocks : std::vector<std::int64_t>();
}

Result<void> RolledSummary::fold_partition(const PartitionView& partition, Cost& cost) {
  const PartitionInfo& info = *partition.info;
  Connection& db = source_.snapshot.db();
  const Spans all = spans_around(info.start, info.until);
  DAYBOOK_ASSIGN(const PartitionSums sums, find_sums(db, info.id, plan_.rollup()));
  const auto blocks = covered(partition, sums);
  Spans left = all;
  if (!blocks.empty()) {
    std::vector<Duration> widths;
    for (const StoredTier& tier : sums.tiers) widths.push_back(tier.width);
    const auto read = [&](std::size_t i) { return read_sums(db, sums.tiers[i]); };
    DAYBOOK_TRY(fold_tiers(widths, read, left));
  }
  for (const auto& block : *partition.sealed) {
    const bool is_covered = std::ranges::binary_search(blocks, block->number);
    DAYBOOK_TRY(fold_block(*block, is_covered ? left : all, info, cost));
  }
  for (const OpenRows* open : {&partition.frozen, &partition.open}) {
    if (open->rows > 0) leave(nullptr, open, all, info);
  }
  return {};
}

Result<void> RolledSummary::fold_block(const SealedBlock& block, Spans spans,
                                       const PartitionInfo& info, Cost& cost) {
  const columns::BlockHeader& header = block.header;
  const auto is_met = [&](const RollupPlan::Span& span) {
    return span.start <= header.last_time && header.first_time < span.end;
  };
  std::erase_if(spans, [&](const auto& span) { return !is_met(span); });
  if (spans.empty()) {
    ++cost.blocks_skipped.by_window;
    return {};
  }
  if (!block.deaths.any()) {
    SealedColumns columns(source_.shelf, block, source_.snapshot.db(), source_.cache);
    std::vector<Duration> widths;
    std::vector<columns::PartNumber> parts;
    for (std::size_t tier = 0; tier < plan_.tiers().size(); ++tier) {
      const columns::PartNumber part{columns::PartKind::kRollup,
                                     columns::rollup_number(plan_.number(), tier)};
      if (!header.has(part)) continue;
      widths.push_back(plan_.tiers()[tier]);
      parts.push_back(part);
    }
    const auto read = [&](std::size_t i) -> Result<std::string> {
      DAYBOOK_ASSIGN(const auto content, columns.part(parts[i]));
      if (!content) return std::string();
      DAYBOOK_ASSIGN(const std::string_view bytes, content->all());
      return std::string(bytes);
    };
    DAYBOOK_TRY(fold_tiers(widths, read, spans));
  }
  leave(&block, nullptr, spans, info);
  return {};
}

template <typename Read>
Result<void> RolledSummary::fold_tiers(const std::vector<Duration>& widths, const Read& read,
                                       Spans& spans) {
  for (std::size_t i = widths.size(); i-- > 0;) {
    Spans left = spans;
    const Spans taken = RollupPlan::take_buckets(left, widths[i]);
    if (taken.empty()) continue;
    DAYBOOK_ASSIGN(const std::string bytes, read(i));
    DAYBOOK_ASSIGN(const bool is_folded, fold_cells(bytes, widths[i], taken));
    if (is_folded) spans = std::move(left);
  }
  return {};
}

Result<bool> RolledSummary::fold_cells(std::string_view bytes, Duration width, const Spans& taken) {
  WantedCells wanted = wanted_;
  wanted.ranges.clear();
  for (const RollupPlan::Span& span : taken) wanted.ranges.emplace_back(span.start, span.end);
  auto cells = read_cells(bytes, *summary_.collection, plan_.rollup(), wanted);
  if (!cells.ok()) {
    if (cells.error().code() == Code::kInvalid) return false;
    return std::move(cells).error();
  }
  if (cells->width != width || !plan_.is_answered_by(*cells)) return false;
  CellFolder folder(plan_, *cells);
  for (const RollupPlan::Span& span : taken) {
    DAYBOOK_TRY(folder.fold(span.start, span.end, span.bucket, groups_));
  }
  cells_ += folder.cells();
  rows_ += folder.rows();
  return true;
}

void RolledSummary::leave(const SealedBlock* sealed, const OpenRows* open, const Spans& spans,
                          const PartitionInfo& info) {
  const std::int64_t start = sealed ? sealed->header.first_time : Limits::min();
  const std::int64_t end = sealed ? sealed->header.last_time + 1 : Limits::max();
  for (const RollupPlan::Span& span : joined(spans, start, end)) {
    columns::Selection selection;
    // Of whole buckets all rows count, also those that are past their keep.
    if (!span.is_whole) selection = reader_.selection(info, summary_.window, summary_.now);
    selection.start = std::max(selection.start, span.start);
    selection.end = std::min(selection.end, span.end);
    if (!selection.is_empty()) places_.push_back({sealed, open, selection});
  }
}

}  // namespace daybook::sqlite
