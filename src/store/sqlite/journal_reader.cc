#include "store/sqlite/journal_reader.h"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

#include "store/sqlite/row_finder.h"

namespace daybook::sqlite {

namespace {

const JournalView kNoPartitions;

// A row of a period that was chosen: when it was, and where it is.
struct Chosen {
  std::int64_t time;
  std::uint32_t block;
  std::uint32_t position;
};

// The chosen rows of one period, given out in order; sorted piece by piece, since mostly few are
// wanted.
class Ordered {
 public:
  Ordered(std::vector<OpenedBlock>& blocks, std::vector<Chosen> rows, bool is_newest_first)
      : blocks_(blocks), rows_(std::move(rows)), is_newest_first_(is_newest_first) {}

  const Chosen* next() {
    if (given_ == rows_.size()) return nullptr;
    if (given_ == sorted_) sort_piece();
    return &rows_[given_++];
  }

  bool before(const Chosen& a, const Chosen& b) const {
    if (a.time != b.time) return is_newest_first_ ? a.time > b.time : a.time < b.time;
    const std::string id_a = id(a);
    const std::string id_b = id(b);
    return is_newest_first_ ? id_a > id_b : id_a < id_b;
  }

  std::string id(const Chosen& row) const {
    columns::BlockReader& reader = *blocks_[row.block].reader;
    // Fetched by walk().
    return (*reader.column(reader.layout().id))->text(row.position);
  }

 private:
  void sort_piece() {
    const std::size_t end = std::min(rows_.size(), sorted_ + piece_);
    piece_ *= 4;
    const auto first = rows_.begin() + static_cast<std::ptrdiff_t>(sorted_);
    const auto last = rows_.begin() + static_cast<std::ptrdiff_t>(end);
    const auto order = [&](const Chosen& a, const Chosen& b) { return before(a, b); };
    if (last != rows_.end()) std::nth_element(first, last, rows_.end(), order);
    std::sort(first, last, order);
    sorted_ = end;
  }

  std::vector<OpenedBlock>& blocks_;
  std::vector<Chosen> rows_;
  bool is_newest_first_;
  std::size_t given_ = 0;
  std::size_t sorted_ = 0;
  std::size_t piece_ = 256;
};

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
    std::vector<OpenedBlock> blocks;
    std::vector<Chosen> rows;
    for (const PartitionView* partition : period) {
      ++cost.partitions;
      const auto selection = this->selection(*partition->info, asked.window, asked.now);
      for (OpenedBlock& block : open(*partition, selection, cost)) {
        DAYBOOK_TRY(meter.look_at(block.reader->rows()));
        DAYBOOK_ASSIGN(const auto positions,
                       columns::select(*block.reader, selection, asked.filter));
        if (positions.empty()) continue;
        // For the order; the other columns only when a row of the block is given out.
        DAYBOOK_TRY(block.reader->column(block.reader->layout().id));
        DAYBOOK_ASSIGN(const columns::Column* times,
                       block.reader->column(shelf_.collection->time_field));
        for (const std::uint32_t position : positions) {
          const std::int64_t time = times->numbers()[position];
          if (after && (is_newest_first ? time > place : time < place)) continue;
          rows.push_back({time, static_cast<std::uint32_t>(blocks.size()), position});
        }
        blocks.push_back(std::move(block));
      }
    }
    DAYBOOK_TRY(meter.hold(rows.size() * sizeof(Chosen)));
    Ordered ordered(blocks, std::move(rows), is_newest_first);
    while (const Chosen* row = ordered.next()) {
      if (after && row->time == place) {
        const std::string id = ordered.id(*row);
        if (is_newest_first ? id >= after->id : id <= after->id) continue;
      }
      columns::BlockReader& reader = *blocks[row->block].reader;
      DAYBOOK_TRY(reader.want_all());
      DAYBOOK_ASSIGN(const bool goes_on, look(reader.row(row->position)));
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
      DAYBOOK_TRY(block.reader->want_all());
      Row row = block.reader->row(*position);
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
