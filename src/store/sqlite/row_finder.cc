#include "store/sqlite/row_finder.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "catalog/row_key.h"
#include "store/columns/postings.h"

namespace daybook::sqlite {

namespace {

// Deaths of any commit count for the writer, staged ones too.
constexpr Commit kEver = std::numeric_limits<Commit>::max();

RowPlace place_in(Partition& partition, std::shared_ptr<columns::OpenBlock> block,
                  std::size_t position) {
  RowPlace place;
  place.partition = &partition;
  place.position = position;
  place.sequence = block->sequence(position);
  place.row = block->row(position);
  place.open = std::move(block);
  return place;
}

// A UUID as two words: a block's ids are compared one after the other, and a call for each costs
// more than the comparison.
struct UuidWords {
  std::uint64_t high, low;

  bool operator==(const UuidWords& other) const { return low == other.low && high == other.high; }
};
UuidWords words_of(const Uuid& uuid) { return std::bit_cast<UuidWords>(uuid); }

bool is_newer(const Collection& collection, const std::optional<RowPlace>& a, const RowPlace& b) {
  return !a || compare_keys(collection, b.row, a->row) > 0;
}

// Of an open block, which has no posting lists.
void find_ids(const columns::Column& ids, std::size_t rows, std::string_view id,
              columns::Positions& positions) {
  if (const auto uuid = parse_uuid(id)) {
    const UuidWords sought = words_of(*uuid);
    ids.uuids().for_each_run(0, rows, [&](std::size_t begin, const auto& run) {
      for (std::size_t i = 0; i < run.size; ++i) {
        if (words_of(run.data[i]) != sought) continue;
        if (ids.marks()[begin + i] != columns::Column::kPacked) continue;
        positions.push_back(static_cast<std::uint32_t>(begin + i));
      }
    });
    return;
  }
  for (std::uint32_t i = 0; i < rows; ++i) {
    const bool is_text = ids.marks()[i] == columns::Column::kCode;
    if (is_text && ids.equals_text(i, id)) positions.push_back(i);
  }
}

// Rows whose time begins with the milliseconds of `time`.
void find_milliseconds(const columns::Column& times, std::size_t rows, Instant time,
                       columns::Positions& positions) {
  const std::int64_t first = micros(time);
  const std::int64_t last = first + 999;
  const auto look = [&](std::size_t from, std::size_t to) {
    times.numbers().for_each_run(from, to, [&](std::size_t begin, const auto& run) {
      for (std::size_t i = 0; i < run.size; ++i) {
        if (run.data[i] < first || run.data[i] > last) continue;
        positions.push_back(static_cast<std::uint32_t>(begin + i));
      }
    });
  };
  if (times.ranges().empty()) return look(0, rows);
  std::size_t begin = 0;
  for (const columns::Column::Range& range : times.ranges()) {
    const std::size_t end = std::min(rows, begin + columns::Column::kRangeRows);
    if (range.low <= last && first <= range.high) look(begin, end);
    begin = end;
  }
}

// The positions that ids like this one can have.
Result<columns::Positions> id_positions(columns::BlockReader& block, std::string_view id) {
  const columns::BlockHeader* header = block.header();
  columns::Positions positions;
  if (header == nullptr) {
    DAYBOOK_ASSIGN(const columns::Column* ids, block.column(block.layout().id));
    find_ids(*ids, block.rows(), id, positions);
    return positions;
  }
  if (!header->may_hold(id)) return positions;
  if (header->has_timed_ids) {
    DAYBOOK_ASSIGN(const columns::Column* times, block.column(block.collection().time_field));
    find_milliseconds(*times, block.rows(), *uuid_time(*parse_uuid(id)), positions);
    return positions;
  }
  DAYBOOK_ASSIGN(auto listed, columns::candidates(equals({}, Value(id)), block));
  return listed ? *std::move(listed) : columns::Positions();
}

}  // namespace

Result<std::optional<std::size_t>> find_in_block(columns::BlockReader& block,
                                                 const columns::Sought& sought,
                                                 const Filter& among) {
  const auto& [id, time, tenant] = sought;
  const auto tenant_field = key_tenant(block.collection());
  DAYBOOK_ASSIGN(const columns::Positions positions, id_positions(block, id));
  std::optional<std::size_t> best;
  std::optional<Instant> best_time;
  Value best_tenant;
  for (const std::uint32_t position : positions) {
    if (block.is_dead(position)) continue;
    DAYBOOK_ASSIGN(const Value found, block.value(block.layout().id, position));
    if (found != Value(id)) continue;
    DAYBOOK_ASSIGN(const Value when, block.value(block.collection().time_field, position));
    const auto* at = when.get_if<Instant>();
    if (at == nullptr || (time && *at != *time) || (best_time && *at < *best_time)) continue;
    Value whose;
    if (tenant_field) {
      DAYBOOK_ASSIGN(whose, block.value(*tenant_field, position));
    }
    if (tenant_field && tenant != nullptr && whose != *tenant) continue;
    if (best_time == *at && compare(whose, best_tenant) <= 0) continue;
    if (among.kind != Filter::Kind::kTrue) {
      DAYBOOK_ASSIGN(const Row row, block.read_row(position));
      if (!matches(among, row)) continue;
    }
    best = position;
    best_time = *at;
    best_tenant = std::move(whose);
  }
  return best;
}

columns::Deaths& RowPlace::deaths() const { return open ? open->deaths() : sealed->deaths; }

Result<std::optional<std::size_t>> RowFinder::find_sealed(const Shelf& shelf,
                                                          const SealedBlock& block,
                                                          const columns::Sought& sought) {
  const std::optional<Instant>& time = sought.time;
  if (time && (micros(*time) < block.header.first_time || micros(*time) > block.header.last_time)) {
    return std::optional<std::size_t>();
  }
  if (!block.header.may_hold(sought.id)) return std::optional<std::size_t>();
  columns::BlockReader reader = read(shelf, block);
  return find_in_block(reader, sought, Filter());
}

columns::BlockReader RowFinder::read(const Shelf& shelf, const SealedBlock& block) {
  auto& columns = looked_into_[block.number];
  if (!columns) columns = std::make_unique<SealedColumns>(shelf, block, db_, cache_);
  return {*shelf.collection, *columns, block.deaths, block.header.rows, kEver};
}

Result<std::optional<RowPlace>> RowFinder::find_in(const Journal& journal, Partition& partition,
                                                   const columns::Sought& sought) {
  const Collection& collection = *journal.shelf->collection;
  const bool may_be_twins = sought.tenant == nullptr && key_tenant(collection);
  std::optional<RowPlace> best;
  const auto is_best = [&](std::int64_t newest) {
    if (!best) return false;
    const std::int64_t time = micros(row_time(collection, best->row));
    return may_be_twins ? time > newest : time >= newest;
  };
  const auto look_at_open = [&](const std::shared_ptr<columns::OpenBlock>& block) {
    if (!block) return;
    const auto position = block->find(sought);
    if (!position) return;
    RowPlace place = place_in(partition, block, *position);
    if (is_newer(collection, best, place)) best = std::move(place);
  };
  look_at_open(partition.open);
  if (partition.frozen) look_at_open(partition.frozen->rows.block);
  for (const auto& block : *partition.sealed) {
    if (is_best(block->header.last_time)) continue;
    DAYBOOK_ASSIGN(const auto position, find_sealed(*journal.shelf, *block, sought));
    if (!position) continue;
    columns::BlockReader reader = read(*journal.shelf, *block);
    DAYBOOK_ASSIGN(const Value sequence, reader.value(reader.layout().sequence, *position));
    RowPlace place;
    place.partition = &partition;
    place.sealed = block;
    place.position = *position;
    place.sequence = static_cast<columns::Sequence>(sequence.get<std::int64_t>());
    DAYBOOK_ASSIGN(place.row, reader.read_row(*position));
    if (is_newer(collection, best, place)) best = std::move(place);
  }
  return best;
}

Result<std::optional<RowPlace>> RowFinder::find_in_period(const Journal& journal,
                                                          std::int64_t start,
                                                          const columns::Sought& sought,
                                                          std::optional<Instant> now) {
  std::optional<RowPlace> best;
  for (Partition* partition : journal.of_period(start)) {
    if (!partition->info->is_seen()) continue;
    DAYBOOK_ASSIGN(auto found, find_in(journal, *partition, sought));
    if (!found) continue;
    const auto until = journal.shelf->keep.expires_at(found->row, {});
    if (now && until && *until <= *now) continue;
    if (is_newer(*journal.shelf->collection, best, *found)) best = std::move(found);
  }
  return best;
}

Result<std::optional<RowPlace>> RowFinder::find(const Journal& journal,
                                                const columns::Sought& sought, Among among) {
  const Collection& collection = *journal.shelf->collection;
  const std::int64_t start = micros(Zone().floor(*sought.time, collection.period));
  std::optional<RowPlace> best;
  for (Partition* partition : journal.of_period(start)) {
    if (among == Among::kSeen && !partition->info->is_seen()) continue;
    if (among == Among::kCounted && !partition->info->is_counted()) continue;
    DAYBOOK_ASSIGN(auto found, find_in(journal, *partition, sought));
    if (found && is_newer(collection, best, *found)) best = std::move(found);
    if (best && (sought.tenant != nullptr || !key_tenant(collection))) break;
  }
  return best;
}

Result<std::optional<RowPlace>> RowFinder::find_newest(const Journal& journal,
                                                       const columns::Sought& sought, Instant now) {
  const auto uuid = parse_uuid(sought.id);
  if (const auto time = uuid ? uuid_time(*uuid) : std::nullopt) {
    const Collection& collection = *journal.shelf->collection;
    const std::int64_t start = micros(Zone().floor(*time, collection.period));
    DAYBOOK_ASSIGN(auto found, find_in_period(journal, start, sought, now));
    if (found) return found;
  }
  for (auto it = journal.partitions.rbegin(); it != journal.partitions.rend(); ++it) {
    // Partitions of one period are looked at together, at the last of them.
    if (it != journal.partitions.rbegin() && std::prev(it)->first.start == it->first.start) {
      continue;
    }
    DAYBOOK_ASSIGN(auto found, find_in_period(journal, it->first.start, sought, now));
    if (found) return found;
  }
  return std::optional<RowPlace>();
}

}  // namespace daybook::sqlite
