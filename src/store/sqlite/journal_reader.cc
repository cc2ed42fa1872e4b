#include "store/sqlite/journal_reader.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "catalog/row_key.h"
#include "store/sqlite/row_finder.h"
#include "store/sqlite/time_walk.h"

namespace daybook::sqlite {

namespace {

const JournalView kNoPartitions;

// Rows of other pages need not be looked at; those of the very same time are told apart by their
// id.
void leave_out_before(std::int64_t time, JournalReader::Direction direction,
                      columns::Selection& selection) {
  if (direction == JournalReader::Direction::kNewestFirst) {
    selection.end = std::min(selection.end, time + 1);
  } else {
    selection.start = std::max(selection.start, time);
  }
}

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
  if (!info.is_seen()) {
    selection.end = selection.start = 0;
    return selection;
  }
  const auto hide_until = [&](std::int64_t kept) {
    selection.start = std::max(selection.start, micros(now) - kept + 1);
  };
  if (keep.at_field) {
    selection.expires_field = keep.at_field;
  } else if (!keep.classes.empty() && (info.rule != shelf_.keep_words || !info.is_counted())) {
    // The classes have changed since, or the partition is of several: each row is asked.
    selection.rule = &shelf_.keep;
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

OpenedBlock JournalReader::open(const BlockPlace& place) {
  OpenedBlock made;
  if (place.sealed != nullptr) {
    made.columns = std::make_unique<SealedColumns>(shelf_, *place.sealed, snapshot_.db(), cache_);
  } else {
    made.columns = std::make_unique<columns::OpenColumns>(place.open->block);
  }
  const columns::Deaths& deaths =
      place.sealed != nullptr ? place.sealed->deaths : std::as_const(*place.open->block).deaths();
  made.reader =
      std::make_unique<columns::BlockReader>(*shelf_.collection, *made.columns, deaths,
                                             place.rows(), snapshot_.view().commit, place.times());
  return made;
}

Result<void> JournalReader::for_each_block(
    const PartitionView& partition,
    const std::function<Result<void>(columns::BlockReader&, std::uint64_t bytes)>& look) {
  for (const auto& sealed : *partition.sealed) {
    const OpenedBlock block = open({sealed.get(), nullptr, {}});
    DAYBOOK_TRY(look(*block.reader, sealed->header.bytes));
  }
  for (const OpenRows* rows : {&partition.frozen, &partition.open}) {
    if (rows->rows == 0) continue;
    const OpenedBlock block = open({nullptr, rows, {}});
    DAYBOOK_TRY(look(*block.reader, rows->block->bytes()));
  }
  return {};
}

void JournalReader::add_places(const PartitionView& partition, const columns::Selection& selection,
                               const Filter& filter, Cost& cost,
                               std::vector<BlockPlace>& places) const {
  ++cost.partitions;
  for (const auto& block : *partition.sealed) {
    const bool is_outside =
        block->header.last_time < selection.start || block->header.first_time >= selection.end;
    if (is_outside) {
      ++cost.blocks_skipped.by_window;
    } else if (!block->header.may_match(filter, *shelf_.collection, shelf_.numbers)) {
      ++cost.blocks_skipped.by_header;
    } else {
      places.push_back({block.get(), nullptr, selection});
    }
  }
  for (const OpenRows* rows : {&partition.frozen, &partition.open}) {
    if (rows->rows > 0) places.push_back({nullptr, rows, selection});
  }
}

std::vector<BlockPlace> JournalReader::places(const Asked& asked, Cost& cost) const {
  std::vector<BlockPlace> places;
  for (const Period& period : periods(asked.window, asked.filter)) {
    for (const PartitionView* partition : period) {
      add_places(*partition, selection(*partition->info, asked.window, asked.now), asked.filter,
                 cost, places);
    }
  }
  return places;
}

Result<columns::Chosen> JournalReader::choose(const OpenedBlock& block,
                                              const columns::Selection& selection,
                                              const Filter& filter, Meter& meter, Cost& cost) {
  columns::BlockReader& reader = *block.reader;
  DAYBOOK_TRY(meter.look_at(0));
  DAYBOOK_ASSIGN(columns::Chosen chosen, columns::choose(reader, selection, filter));
  switch (reader.ruled_out()) {
    case columns::BlockReader::RuledOut::kByDictionary:
      ++cost.blocks_skipped.by_dictionary;
      return chosen;
    case columns::BlockReader::RuledOut::kByPostings:
      ++cost.blocks_skipped.by_postings;
      return chosen;
    case columns::BlockReader::RuledOut::kNo:
      break;
  }
  ++cost.blocks_read;
  DAYBOOK_TRY(meter.look_at(reader.rows()));
  return chosen;
}

Result<void> JournalReader::fold(const Asked& asked, ScanThreads& threads, Meter& meter, Cost& cost,
                                 const Look& look) {
  return fold(places(asked, cost), asked.filter, threads, meter, cost, look);
}

Result<void> JournalReader::fold(const std::vector<BlockPlace>& places, const Filter& filter,
                                 ScanThreads& threads, Meter& meter, Cost& cost, const Look& look) {
  BlockFold fold(places.size(), [&](std::size_t i, Cost& spent) -> Result<BlockFold::Add> {
    const BlockPlace& place = places[i];
    const OpenedBlock block = open(place);
    DAYBOOK_ASSIGN(const columns::Chosen chosen,
                   choose(block, place.selection, filter, meter, spent));
    BlockFold::Add add = [] { return Result<void>(); };
    if (!chosen.empty()) {
      DAYBOOK_ASSIGN(add, look(*block.reader, chosen));
    }
    spent += block.reader->cost();
    return add;
  });
  std::uint64_t rows = 0;
  for (const BlockPlace& place : places) rows += place.rows();
  return threads.help_with(rows) ? fold.run(threads, cost) : fold.run(cost);
}

Result<void> JournalReader::walk(const Asked& asked, Direction direction,
                                 const std::optional<Place>& after, Meter& meter, Cost& cost,
                                 const std::function<Result<bool>(Row&&)>& look) {
  const bool is_newest_first = direction == Direction::kNewestFirst;
  auto all = periods(asked.window, asked.filter);
  if (is_newest_first) std::ranges::reverse(all);
  for (const Period& period : all) {
    std::vector<BlockPlace> places;
    for (const PartitionView* partition : period) {
      auto selection = this->selection(*partition->info, asked.window, asked.now);
      if (after && after->time) leave_out_before(micros(*after->time), direction, selection);
      if (!selection.is_empty()) add_places(*partition, selection, asked.filter, cost, places);
    }
    TimeWalk walk(*this, std::move(places), asked.filter, direction, after, meter, cost);
    while (true) {
      DAYBOOK_ASSIGN(auto row, walk.next());
      if (!row) break;
      DAYBOOK_ASSIGN(const bool goes_on, look(*std::move(row)));
      if (!goes_on) return {};
    }
  }
  return {};
}

Result<std::optional<Row>> JournalReader::find_in(const Period& period, std::string_view id,
                                                  Instant now, const Filter& among) {
  std::optional<Row> best;
  for (const PartitionView* partition : period) {
    if (!partition->info->is_seen()) continue;
    std::vector<BlockPlace> places;
    Cost cost;
    add_places(*partition, {}, {}, cost, places);
    for (const BlockPlace& place : places) {
      if (place.sealed != nullptr && !place.sealed->header.may_hold(id)) continue;
      const OpenedBlock block = open(place);
      DAYBOOK_ASSIGN(const auto position, find_in_block(*block.reader, {id}, among));
      if (!position) continue;
      DAYBOOK_ASSIGN(Row row, block.reader->read_row(*position));
      const auto until = shelf_.keep.expires_at(row, {});
      if (until && *until <= now) continue;
      if (!best || compare_keys(*shelf_.collection, row, *best) > 0) best = std::move(row);
    }
  }
  return best;
}

Result<std::optional<Row>> JournalReader::find(std::string_view id, Instant now,
                                               const Filter& among) {
  auto all = periods(std::nullopt, {});
  const auto uuid = parse_uuid(id);
  if (const auto time = uuid ? uuid_time(*uuid) : std::nullopt) {
    for (const Period& period : all) {
      const PartitionInfo& info = *period.front()->info;
      if (micros(*time) < info.start || micros(*time) >= info.until) continue;
      DAYBOOK_ASSIGN(auto found, find_in(period, id, now, among));
      if (found) return found;
    }
  }
  for (auto period = all.rbegin(); period != all.rend(); ++period) {
    DAYBOOK_ASSIGN(auto found, find_in(*period, id, now, among));
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
  std::vector<BlockPlace> places;
  Cost cost;
  add_places(*it, {}, {}, cost, places);
  for (const BlockPlace& place : places) {
    const auto* header = place.sealed != nullptr ? &place.sealed->header : nullptr;
    if (header != nullptr && (header->last_sequence < low || header->first_sequence > high)) {
      continue;
    }
    const OpenedBlock block = open(place);
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
