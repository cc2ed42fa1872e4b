#include "store/sqlite/sealing.h"

#include <algorithm>
#include <limits>
#include <utility>

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

// Null for no rows.
Result<std::shared_ptr<SealedBlock>> write_block(Connection& db, const PartitionInfo& info,
                                                 const columns::SealedRows& rows) {
  if (rows.header.rows == 0) return std::shared_ptr<SealedBlock>();
  // AUTOINCREMENT in spirit: a number is never used again, or a cache would answer for another
  // block.
  DAYBOOK_ASSIGN(const auto last, db.ask_integer("SELECT value FROM meta WHERE key = 'block'"));
  const std::int64_t number = last.value_or(0) + 1;
  DAYBOOK_TRY(db.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('block', '" +
                     std::to_string(number) + "')"));
  const std::string header = columns::write_header(rows.header);
  DAYBOOK_ASSIGN(Query block,
                 db.query("INSERT INTO block (id, partition, header) VALUES (?1, ?2, ?3)"));
  block.bind(1, number).bind(2, info.id).bind_blob(3, header);
  DAYBOOK_TRY(block.run());
  DAYBOOK_ASSIGN(Query part, db.query("INSERT INTO block_part (id, data) VALUES (?1, ?2)"));
  for (const columns::StoredPart& stored : rows.parts) {
    part.bind(1, part_id(number, stored.number)).bind_blob(2, stored.bytes);
    DAYBOOK_TRY(part.run());
  }
  return std::make_shared<SealedBlock>(number, rows.header);
}

Result<void> remove_block(Connection& db, std::int64_t number) {
  for (const char* sql : {"DELETE FROM rollup_sum WHERE partition = (SELECT partition FROM block "
                          "WHERE id = ?1)",
                          "DELETE FROM block WHERE id = ?1", "DELETE FROM death WHERE block = ?1",
                          "DELETE FROM block_part WHERE id >= ?1 << 14 AND id < (?1 + 1) << 14"}) {
    DAYBOOK_ASSIGN(Query query, db.query(sql));
    query.bind(1, number);
    DAYBOOK_TRY(query.run());
  }
  return {};
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

// Rows that died after the freeze: they died in the sealed block too.
Result<void> carry_deaths(Connection& db, const columns::Deaths& from,
                          const columns::SealedRows& rows, SealedBlock& to) {
  if (!from.any()) return {};
  DAYBOOK_ASSIGN(Query query, db.query("INSERT INTO death (block, position, commit_number) "
                                       "VALUES (?1, ?2, ?3)"));
  for (std::size_t i = 0; i < rows.positions.size(); ++i) {
    const Commit death = from.death_of(rows.positions[i]);
    if (death == 0) continue;
    to.deaths.kill(i, death);
    query.bind(1, to.number).bind(2, std::uint64_t{i}).bind(3, death);
    DAYBOOK_TRY(query.run());
  }
  return {};
}

std::shared_ptr<const SealedBlocks> with_block(const SealedBlocks& blocks, std::int64_t without,
                                               std::shared_ptr<SealedBlock> added) {
  SealedBlocks next;
  for (const auto& block : blocks) {
    if (block->number != without) next.push_back(block);
  }
  if (added) next.push_back(std::move(added));
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
                       std::shared_ptr<const Frozen> frozen, const columns::SealedRows& rows) {
  Journal& journal = access.journals[shelf.index];
  const auto it = journal.partitions.find(key);
  if (it == journal.partitions.end() || it->second->frozen != frozen) return Settle();
  Partition& partition = *it->second;
  DAYBOOK_ASSIGN(auto block, write_block(access.db, *partition.info, rows));
  if (block) DAYBOOK_TRY(carry_deaths(access.db, frozen->rows.block->deaths(), rows, *block));
  DAYBOOK_TRY(remove_frames(access.db, frozen->frames));
  DAYBOOK_TRY(remember_sequence(access.db, partition));
  access.touched_journals[shelf.index] = true;
  return Settle([&partition, block = std::move(block)] {
    partition.sealed = with_block(*partition.sealed, -1, block);
    partition.frozen.reset();
  });
}

Result<Settle> seal_open(WriteAccess& access, const Shelf& shelf, Partition& partition,
                         const KeepsRow& keeps_in_frozen, const KeepsRow& keeps_in_open) {
  std::vector<std::shared_ptr<SealedBlock>> made;
  if (partition.frozen) {
    DAYBOOK_ASSIGN(const auto rows,
                   encode_living(shelf, partition.frozen->rows, kEver, keeps_in_frozen));
    DAYBOOK_ASSIGN(auto block, write_block(access.db, *partition.info, rows));
    if (block) made.push_back(std::move(block));
    DAYBOOK_TRY(remove_frames(access.db, partition.frozen->frames));
  }
  if (partition.open) {
    const OpenRows open{partition.open, partition.open->size()};
    DAYBOOK_ASSIGN(const auto rows, encode_living(shelf, open, kEver, keeps_in_open));
    DAYBOOK_ASSIGN(auto block, write_block(access.db, *partition.info, rows));
    if (block) made.push_back(std::move(block));
    DAYBOOK_TRY(remove_frames(access.db, partition.frames));
  }
  DAYBOOK_TRY(remember_sequence(access.db, partition));
  access.touched_journals[shelf.index] = true;
  return Settle([&partition, made = std::move(made)] {
    for (const auto& block : made) partition.sealed = with_block(*partition.sealed, -1, block);
    partition.frozen.reset();
    partition.open.reset();
    partition.frames.clear();
  });
}

Result<Settle> rewrite(WriteAccess& access, ColumnCache& cache, const Shelf& shelf,
                       Partition& partition, const SealedBlock& block, const KeepsRow& keeps) {
  SealedColumns columns(shelf, block, access.db, cache);
  columns::BlockReader reader(*shelf.collection, columns, block.deaths, block.header.rows, kEver);
  columns::Positions positions;
  for (std::uint32_t position = 0; position < block.header.rows; ++position) {
    if (!reader.is_dead(position) && keeps(position)) positions.push_back(position);
  }
  DAYBOOK_ASSIGN(const auto rows, columns::seal(reader, std::move(positions), shelf.numbers));
  DAYBOOK_TRY(remove_block(access.db, block.number));
  DAYBOOK_ASSIGN(auto next, write_block(access.db, *partition.info, rows));
  access.touched_journals[shelf.index] = true;
  return Settle([&partition, old = block.number, next = std::move(next)] {
    partition.sealed = with_block(*partition.sealed, old, next);
  });
}

Result<Settle> drop_partition(WriteAccess& access, const Shelf& shelf, const PartitionKey& key) {
  Journal& journal = access.journals[shelf.index];
  const Partition& partition = *journal.partitions.at(key);
  for (const auto& block : *partition.sealed) {
    DAYBOOK_TRY(remove_block(access.db, block->number));
  }
  if (partition.frozen) DAYBOOK_TRY(remove_frames(access.db, partition.frozen->frames));
  DAYBOOK_TRY(remove_frames(access.db, partition.frames));
  for (const char* sql :
       {"DELETE FROM buried WHERE partition = ?1", "DELETE FROM change WHERE partition = ?1",
        "DELETE FROM partition WHERE id = ?1"}) {
    DAYBOOK_ASSIGN(Query query, access.db.query(sql));
    query.bind(1, partition.info->id);
    DAYBOOK_TRY(query.run());
  }
  access.touched_journals[shelf.index] = true;
  return Settle([&journal, key] { journal.partitions.erase(key); });
}

}  // namespace daybook::sqlite
