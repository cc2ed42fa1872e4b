#include "store/sqlite/row_finder.h"

#include <bit>
#include <limits>
#include <utility>

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
  return !a || row_time(collection, b.row) > row_time(collection, a->row);
}

}  // namespace

columns::Deaths& RowPlace::deaths() const { return open ? open->deaths() : sealed->deaths; }

Result<std::optional<std::size_t>> find_in_block(columns::BlockReader& block, std::string_view id,
                                                 std::optional<Instant> time) {
  DAYBOOK_ASSIGN(const columns::Column* ids, block.column(block.layout().id));
  DAYBOOK_ASSIGN(const columns::Column* times, block.column(block.collection().time_field));
  const auto uuid = parse_uuid(id);
  std::optional<std::size_t> best;
  const auto look = [&](std::size_t position) {
    if (block.is_dead(position)) return;
    const std::int64_t at = times->numbers()[position];
    if (time && at != micros(*time)) return;
    if (!best || at > times->numbers()[*best]) best = position;
  };
  if (uuid) {
    const UuidWords sought = words_of(*uuid);
    ids->uuids().for_each_run(0, block.rows(), [&](std::size_t begin, const auto& run) {
      for (std::size_t i = 0; i < run.size; ++i) {
        if (words_of(run.data[i]) == sought && ids->marks()[begin + i] == columns::Column::kPacked)
          look(begin + i);
      }
    });
    return best;
  }
  for (std::size_t position = 0; position < block.rows(); ++position) {
    if (ids->marks()[position] == columns::Column::kCode && ids->equals_text(position, id)) {
      look(position);
    }
  }
  return best;
}

Result<std::optional<std::size_t>> RowFinder::find_sealed(const Shelf& shelf,
                                                          const SealedBlock& block,
                                                          std::string_view id,
                                                          std::optional<Instant> time) {
  if (!block.header.may_hold(id)) return std::optional<std::size_t>();
  if (time && (micros(*time) < block.header.first_time || micros(*time) > block.header.last_time)) {
    return std::optional<std::size_t>();
  }
  SealedColumns columns(shelf, block, db_, cache_);
  columns::BlockReader reader(*shelf.collection, columns, block.deaths, block.header.rows, kEver);
  return find_in_block(reader, id, time);
}

Result<std::optional<RowPlace>> RowFinder::find_in(const Journal& journal, Partition& partition,
                                                   std::string_view id,
                                                   std::optional<Instant> time) {
  const Collection& collection = *journal.shelf->collection;
  std::optional<RowPlace> best;
  const auto look_at_open = [&](const std::shared_ptr<columns::OpenBlock>& block) {
    if (!block) return;
    const auto position = block->find(id, time);
    if (!position) return;
    RowPlace place = place_in(partition, block, *position);
    if (is_newer(collection, best, place)) best = std::move(place);
  };
  look_at_open(partition.open);
  if (partition.frozen) look_at_open(partition.frozen->rows.block);
  for (const auto& block : *partition.sealed) {
    if (best && micros(row_time(collection, best->row)) >= block->header.last_time) continue;
    DAYBOOK_ASSIGN(const auto position, find_sealed(*journal.shelf, *block, id, time));
    if (!position) continue;
    SealedColumns columns(*journal.shelf, *block, db_, cache_);
    columns::BlockReader reader(collection, columns, block->deaths, block->header.rows, kEver);
    DAYBOOK_TRY(reader.want_all());
    DAYBOOK_ASSIGN(const columns::Column* sequences, reader.column(reader.layout().sequence));
    RowPlace place;
    place.partition = &partition;
    place.sealed = block;
    place.position = *position;
    place.sequence = static_cast<columns::Sequence>(sequences->numbers()[*position]);
    place.row = reader.row(*position);
    if (is_newer(collection, best, place)) best = std::move(place);
  }
  return best;
}

Result<std::optional<RowPlace>> RowFinder::find_in_period(const Journal& journal,
                                                          std::int64_t start, std::string_view id,
                                                          std::optional<Instant> now) {
  std::optional<RowPlace> best;
  for (Partition* partition : journal.of_period(start)) {
    DAYBOOK_ASSIGN(auto found, find_in(journal, *partition, id, std::nullopt));
    if (!found) continue;
    const auto until = journal.shelf->keep.expires_at(found->row, {});
    if (now && until && *until <= *now) continue;
    if (is_newer(*journal.shelf->collection, best, *found)) best = std::move(found);
  }
  return best;
}

Result<std::optional<RowPlace>> RowFinder::find(const Journal& journal, std::string_view id,
                                                Instant time) {
  const Collection& collection = *journal.shelf->collection;
  const std::int64_t start = micros(Zone().floor(time, collection.period));
  for (Partition* partition : journal.of_period(start)) {
    DAYBOOK_ASSIGN(auto found, find_in(journal, *partition, id, time));
    if (found) return found;
  }
  return std::optional<RowPlace>();
}

Result<std::optional<RowPlace>> RowFinder::find_newest(const Journal& journal, std::string_view id,
                                                       Instant now) {
  const auto uuid = parse_uuid(id);
  if (const auto time = uuid ? uuid_time(*uuid) : std::nullopt) {
    const Collection& collection = *journal.shelf->collection;
    const std::int64_t start = micros(Zone().floor(*time, collection.period));
    DAYBOOK_ASSIGN(auto found, find_in_period(journal, start, id, now));
    if (found) return found;
  }
  for (auto it = journal.partitions.rbegin(); it != journal.partitions.rend(); ++it) {
    // Partitions of one period are looked at together, at the last of them.
    if (it != journal.partitions.rbegin() && std::prev(it)->first.start == it->first.start) {
      continue;
    }
    DAYBOOK_ASSIGN(auto found, find_in_period(journal, it->first.start, id, now));
    if (found) return found;
  }
  return std::optional<RowPlace>();
}

}  // namespace daybook::sqlite
