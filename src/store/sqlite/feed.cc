#include "store/sqlite/feed.h"

#include <algorithm>
#include <utility>

#include "catalog/row_key.h"
#include "store/sqlite/change_log.h"
#include "store/sqlite/journal_reader.h"
#include "store/sqlite/register_table.h"

namespace daybook::sqlite {

namespace {

class Feed {
 public:
  Feed(Snapshot& snapshot, ColumnCache& cache, Position after, std::size_t limit)
      : snapshot_(snapshot), cache_(cache), next_(after), limit_(limit) {}

  // What nobody can see any more, because its collection is not declared or its partition has
  // expired, is passed over.
  Result<void> add(const ChangeRecord& record, const Shelves& shelves) {
    const Shelf* shelf = shelves.by_number(record.collection);
    if (shelf == nullptr || has_expired(record, *shelf)) {
      skip_to(record.last);
      return {};
    }
    const std::size_t begin = next_ < record.first ? 0 : next_ - record.first + 1;
    const std::size_t count = std::min(record.last - record.first + 1 - begin, room());
    if (count == 0) return {};
    skip_to(record.first + begin + count - 1);
    if (!record.sequences.empty()) return add_rows(record, *shelf, begin, count);
    for (std::size_t i = begin; i < begin + count; ++i) {
      Change change{record.first + i, shelf->collection, record.verb, {}, {}, std::nullopt};
      if (record.keys.empty() || record.keys[i].id.empty()) {
        change.verb = Verb::kDelete;
      } else {
        DAYBOOK_TRY(look_up(record.keys[i], change));
      }
      changes_.push_back(std::move(change));
    }
    return {};
  }

  void skip_to(Position position) { next_ = std::max(next_, position); }
  // The last position that was looked at.
  Position next() const { return next_; }
  std::size_t room() const { return limit_ - changes_.size(); }
  bool is_full() const { return room() == 0; }
  std::vector<Change> finish() && { return std::move(changes_); }

 private:
  Result<void> look_up(const LoggedKey& key, Change& change) {
    const Collection& collection = *change.collection;
    change.id = key.id;
    if (!key.tenant && key_tenant(collection)) {
      // Written down before there were tenants: the id was one row's.
      DAYBOOK_ASSIGN(auto rows, find_rows(snapshot_.db(), collection, key.id));
      if (rows.empty()) return {};
      change.tenant = tenant_of(collection, rows[0]);
      change.row = std::move(rows[0]);
      return {};
    }
    change.tenant = key.tenant.value_or(Value());
    DAYBOOK_ASSIGN(change.row, find_row(snapshot_.db(), collection, change.id, change.tenant));
    return {};
  }

  Result<void> add_rows(const ChangeRecord& record, const Shelf& shelf, std::size_t begin,
                        std::size_t count) {
    const auto first = record.sequences.begin() + static_cast<std::ptrdiff_t>(begin);
    const std::vector<columns::Sequence> sequences(first,
                                                   first + static_cast<std::ptrdiff_t>(count));
    JournalReader reader(shelf, snapshot_, cache_);
    DAYBOOK_ASSIGN(auto rows, reader.find_sequences(record.partition, sequences));
    for (std::size_t i = 0; i < count; ++i) {
      Change change{record.first + begin + i, shelf.collection, record.verb, {}, {}, std::nullopt};
      if (rows[i]) {
        change.id = rows[i]->id;
        change.tenant = tenant_of(*shelf.collection, *rows[i]);
        change.row = std::move(rows[i]);
      } else {
        DAYBOOK_TRY(dig_up(record.partition, sequences[i], change));
        if (change.id.empty()) change.verb = Verb::kDelete;
      }
      changes_.push_back(std::move(change));
    }
    return {};
  }

  bool has_expired(const ChangeRecord& record, const Shelf& shelf) const {
    const auto& journal = snapshot_.view().journals[shelf.index];
    if (record.partition == 0 || !journal) return false;
    return std::ranges::none_of(*journal, [&](const PartitionView& partition) {
      return partition.info->id == record.partition;
    });
  }

  // Names a row that was deleted; nothing when it was erased.
  Result<void> dig_up(std::int64_t partition, columns::Sequence sequence, Change& change) {
    DAYBOOK_ASSIGN(Query query, snapshot_.db().query("SELECT id, tenant FROM buried WHERE "
                                                     "partition = ?1 AND sequence = ?2"));
    query.bind(1, partition).bind(2, sequence);
    DAYBOOK_ASSIGN(const bool found, query.step());
    if (!found) return {};
    change.id = query.text(0);
    if (!query.is_null(1)) change.tenant = Value(query.text(1));
    return {};
  }

  Snapshot& snapshot_;
  ColumnCache& cache_;
  Position next_;
  std::size_t limit_;
  std::vector<Change> changes_;
};

Result<Position> last_pruned(Connection& db, std::int64_t application) {
  DAYBOOK_ASSIGN(Query query, db.query("SELECT value FROM meta WHERE key = ?1"));
  const std::string key = "gap/" + std::to_string(application);
  query.bind(1, std::string_view(key));
  DAYBOOK_ASSIGN(const bool found, query.step());
  return found ? query.number(0) : Position{0};
}

}  // namespace

Result<Changes> read_feed(Snapshot& snapshot, const Shelves& shelves, ColumnCache& cache,
                          std::int64_t application, Position after, std::size_t limit) {
  Changes changes;
  changes.next = after;
  const auto newest = snapshot.view().positions.find(application);
  if (limit == 0 || newest == snapshot.view().positions.end()) return changes;
  DAYBOOK_ASSIGN(const Position pruned, last_pruned(snapshot.db(), application));
  changes.is_gap = after < pruned;
  Feed feed(snapshot, cache, after, limit);
  while (!feed.is_full()) {
    DAYBOOK_ASSIGN(const auto records,
                   read_changes(snapshot.db(), application, feed.next(), feed.room()));
    if (records.empty()) {
      feed.skip_to(newest->second);
      break;
    }
    for (const ChangeRecord& record : records) DAYBOOK_TRY(feed.add(record, shelves));
  }
  changes.next = feed.next();
  changes.changes = std::move(feed).finish();
  return changes;
}

}  // namespace daybook::sqlite
