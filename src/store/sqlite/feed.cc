#include "store/sqlite/feed.h"

#include <algorithm>
#include <utility>

#include "store/sqlite/change_log.h"
#include "store/sqlite/journal_reader.h"
#include "store/sqlite/register_table.h"

namespace daybook::sqlite {

namespace {

class Feed {
 public:
  Feed(Snapshot& snapshot, ColumnCache& cache, Position after, std::size_t limit)
      : snapshot_(snapshot), cache_(cache), after_(after), limit_(limit) {}

  Result<void> add(const ChangeRecord& record, const Shelf& shelf) {
    const std::size_t begin = after_ < record.first ? 0 : after_ - record.first + 1;
    const std::size_t count =
        std::min(record.last - record.first + 1 - begin, limit_ - changes_.size());
    if (!record.sequences.empty()) return add_rows(record, shelf, begin, count);
    for (std::size_t i = begin; i < begin + count; ++i) {
      Change change{record.first + i, shelf.collection, record.verb, {}, std::nullopt};
      if (record.ids.empty() || record.ids[i].empty()) {
        change.verb = Verb::kDelete;
      } else {
        change.id = record.ids[i];
        DAYBOOK_ASSIGN(change.row, find_row(snapshot_.db(), *shelf.collection, change.id));
      }
      changes_.push_back(std::move(change));
    }
    return {};
  }

  bool is_full() const { return changes_.size() >= limit_; }
  std::vector<Change> finish() && { return std::move(changes_); }

 private:
  Result<void> add_rows(const ChangeRecord& record, const Shelf& shelf, std::size_t begin,
                        std::size_t count) {
    const auto first = record.sequences.begin() + static_cast<std::ptrdiff_t>(begin);
    const std::vector<columns::Sequence> sequences(first,
                                                   first + static_cast<std::ptrdiff_t>(count));
    JournalReader reader(shelf, snapshot_, cache_);
    DAYBOOK_ASSIGN(auto rows, reader.find_sequences(record.partition, sequences));
    for (std::size_t i = 0; i < count; ++i) {
      Change change{record.first + begin + i, shelf.collection, record.verb, {}, std::nullopt};
      if (rows[i]) {
        change.id = rows[i]->id;
        change.row = std::move(rows[i]);
      } else {
        DAYBOOK_ASSIGN(change.id, buried_id(record.partition, sequences[i]));
        if (change.id.empty()) change.verb = Verb::kDelete;
      }
      changes_.push_back(std::move(change));
    }
    return {};
  }

  // The id of a row that was deleted; empty when it was erased.
  Result<std::string> buried_id(std::int64_t partition, columns::Sequence sequence) {
    DAYBOOK_ASSIGN(Query query, snapshot_.db().query("SELECT id FROM buried WHERE partition = ?1 "
                                                     "AND sequence = ?2"));
    query.bind(1, partition).bind(2, sequence);
    DAYBOOK_ASSIGN(const bool found, query.step());
    return found ? std::string(query.text(0)) : std::string();
  }

  Snapshot& snapshot_;
  ColumnCache& cache_;
  Position after_;
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
  DAYBOOK_ASSIGN(const auto records, read_changes(snapshot.db(), application, after, limit));
  Feed feed(snapshot, cache, after, limit);
  for (const ChangeRecord& record : records) {
    if (feed.is_full()) break;
    const Shelf* shelf = shelves.by_number(record.collection);
    if (shelf != nullptr) DAYBOOK_TRY(feed.add(record, *shelf));
  }
  const bool is_last = !feed.is_full();
  changes.changes = std::move(feed).finish();
  if (!changes.changes.empty()) changes.next = changes.changes.back().position;
  // What expired with its partition lies between or at the end, and is passed over.
  if (is_last) changes.next = std::max(changes.next, newest->second);
  return changes;
}

}  // namespace daybook::sqlite
