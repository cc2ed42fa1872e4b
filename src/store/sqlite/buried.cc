#include "store/sqlite/buried.h"

#include <string>
#include <vector>

#include "base/hash.h"
#include "catalog/row_key.h"
#include "store/columns/bytes.h"

namespace daybook::sqlite {

namespace {

std::int64_t hash_of(const Collection& collection, const Row& row) {
  std::string bytes;
  columns::put_fixed(bytes, micros(row_time(collection, row)));
  bytes += row.id;
  const Value& tenant = tenant_of(collection, row);
  if (!tenant.is_null()) append_canonical(tenant, bytes += '/');  // which no id has
  return static_cast<std::int64_t>(hash64(bytes));
}

}  // namespace

Result<void> bury(Connection& db, const Shelf& shelf, std::int64_t partition,
                  columns::Sequence sequence, const Row& row, Remembers what) {
  DAYBOOK_ASSIGN(Query query, db.query("INSERT OR REPLACE INTO buried (partition, sequence, hash, "
                                       "id, expires, tenant) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"));
  query.bind(1, partition).bind(2, sequence);
  query.bind(3, hash_of(*shelf.collection, row));
  if (what == Remembers::kId) query.bind(4, std::string_view(row.id));
  const auto* tenant = tenant_of(*shelf.collection, row).get_if<std::string>();
  if (what == Remembers::kId && tenant != nullptr) query.bind(6, std::string_view(*tenant));
  if (const auto until = shelf.keep.expires_at(row, {})) query.bind(5, micros(*until));
  return query.run();
}

Result<bool> is_buried(Connection& db, const Shelf& shelf, std::int64_t partition, const Row& row) {
  DAYBOOK_ASSIGN(Query query, db.query("SELECT 1 FROM buried WHERE partition = ?1 AND hash = ?2"));
  query.bind(1, partition).bind(2, hash_of(*shelf.collection, row));
  return query.step();
}

Result<bool> has_buried(Connection& db, std::int64_t partition) {
  DAYBOOK_ASSIGN(Query query, db.query("SELECT 1 FROM buried WHERE partition = ?1 LIMIT 1"));
  query.bind(1, partition);
  return query.step();
}

Result<bool> has_unexpired(Connection& db, std::int64_t partition, Instant now) {
  DAYBOOK_ASSIGN(Query query, db.query("SELECT 1 FROM buried WHERE partition = ?1 AND "
                                       "(expires IS NULL OR expires > ?2) LIMIT 1"));
  query.bind(1, partition).bind(2, micros(now));
  return query.step();
}

Result<void> forget_ids(Connection& db, std::int64_t partition,
                        const std::function<bool(columns::Sequence)>& is_known) {
  std::vector<columns::Sequence> unknown;
  {
    DAYBOOK_ASSIGN(Query query, db.query("SELECT sequence FROM buried WHERE partition = ?1 AND "
                                         "id IS NOT NULL"));
    query.bind(1, partition);
    while (true) {
      DAYBOOK_ASSIGN(const bool more, query.step());
      if (!more) break;
      if (!is_known(query.number(0))) unknown.push_back(query.number(0));
    }
  }
  DAYBOOK_ASSIGN(Query forget,
                 db.query("UPDATE buried SET id = NULL, tenant = NULL WHERE partition = ?1 AND "
                          "sequence = ?2"));
  for (const columns::Sequence sequence : unknown) {
    forget.bind(1, partition).bind(2, sequence);
    DAYBOOK_TRY(forget.run());
  }
  return {};
}

}  // namespace daybook::sqlite
