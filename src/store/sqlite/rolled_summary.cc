#include "store/sqlite/rolled_summary.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "store/columns/rolling.h"

namespace daybook::sqlite {

namespace {

using Limits = std::numeric_limits<std::int64_t>;
using Spans = std::vector<RollupPlan::Span>;

// So much is held before it is folded.
constexpr std::size_t kMostGathered = 4u << 20;

// Of what is remembered. A filter may name thousands of ids, a question ask for thousands of
// buckets.
constexpr std::size_t kLongestName = 64u << 10;

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

// A span for each bucket of the summary, around all of them that are in it.
Spans of_buckets(Spans spans) {
  std::ranges::sort(spans, {}, &RollupPlan::Span::start);
  Spans all;
  for (const RollupPlan::Span& span : spans) {
    if (all.empty() || all.back().bucket != span.bucket) {
      all.push_back(span);
    } else {
      all.back().end = std::max(all.back().end, span.end);
    }
  }
  return all;
}

void append(std::string& name, std::int64_t number) {
  name.append(reinterpret_cast<const char*>(&number), sizeof(number));
}

void append(std::string& name, std::string_view text) {
  append(name, static_cast<std::int64_t>(text.size()));
  name += text;
}

void append_ranges(std::string& name, const Spans& spans) {
  append(name, static_cast<std::int64_t>(spans.size()));
  for (const RollupPlan::Span& span : spans) {
    append(name, span.start);
    append(name, span.end);
  }
}

std::string name_of(const RollupPlan& plan, const WantedCells& wanted, const Filter& filter) {
  std::string name;
  append(name, canonical_text(filter));
  append(name, static_cast<std::int64_t>(plan.number()));
  for (const bool by : plan.wanted_by()) name += by ? '1' : '0';
  name += wanted.distinct ? 'd' : '-';
  append(name, static_cast<std::int64_t>(wanted.measures.size()));
  for (const auto& [field, parts] : wanted.measures) {
    append(name, static_cast<std::int64_t>(field.field));
    append(name, field.key);
    append(name, std::int64_t{parts});
  }
  return name;
}

std::string name_of(const SealedBlock& block) {
  std::string name = "b";
  append(name, block.number);
  return name;
}

// Of the same blocks as of the same commit, sums are the same.
std::string name_of(const PartitionSums& sums) {
  std::string name = "p";
  append(name, static_cast<std::int64_t>(sums.commit));
  append(name, static_cast<std::int64_t>(sums.blocks.size()));
  for (const std::int64_t block : sums.blocks) append(name, block);
  return name;
}

}  // namespace

RolledSummary::RolledSummary(const Source& source, const Summary& summary, const RollupPlan& plan,
                             JournalReader& reader, GroupTable& groups)
    : source_(source),
      summary_(summary),
      plan_(plan),
      wanted_(plan.wanted()),
      wanted_by_(plan.wanted_by()),
      asked_(name_of(plan, wanted_, summary.filter)),
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
  DAYBOOK_TRY(fold_gathered());
  return std::move(places_);
}

Result<void> RolledSummary::fold_past() {
  const std::int64_t start = summary_.window ? micros(summary_.window->start) : Limits::min();
  const std::int64_t end = summary_.window ? micros(summary_.window->end) : Limits::max();
  Connection& db = source_.snapshot.db();
  DAYBOOK_ASSIGN(const auto periods, find_past(db, source_.shelf, plan_.rollup(), start, end));
  for (const PastSums& past : periods) DAYBOOK_TRY(fold_chunks(past));
  return fold_gathered();  // apart from those that can be remembered
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
      DAYBOOK_ASSIGN(const Query stored, read_past(source_.snapshot.db(), chunk));
      DAYBOOK_ASSIGN(const auto cells, narrowed(stored.blob(0), width, taken));
      if (cells) DAYBOOK_TRY(gather({{}, cells, taken}));
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
    std::optional<Query> held;
    const auto read = [&](std::size_t i) -> Result<std::string_view> {
      held.reset();
      DAYBOOK_ASSIGN(Query stored, read_sums(db, sums.tiers[i]));
      held.emplace(std::move(stored));
      return held->blob(0);
    };
    DAYBOOK_TRY(fold_tiers(name_of(sums), widths, read, left));
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
    std::shared_ptr<columns::PartContent> held;
    const auto read = [&](std::size_t i) -> Result<std::string_view> {
      DAYBOOK_ASSIGN(held, columns.part(parts[i]));
      if (!held) return std::string_view();
      return held->all();
    };
    DAYBOOK_TRY(fold_tiers(name_of(block), widths, read, spans));
  }
  leave(&block, nullptr, spans, info);
  return {};
}

