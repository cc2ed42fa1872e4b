#include "store/sqlite/rollup_tables.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/hash.h"
#include "store/columns/bytes.h"

namespace daybook::sqlite {

namespace {

Result<Query> read_data(Connection& db, const std::string& sql, std::int64_t id) {
  DAYBOOK_ASSIGN(Query query, db.query(sql));
  query.bind(1, id);
  DAYBOOK_ASSIGN(const bool found, query.step());
  if (!found) return Error(Code::kInternal, "the sums of a rollup are not there");
  return query;
}

std::string write_numbers(const std::vector<std::int64_t>& numbers) {
  std::string bytes;
  for (const std::int64_t number : numbers) {
    columns::put_varint(bytes, static_cast<std::uint64_t>(number));
  }
  return bytes;
}

std::vector<std::int64_t> read_numbers(std::string_view bytes) {
  std::vector<std::int64_t> numbers;
  columns::ByteReader in(bytes);
  while (in.ok() && !in.at_end()) numbers.push_back(static_cast<std::int64_t>(in.varint()));
  return numbers;
}

// When a period must have ended for its sums of rows that are gone not to be kept any more; empty
// where they stay.
std::optional<std::int64_t> end_of_past(const Rollup& rollup, std::int64_t now) {
  if (!rollup.keep || rollup.tiers.empty()) return std::nullopt;
  return now - rollup.keep->count() - width_of(rollup.tiers.front()).count();
}

// All tiers of a period go together, or the coarse ones would tell of more than the fine.
constexpr const char* kEndedPeriods =
    "SELECT period FROM rollup_past WHERE collection = ?1 AND rollup = ?2 GROUP BY period "
    "HAVING max(until) <= ?3";

}  // namespace

std::vector<std::int64_t> block_numbers(const SealedBlocks& blocks) {
  std::vector<std::int64_t> numbers;
  for (const auto& block : blocks) numbers.push_back(block->number);
  std::ranges::sort(numbers);
  return numbers;
}

Result<PartitionSums> find_sums(Connection& db, std::int64_t partition, const Rollup& rollup) {
  PartitionSums sums;
  DAYBOOK_ASSIGN(Query query, db.query("SELECT id, tier, commit_number, blocks FROM rollup_sum "
                                       "WHERE partition = ?1 AND rollup = ?2 ORDER BY tier"));
  query.bind(1, partition).bind(2, std::string_view(rollup.name));
  while (true) {
    DAYBOOK_ASSIGN(const bool more, query.step());
    if (!more) return sums;
    if (query.integer(1) > 0) sums.tiers.push_back({query.integer(0), Duration(query.integer(1))});
    sums.commit = query.number(2);
    sums.blocks = read_numbers(query.blob(3));
  }
}

Result<std::vector<PastSums>> find_past(Connection& db, const Shelf& shelf, const Rollup& rollup,
                                        std::int64_t start, std::int64_t end) {
  std::vector<PastSums> all;
  DAYBOOK_ASSIGN(Query query,
                 db.query("SELECT id, tier, start, until, period FROM rollup_past WHERE collection "
                          "= ?1 AND rollup = ?2 AND start < ?4 AND until > ?3 ORDER BY period, "
                          "tier, start"));
  query.bind(1, shelf.number).bind(2, std::string_view(rollup.name)).bind(3, start).bind(4, end);
  while (true) {
    DAYBOOK_ASSIGN(const bool more, query.step());
    if (!more) return all;
    if (all.empty() || all.back().period != query.integer(4)) all.push_back({query.integer(4), {}});
    all.back().chunks.push_back(
        {query.integer(0), Duration(query.integer(1)), query.integer(2), query.integer(3)});
  }
}

Result<Query> read_sums(Connection& db, const StoredTier& tier) {
  return read_data(db, "SELECT data FROM rollup_sum WHERE id = ?1", tier.id);
}

Result<Query> read_past(Connection& db, const PastSums::Chunk& chunk) {
  return read_data(db, "SELECT data FROM rollup_past WHERE id = ?1", chunk.id);
}

Result<void> write_sums(Connection& db, std::int64_t partition, const Rollup& rollup, Commit commit,
                        const std::vector<std::int64_t>& blocks,
                        const std::vector<TierBytes>& tiers) {
  {
    DAYBOOK_ASSIGN(Query remove,
                   db.query("DELETE FROM rollup_sum WHERE partition = ?1 AND rollup = ?2"));
    remove.bind(1, partition).bind(2, std::string_view(rollup.name));
    DAYBOOK_TRY(remove.run());
  }
  DAYBOOK_ASSIGN(Query add, db.query("INSERT INTO rollup_sum (partition, rollup, tier, "
                                     "commit_number, blocks, data) VALUES (?1, ?2, ?3, ?4, ?5, "
                                     "?6)"));
  const std::string numbers = write_numbers(blocks);
  const auto write = [&](std::int64_t tier, const std::string& data) {
    add.bind(1, partition).bind(2, std::string_view(rollup.name)).bind(3, tier);
    add.bind(4, commit).bind_blob(5, numbers).bind_blob(6, data);
    return add.run();
  };
  // Where no tier was worth it, a note of that: nobody has to try again.
  if (tiers.empty()) return write(0, "");
  for (const TierBytes& tier : tiers) DAYBOOK_TRY(write(tier.width.count(), tier.bytes));
  return {};
}

Result<void> forget_sums(Connection& db, std::int64_t partition) {
  DAYBOOK_ASSIGN(Query remove, db.query("DELETE FROM rollup_sum WHERE partition = ?1"));
  remove.bind(1, partition);
  return remove.run();
}

Result<void> forget_outdated_sums(Connection& db, const Shelf& shelf) {
  const std::string key = "rollups of " + std::to_string(shelf.number);
  const std::string declared = std::to_string(hash64(collection_json(*shelf.collection)));
  DAYBOOK_ASSIGN(const std::string known,
                 db.ask_text("SELECT value FROM meta WHERE key = '" + key + "'"));
  if (known == declared) return {};
  DAYBOOK_TRY(
      db.run("DELETE FROM rollup_sum WHERE partition IN (SELECT id FROM partition WHERE "
             "collection = " +
             std::to_string(shelf.number) + ")"));
  return db.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('" + key + "', '" + declared +
                "')");
}

Result<void> add_past(Connection& db, const Shelf& shelf, const Rollup& rollup, std::int64_t period,
                      const PastSums::Chunk& chunk, std::string_view bytes) {
  const Collection& collection = *shelf.collection;
  std::string merged(bytes);
  {
    DAYBOOK_ASSIGN(Query known,
                   db.query("SELECT data FROM rollup_past WHERE collection = ?1 AND rollup = ?2 "
                            "AND period = ?3 AND tier = ?4 AND start = ?5"));
    known.bind(1, shelf.number).bind(2, std::string_view(rollup.name)).bind(3, period);
    known.bind(4, chunk.width.count()).bind(5, chunk.start);
    DAYBOOK_ASSIGN(const bool found, known.step());
    if (found) {
      DAYBOOK_ASSIGN(const auto before, read_cells(known.blob(0), collection, rollup, all_cells()));
      DAYBOOK_ASSIGN(const auto added, read_cells(bytes, collection, rollup, all_cells()));
      merged = write_cells(merge_cells({&before, &added}, chunk.width), collection, rollup);
    }
  }
  DAYBOOK_ASSIGN(Query write,
                 db.query("INSERT OR REPLACE INTO rollup_past (collection, rollup, period, tier, "
                          "start, until, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
  write.bind(1, shelf.number).bind(2, std::string_view(rollup.name)).bind(3, period);
  write.bind(4, chunk.width.count()).bind(5, chunk.start).bind(6, chunk.until);
  write.bind_blob(7, merged);
  return write.run();
}

Result<bool> has_forgettable_past(Connection& db, const Shelf& shelf, std::int64_t now) {
  for (const Rollup& rollup : shelf.collection->rollups) {
    const auto end = end_of_past(rollup, now);
    if (!end) continue;
    DAYBOOK_ASSIGN(Query find, db.query(kEndedPeriods));
    find.bind(1, shelf.number).bind(2, std::string_view(rollup.name)).bind(3, *end);
    DAYBOOK_ASSIGN(const bool found, find.step());
    if (found) return true;
  }
  return false;
}

Result<void> forget_past(Connection& db, const Shelf& shelf, std::int64_t now) {
  for (const Rollup& rollup : shelf.collection->rollups) {
    const auto end = end_of_past(rollup, now);
    if (!end) continue;
    DAYBOOK_ASSIGN(Query remove, db.query(std::string("DELETE FROM rollup_past WHERE collection = "
                                                      "?1 AND rollup = ?2 AND period IN (") +
                                          kEndedPeriods + ")"));
    remove.bind(1, shelf.number).bind(2, std::string_view(rollup.name)).bind(3, *end);
    DAYBOOK_TRY(remove.run());
  }
  return {};
}

}  // namespace daybook::sqlite
