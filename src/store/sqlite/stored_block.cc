#include "store/sqlite/stored_block.h"

#include <string>

#include "store/sqlite/rollup_tables.h"

namespace daybook::sqlite {

Result<std::shared_ptr<SealedBlock>> write_block(Connection& db, std::int64_t partition,
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
  block.bind(1, number).bind(2, partition).bind_blob(3, header);
  DAYBOOK_TRY(block.run());
  DAYBOOK_ASSIGN(Query part, db.query("INSERT INTO block_part (id, data) VALUES (?1, ?2)"));
  for (const columns::StoredPart& stored : rows.parts) {
    part.bind(1, part_id(number, stored.number)).bind_blob(2, stored.bytes);
    DAYBOOK_TRY(part.run());
  }
  return std::make_shared<SealedBlock>(number, rows.header);
}

Result<void> write_death(Connection& db, std::int64_t block, std::size_t position,
                         columns::Commit commit) {
  DAYBOOK_ASSIGN(Query query, db.query("INSERT INTO death (block, position, commit_number) "
                                       "VALUES (?1, ?2, ?3)"));
  query.bind(1, block).bind(2, std::uint64_t{position}).bind(3, commit);
  return query.run();
}

Result<void> remove_block(Connection& db, std::int64_t number) {
  for (const char* sql :
       {"DELETE FROM rollup_sum WHERE partition = (SELECT partition FROM block WHERE id = ?1)",
        "DELETE FROM block WHERE id = ?1", "DELETE FROM death WHERE block = ?1",
        "DELETE FROM block_part WHERE id >= ?1 << 14 AND id < (?1 + 1) << 14"}) {
    DAYBOOK_ASSIGN(Query query, db.query(sql));
    query.bind(1, number);
    DAYBOOK_TRY(query.run());
  }
  return {};
}

Result<void> discard_blocks(Connection& db, std::int64_t partition) {
  DAYBOOK_ASSIGN(Query query, db.query("INSERT INTO discarded (block) SELECT id FROM block "
                                       "WHERE partition = ?1"));
  query.bind(1, partition);
  DAYBOOK_TRY(query.run());
  return forget_sums(db, partition);
}

Result<bool> remove_discarded(Connection& db) {
  DAYBOOK_ASSIGN(const auto block, db.ask_integer("SELECT min(block) FROM discarded"));
  if (!block) return false;
  DAYBOOK_TRY(remove_block(db, *block));
  DAYBOOK_TRY(db.run("DELETE FROM discarded WHERE block = " + std::to_string(*block)));
  return true;
}

}  // namespace daybook::sqlite