template <typename Read>
Result<void> RolledSummary::fold_tiers(const std::string& name, const std::vector<Duration>& widths,
                                       const Read& read, Spans& spans) {
  for (std::size_t i = widths.size(); i-- > 0;) {
    Spans left = spans;
    const Spans taken = RollupPlan::take_buckets(left, widths[i]);
    if (taken.empty()) continue;
    std::string place = name;
    append(place, widths[i].count());
    append_ranges(place, taken);
    const std::string asked = "c" + asked_ + place;
    auto cells = source_.cells.find(asked);
    if (!cells) {
      DAYBOOK_ASSIGN(const std::string_view bytes, read(i));
      DAYBOOK_ASSIGN(cells, narrowed(bytes, widths[i], taken));
      if (!cells) continue;
      source_.cells.put(asked, cells);
    } else if (!plan_.is_answered_by(*cells)) {
      continue;  // of an earlier declaration, which could answer others
    }
    DAYBOOK_TRY(gather({std::move(place), std::move(cells), taken}));
    spans = std::move(left);
  }
  return {};
}

Result<std::shared_ptr<const RollupCells>> RolledSummary::narrowed(std::string_view bytes,
                                                                   Duration width,
                                                                   const Spans& taken) const {
  using Cells = std::shared_ptr<const RollupCells>;
  WantedCells wanted = wanted_;
  auto& ranges = wanted.ranges.emplace();
  for (const RollupPlan::Span& span : taken) ranges.emplace_back(span.start, span.end);
  wanted.keys = [&](const RollupCells& keys) { return CellFolder(plan_, keys).asked(); };
  const auto cells = read_cells(bytes, *summary_.collection, plan_.rollup(), wanted);
  if (!cells.ok()) {
    if (cells.error().code() == Code::kInvalid) return Cells();
    return cells.error();
  }
  if (cells->width != width || !plan_.is_answered_by(*cells)) return Cells();
  DAYBOOK_ASSIGN(auto narrow, narrow_cells({&*cells}, {std::move(ranges), wanted_by_}));
  return std::make_shared<const RollupCells>(std::move(narrow));
}

Result<void> RolledSummary::gather(Gathered part) {
  gathered_bytes_ += part.cells->bytes() + part.place.size();
  gathered_.push_back(std::move(part));
  return gathered_bytes_ < kMostGathered ? Result<void>() : fold_gathered();
}

Result<void> RolledSummary::fold_gathered() {
  const auto all = std::exchange(gathered_, {});
  gathered_bytes_ = 0;
  Spans spans;
  for (const Gathered& part : all) {
    spans.insert(spans.end(), part.spans.begin(), part.spans.end());
  }
  const Spans buckets = of_buckets(spans);
  if (buckets.size() == spans.size()) {  // nothing to sum
    for (const Gathered& part : all) DAYBOOK_TRY(fold_cells(*part.cells, part.spans));
    return {};
  }
  DAYBOOK_ASSIGN(const auto cells, summed(all, buckets));
  return fold_cells(*cells, buckets);
}

Result<std::shared_ptr<const RollupCells>> RolledSummary::summed(const std::vector<Gathered>& parts,
                                                                 const Spans& buckets) const {
  const std::string name = sum_name(parts, buckets);
  if (!name.empty()) {
    if (auto known = source_.cells.find(name)) return known;
  }
  Narrowing narrowing{{}, wanted_by_};
  for (const RollupPlan::Span& span : buckets) narrowing.ranges.emplace_back(span.start, span.end);
  std::vector<const RollupCells*> cells;
  for (const Gathered& part : parts) cells.push_back(part.cells.get());
  DAYBOOK_ASSIGN(auto sums, narrow_cells(cells, narrowing));
  auto kept = std::make_shared<const RollupCells>(std::move(sums));
  // A window that moves on, or another block, makes another name of it.
  if (!name.empty() && source_.cells.is_asked_again(name)) source_.cells.put(name, kept);
  return kept;
}

std::string RolledSummary::sum_name(const std::vector<Gathered>& parts,
                                    const Spans& buckets) const {
  std::string name = "s" + asked_;
  append_ranges(name, buckets);
  for (const Gathered& part : parts) {
    if (part.place.empty() || name.size() > kLongestName) return {};
    append(name, part.place);
  }
  return name;
}

Result<void> RolledSummary::fold_cells(const RollupCells& cells, const Spans& taken) {
  CellFolder folder(plan_, cells);
  for (const RollupPlan::Span& span : taken) {
    DAYBOOK_TRY(folder.fold(span.start, span.end, span.bucket, groups_));
  }
  cells_ += folder.cells();
  rows_ += folder.rows();
  return {};
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
