#include "store/sqlite/journal_reader.h"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

#include "store/sqlite/row_finder.h"
#include "store/sqlite/time_walk.h"

namespace daybook::sqlite {

namespace {

const JournalView kNoPartitions;

std::int64_t period_in_micros(const Keep& keep) { return keep.period->count(); }

}  // namespace

JournalReader::JournalReader(const Shelf& shelf, Snapshot& snapshot, ColumnCache& cache)
    : shelf_(shelf),
      snapshot_(snapshot),
      cache_(cache),
      view_(snapshot.view().journals[shelf.index] ? *snapshot.view().journals[shelf.index]
                                                  : kNoPartitions) {}

columns::Selection JournalReader::selection(const PartitionInfo& info,
                                            const std::optional<Window>& window,
                                            Instant now) const {
  const Keep& keep = shelf_.collection->keep;
  columns::Selection selection;
  if (window) {
    selection.start = micros(window->start);
    selection.end = micros(window->end);
  }
  selection.now = micros(now);
  const auto hide_until = [&](std::int64_t kept) {
    selection.start = std::max(selection.start, micros(now) - kept + 1);
  };
  if (keep.at_field) {
    selection.expires_field = keep.at_field;
  } else if (!keep.classes.empty() && info.rule != shelf_.keep_words) {
    selection.rule = &shelf_.keep;  // the classes have changed since: each row is asked
  } else if (!keep.classes.empty()) {
    if (info.keep >= 0) hide_until(info.keep);
  } else if (keep.period) {
    hide_until(period_in_micros(keep));
  }
  return selection;
}

std::vector<JournalReader::Period> JournalReader::periods(const std::optional<Window>& window,
                                                          const Filter& filter) const {
  TimeRange range = time_range(filter, shelf_.collection->time_field);
  if (window) {
    range.start = std::max(range.start, window->start);
    range.end = std::min(range.end, window->end);
  }
  std::vector<Period> found;
  for (const PartitionView& partition : view_) {
    const PartitionInfo& info = *partition.info;
    if (info.until <= micros(range.start) || info.start >= micros(range.end)) continue;
    if (found.empty() || found.back().front()->info->start != info.start) found.emplace_back();
    found.back().push_back(&partition);
  }
  return found;
}

OpenedBlock JournalReader::opened(const SealedBlock& block) {
  OpenedBlock made;
  made.first_time = block.header.first_time;
  made.last_time = block.header.last_time;
  made.columns = std::make_unique<SealedColumns>(shelf_, block, snapshot_.db(), cache_);
  made.reader = std::make_unique<columns::BlockReader>(
      *shelf_.collection, *made.columns, block.deaths, block.header.rows, snapshot_.view().commit);
  return made;
}

OpenedBlock JournalReader::opened(const OpenRows& rows) {
  OpenedBlock made;
  made.columns = std::make_unique<columns::OpenColumns>(rows.block);
  const columns::OpenBlock& block = *rows.block;
  made.reader = std::make_unique<columns::BlockReader>(
      *shelf_.collection, *made.columns, block.deaths(), rows.rows, snapshot_.view().commit);
  return made;
}

std::vector<OpenedBlock> JournalReader::open(const PartitionView& partition,
                                             const columns::Selection& selection, Cost& cost) {
  std::vector<OpenedBlock> blocks;
  for (const auto& block : *partition.sealed) {
    const bool is_outside =
        block->header.last_time < selection.start || block->header.first_time >= selection.end;
    ++(is_outside ? cost.blocks_skipped : cost.blocks_read);
    if (!is_outside) blocks.push_back(opened(*block));
  }
  for (const OpenRows* rows : {&partition.frozen, &partition.open}) {
    if (rows->rows > 0) blocks.push_back(opened(*rows));
  }
  return blocks;
}

Result<void> JournalReader::for_each_block(const Asked& asked, Meter& meter, Cost& cost,
                                           const UseBlock& use) {
  for (const Period& period : periods(asked.window, asked.filter)) {
    for (const PartitionView* partition : period) {
      ++cost.partitions;
      const auto selection = this->selection(*partition->info, asked.window, asked.now);
      for (OpenedBlock& block : open(*partition, selection, cost)) {
        DAYBOOK_TRY(meter.look_at(block.reader->rows()));
        DAYBOOK_ASSIGN(const auto positions,
                       columns::select(*block.reader, selection, asked.filter));
        if (!positions.empty()) DAYBOOK_TRY(use(*block.reader, positions));
      }
    }
  }
  return {};
}

Result<void> JournalReader::for_each_place(const std::vector<BlockPlace>& places,
                                           const Filter& filter, Meter& meter, Cost& cost,
                                           const UseBlock& use) {
  for (const BlockPlace& place : places) {
    OpenedBlock block = place.sealed != nullptr ? opened(*place.sealed) : opened(*place.open);
    cost.blocks_read += place.sealed != nullptr ? 1 : 0;
    DAYBOOK_TRY(meter.look_at(block.reader->rows()));
    DAYBOOK_ASSIGN(const auto positions, columns::select(*block.reader, place.selection, filter));
    if (!positions.empty()) DAYBOOK_TRY(use(*block.reader, positions));
  }
  return {};
}

Result<void> JournalReader::walk(const Asked& asked, Direction direction,
                                 const std::optional<Place>& after, Meter& meter, Cost& cost,
                                 const std::function<Result<bool>(Row&&)>& look) {
  const bool is_newest_first = direction == Direction::kNewestFirst;
  auto all = periods(asked.window, asked.filter);
  if (is_newest_first) std::ranges::reverse(all);
  for (const Period& period : all) {
    const std::int64_t place = after && after->time ? micros(*after->time) : 0;
    const auto& info = *period.front()->info;
    if (after && (is_newest_first ? info.start > place : info.until <= place)) continue;
    TimeWalk walk(asked, direction, after, meter);
    for (const PartitionView* partition : period) {
      ++cost.partitions;
      const auto selection = this->selection(*partition->info, asked.window, asked.now);
      for (OpenedBlock& block : open(*partition, selection, cost)) {
        walk.add(std::move(block), selection);
      }
    }
    while (true) {
      std::size_t position = 0;
      DAYBOOK_ASSIGN(const columns::BlockReader* reader, walk.next(position));
      if (reader == nullptr) break;
      DAYBOOK_ASSIGN(const bool goes_on, look(reader->row(position)));
      if (!goes_on) return {};
    }
  }
  return {};
}

Result<std::optional<Row>> JournalReader::find_in(const Period& period, std::string_view id,
                                                  Instant now) {
  std::optional<Row> best;
  for (const PartitionView* partition : period) {
    std::vector<OpenedBlock> blocks;
    for (const auto& block : *partition->sealed) {
      if (block->header.may_hold(id)) blocks.push_back(opened(*block));
    }
    for (const OpenRows* rows : {&partition->frozen, &partition->open}) {
      if (rows->rows > 0) blocks.push_back(opened(*rows));
    }
    for (OpenedBlock& block : blocks) {
      DAYBOOK_ASSIGN(const auto position, find_in_block(*block.reader, id, std::nullopt));
      if (!position) continue;
      DAYBOOK_ASSIGN(Row row, block.reader->read_row(*position));
      const auto until = shelf_.keep.expires_at(row, {});
      if (until && *until <= now) continue;
      const auto is_newer = [&] {
        return row_time(*shelf_.collection, row) > row_time(*shelf_.collection, *best);
      };
      if (!best || is_newer()) best = std::move(row);
    }
  }
  return best;
}

Result<std::optional<Row>> JournalReader::find(std::string_view id, Instant now) {
  auto all = periods(std::nullopt, {});
  const auto uuid = parse_uuid(id);
  if (const auto time = uuid ? uuid_time(*uuid) : std::nullopt) {
    for (const Period& period : all) {
      const PartitionInfo& info = *period.front()->info;
      if (micros(*time) < info.start || micros(*time) >= info.until) continue;
      DAYBOOK_ASSIGN(auto found, find_in(period, id, now));
      if (found) return found;
    }
  }
  for (auto period = all.rbegin(); period != all.rend(); ++period) {
    DAYBOOK_ASSIGN(auto found, find_in(*period, id, now));
    if (found) return found;
  }
  return std::optional<Row>();
}

Result<std::vector<std::optional<Row>>> JournalReader::find_sequences(
    std::int64_t partition, const std::vector<columns::Sequence>& sequences) {
  std::vector<std::optional<Row>> found(sequences.size());
  const auto it = std::ranges::find_if(
      view_, [&](const PartitionView& view) { return view.info->id == partition; });
  if (it == view_.end() || sequences.empty()) return found;
  std::unordered_map<std::int64_t, std::vector<std::size_t>> wanted;
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    wanted[static_cast<std::int64_t>(sequences[i])].push_back(i);
  }
  const auto [low, high] = std::ranges::minmax(sequences);
  std::vector<OpenedBlock> blocks;
  for (const auto& block : *it->sealed) {
    if (block->header.last_sequence >= low && block->header.first_sequence <= high) {
      blocks.push_back(opened(*block));
    }
  }
  for (const OpenRows* rows : {&it->frozen, &it->open}) {
    if (rows->rows > 0) blocks.push_back(opened(*rows));
  }
  for (OpenedBlock& block : blocks) {
    columns::BlockReader& reader = *block.reader;
    DAYBOOK_ASSIGN(const columns::Column* column, reader.column(reader.layout().sequence));
    bool is_ready = false;
    for (std::size_t position = 0; position < reader.rows(); ++position) {
      const std::int64_t sequence = column->numbers()[position];
      if (sequence < static_cast<std::int64_t>(low) || sequence > static_cast<std::int64_t>(high)) {
        continue;
      }
      const auto asked = wanted.find(sequence);
      if (asked == wanted.end() || reader.is_dead(position)) continue;
      if (!is_ready) DAYBOOK_TRY(reader.want_all());
      is_ready = true;
      for (const std::size_t i : asked->second) found[i] = reader.row(position);
    }
  }
  return found;
}

}  // namespace daybook::sqlite
