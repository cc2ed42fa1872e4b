#include "store/sqlite/sealing.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

#include "store/sqlite/stored_block.h"

namespace daybook::sqlite {

namespace {

constexpr Commit kEver = std::numeric_limits<Commit>::max();

Result<columns::SealedRows> encode_living(const Shelf& shelf, const OpenRows& rows, Commit at,
                                          const KeepsRow& keeps) {
  columns::OpenColumns columns(rows.block);
  const columns::OpenBlock& block = *rows.block;
  columns::BlockReader reader(*shelf.collection, columns, block.deaths(), rows.rows, at);
  columns::Positions positions;
  for (std::uint32_t position = 0; position < rows.rows; ++position) {
    if (!reader.is_dead(position) && keeps(position)) positions.push_back(position);
  }
  return columns::seal(reader, std::move(positions), shelf.numbers);
}

Result<void> remove_frames(Connection& db, const std::vector<std::int64_t>& frames) {
  DAYBOOK_ASSIGN(Query query, db.query("DELETE FROM frame WHERE id = ?1"));
  for (const std::int64_t id : frames) {
    query.bind(1, id);
    DAYBOOK_TRY(query.run());
  }
  return {};
}

Result<void> remember_sequence(Connection& db, const Partition& partition) {
  DAYBOOK_ASSIGN(Query query, db.query("UPDATE partition SET sequence = ?2 WHERE id = ?1"));
  query.bind(1, partition.info->id).bind(2, partition.next_sequence);
  return query.run();
}

// Where row i of a new block was before, as the deaths of its old block know it.
using DeathOf = std::function<Commit(std::size_t row)>;

// Rows that died while they were encoded: they died in the new block too.
Result<void> carry_deaths(Connection& db, std::size_t rows, const DeathOf& death_of,
                          SealedBlock& to) {
  for (std::size_t i = 0; i < rows; ++i) {
    const Commit death = death_of(i);
    if (death == 0) continue;
    to.deaths.kill(i, death);
    DAYBOOK_TRY(write_death(db, to.number, i, death));
  }
  return {};
}

bool contains(const SealedBlocks& blocks, const std::shared_ptr<SealedBlock>& block) {
  return std::ranges::find(blocks, block) != blocks.end();
}

std::shared_ptr<const SealedBlocks> with_block(const SealedBlocks& blocks,
                                               std::shared_ptr<SealedBlock> added) {
  SealedBlocks next = blocks;
  if (added) next.push_back(std::move(added));
  return std::make_shared<const SealedBlocks>(std::move(next));
}

// The new block in the place of the first old one.
std::shared_ptr<const SealedBlocks> exchanged(const SealedBlocks& blocks, const SealedBlocks& old,
                                              std::shared_ptr<SealedBlock> made) {
  SealedBlocks next;
  for (const auto& block : blocks) {
    if (!contains(old, block)) {
      next.push_back(block);
    } else if (made) {
      next.push_back(std::exchange(made, nullptr));
    }
  }
  return std::make_shared<const SealedBlocks>(std::move(next));
}

}  // namespace

std::shared_ptr<const Frozen> freeze(Partition& partition, Commit commit) {
  auto frozen = std::make_shared<Frozen>();
  frozen->rows = {std::exchange(partition.open, nullptr), 0};
  frozen->rows.rows = frozen->rows.block->size();
  frozen->commit = commit;
  frozen->frames = std::exchange(partition.frames, {});
  partition.frozen = frozen;
  return frozen;
}

void thaw(Partition& partition, const Frozen& frozen) {
  partition.open = frozen.rows.block;
  partition.frames = frozen.frames;
  partition.frozen.reset();
}

Result<columns::SealedRows> encode(const Shelf& shelf, const Frozen& frozen) {
  return encode_living(shelf, frozen.rows, frozen.commit, [](std::size_t) { return true; });
}

Result<Settle> install(WriteAccess& access, const Shelf& shelf, const PartitionKey& key,
                       const std::shared_ptr<const Frozen>& frozen,
                       const columns::SealedRows& rows) {
  Journal& journal = access.journals[shelf.index];
  const auto it = journal.partitions.find(key);
  if (it == journal.partitions.end() || it->second->frozen != frozen) return Settle();
  Partition& partition = *it->second;
  DAYBOOK_ASSIGN(auto block, write_block(access.db, partition.info->id, rows));
  const columns::Deaths& deaths = std::as_const(*frozen->rows.block).deaths();
  if (block && deaths.any()) {
    const auto death_of = [&](std::size_t i) { return deaths.death_of(rows.positions[i]); };
    DAYBOOK_TRY(carry_deaths(access.db, rows.positions.size(), death_of, *block));
  }
  DAYBOOK_TRY(remove_frames(access.db, frozen->frames));
  DAYBOOK_TRY(remember_sequence(access.db, partition));
  access.touched_journals[shelf.index] = true;
  return Settle([&partition, block = std::move(block)] {
    partition.sealed = with_block(*partition.sealed, block);
    partition.frozen.reset();
  });
}

Result<Settle> seal_open(WriteAccess& access, const Shelf& shelf, Partition& partition,
                         const KeepsRow& keeps_in_frozen, const KeepsRow& keeps_in_open) {
  std::vector<std::shared_ptr<SealedBlock>> made;
  if (partition.frozen) {
    DAYBOOK_ASSIGN(const auto rows,
                   encode_living(shelf, partition.frozen->rows, kEver, keeps_in_frozen));
    DAYBOOK_ASSIGN(auto block, write_block(access.db, partition.info->id, rows));
    if (block) made.push_back(std::move(block));
    DAYBOOK_TRY(remove_frames(access.db, partition.frozen->frames));
  }
  if (partition.open) {
    const OpenRows open{partition.open, partition.open->size()};
    DAYBOOK_ASSIGN(const auto rows, encode_living(shelf, open, kEver, keeps_in_open));
    DAYBOOK_ASSIGN(auto block, write_block(access.db, partition.info->id, rows));
    if (block) made.push_back(std::move(block));
    DAYBOOK_TRY(remove_frames(access.db, partition.frames));
  }
  DAYBOOK_TRY(remember_sequence(access.db, partition));
  access.touched_journals[shelf.index] = true;
  return Settle([&partition, made = std::move(made)] {
    for (const auto& block : made) partition.sealed = with_block(*partition.sealed, block);
    partition.frozen.reset();
    partition.open.reset();
    partition.frames.clear();
  });
}

Result<Rewritten> encode_anew(const Shelf& shelf, SealedBlocks blocks, Connection& db,
                              ColumnCache& cache, Commit at, const KeepsRow& keeps) {
  std::vector<std::unique_ptr<SealedColumns>> sources;
  std::vector<std::unique_ptr<columns::BlockReader>> readers;
  std::vector<columns::JoinedColumns::Part> parts;
  for (const auto& block : blocks) {
    sources.push_back(std::make_unique<SealedColumns>(shelf, *block, db, cache));
    readers.push_back(std::make_unique<columns::BlockReader>(
        *shelf.collection, *sources.back(), block->deaths, block->header.rows, at));
    auto& part = parts.emplace_back(columns::JoinedColumns::Part{readers.back().get(), {}});
    for (std::uint32_t position = 0; position < block->header.rows; ++position) {
      const bool lives = !readers.back()->is_dead(position);
      if (lives && keeps(position)) part.positions.push_back(position);
    }
  }
  columns::JoinedColumns joined(*shelf.collection, std::move(parts));
  const columns::Deaths none;
  const std::size_t rows = joined.origins().size();
  columns::BlockReader reader(*shelf.collection, joined, none, rows, at);
  columns::Positions all(rows);
  std::iota(all.begin(), all.end(), 0u);
  DAYBOOK_ASSIGN(auto sealed, columns::seal(reader, std::move(all), shelf.numbers));
  return Rewritten{std::move(blocks), std::move(sealed), joined.origins()};
}

Result<Settle> exchange(WriteAccess& access, const Shelf& shelf, const PartitionKey& key,
                        const Rewritten& rewritten) {
  Journal& journal = access.journals[shelf.index];
  const auto it = journal.partitions.find(key);
  if (it == journal.partitions.end()) return Settle();
  Partition& partition = *it->second;
  const auto is_there = [&](const auto& block) { return contains(*partition.sealed, block); };
  if (!std::ranges::all_of(rewritten.from, is_there)) return Settle();
  DAYBOOK_ASSIGN(auto made, write_block(access.db, partition.info->id, rewritten.rows));
  const columns::Positions& positions = rewritten.rows.positions;
  const auto death_of = [&](std::size_t i) {
    const auto& origin = rewritten.origins[positions[i]];
    return rewritten.from[origin.part]->deaths.death_of(origin.position);
  };
  if (made) DAYBOOK_TRY(carry_deaths(access.db, positions.size(), death_of, *made));
  for (const auto& block : rewritten.from) DAYBOOK_TRY(remove_block(access.db, block->number));
  access.touched_journals[shelf.index] = true;
  return Settle([&partition, from = rewritten.from, made = std::move(made)] {
    partition.sealed = exchanged(*partition.sealed, from, made);
  });
}

Result<Settle> drop_partition(WriteAccess& access, const Shelf& shelf, const PartitionKey& key) {
  Journal& journal = access.journals[shelf.index];
  const Partition& partition = *journal.partitions.at(key);
  DAYBOOK_TRY(discard_blocks(access.db, partition.info->id));
  if (partition.frozen) DAYBOOK_TRY(remove_frames(access.db, partition.frozen->frames));
  DAYBOOK_TRY(remove_frames(access.db, partition.frames));
  for (const char* sql :
       {"DELETE FROM buried WHERE partition = ?1", "DELETE FROM partition WHERE id = ?1"}) {
    DAYBOOK_ASSIGN(Query query, access.db.query(sql));
    query.bind(1, partition.info->id);
    DAYBOOK_TRY(query.run());
  }
  access.touched_journals[shelf.index] = true;
  return Settle([&journal, key] { journal.partitions.erase(key); });
}

}  // namespace daybook::sqlite
