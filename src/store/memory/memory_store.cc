#include "store/memory/memory_store.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <utility>

#include "query/row_size.h"
#include "store/decide.h"
#include "store/index_key.h"
#include "store/memory/questions.h"
#include "store/memory/table.h"
#include "store/meter.h"

namespace daybook {

namespace {

using memory::Key;
using memory::Table;
using memory::Undo;

// A committed change; what it was about is looked up when it is asked for.
struct Logged {
  Table* table;
  Verb verb;
  Key key;
  bool names_row = true;  // false: the row was erased
};

// The changes of one application: the one of position n stands at n - 1.
using ChangeLog = std::vector<Logged>;

class MemoryStore final : public Store {
 public:
  StoreTraits traits() const override { return {"memory", false, true, false}; }
  StoreHealth health() const override { return {}; }

  Result<void> prepare(const Catalog& catalog) override;
  Result<std::string> stored_catalog() override;
  Result<Committed> apply(const Batch& batch) override;
  Result<std::optional<Batch::Once>> recall(const std::string& key, Instant now) override;
  Result<std::vector<std::optional<Row>>> find(const Collection& collection,
                                               const std::vector<std::string>& ids, Instant now,
                                               const Filter& among) override;
  Result<Cost> scan(const Scan& scan, const RowSink& sink) override;
  Result<Groups> summarize(const Summary& summary) override;
  Result<Hits> search(const Search& search) override;
  Result<Changes> feed(const Application& application, Position after, std::size_t limit) override;
  Result<Position> wait(const Application& application, Position after, Duration at_most) override;
  Result<Removed> expire(const Expiry& expiry) override;
  Result<Removed> erase(const Erasure& erasure) override;
  Result<std::vector<Finding>> verify() override;
  // Nothing is summed ahead here.
  Result<RolledPeriod> check_rollups(const RollupCheck&) override { return RolledPeriod(); }
  Result<Space> space(SpaceDetail detail) override;
  Result<std::vector<IndexState>> indexes() override;
  Result<void> backup(const std::string&) override {
    return Error(Code::kUnsupported, "the memory store cannot be backed up");
  }

 private:
  // All below: the caller holds mutex_.
  Result<Table*> table(const Collection& collection);
  const ChangeLog& log_of(const Application& application) const;
  Verdict apply_one(const Operation& operation, Instant at, ChangeLog& log, Undo& undo);
  Verdict keep_decided(Table& table, const Operation& operation, const Row* there, Instant at,
                       ChangeLog& log, Undo& undo);
  void remember(const Batch::Once& once, const Committed& committed);

  std::shared_mutex mutex_;
  std::condition_variable_any committed_;
  std::string catalog_json_;
  std::map<std::string, Table> tables_;    // by full name
  std::map<std::string, ChangeLog> logs_;  // by application
  std::map<std::string, Batch::Once> once_;
};

Result<Table*> MemoryStore::table(const Collection& collection) {
  const auto it = tables_.find(collection.full_name());
  if (it == tables_.end()) {
    return Error(Code::kNotFound, "there is no collection " + collection.full_name());
  }
  return &it->second;
}

const ChangeLog& MemoryStore::log_of(const Application& application) const {
  static const ChangeLog kNone;
  const auto it = logs_.find(application.name);
  return it == logs_.end() ? kNone : it->second;
}

Result<void> MemoryStore::prepare(const Catalog& catalog) {
  std::unique_lock lock(mutex_);
  for (const auto& [application_name, application] : catalog.applications()) {
    for (const auto& [name, collection] : application.collections) {
      const auto it = tables_.find(collection.full_name());
      if (it != tables_.end()) DAYBOOK_TRY(it->second.check(collection));
    }
  }
  for (const auto& [application_name, application] : catalog.applications()) {
    logs_.try_emplace(application_name);
    for (const auto& [name, collection] : application.collections) {
      auto [it, is_new] = tables_.try_emplace(collection.full_name(), collection);
      if (!is_new) it->second.redeclare(collection);
    }
  }
  catalog_json_ = catalog_json(catalog);
  return {};
}

Result<std::string> MemoryStore::stored_catalog() {
  std::shared_lock lock(mutex_);
  return catalog_json_;
}

// The row that an insert or put repeats. The two halves of a sample are told apart.
const Row* repeated(const Table& table, const Operation& operation, Instant at) {
  const Key key = table.key_of(operation.row);
  if (operation.presence != Presence::kSeenOnly) {
    const Row* counted = table.find_counted(key);
    if (counted != nullptr && !table.is_expired(*counted, at)) return counted;
  }
  const bool is_other_half =
      operation.presence == Presence::kCountedOnly && table.is_uncounted(key);
  return is_other_half ? nullptr : table.find_seen(key, at);
}

// The rows that an update or delete may mean, if they are there at `at`.
std::vector<const Row*> named(const Table& table, const Operation& operation, Instant at) {
  const bool is_journal = table.collection().is_journal();
  std::vector<const Row*> rows;
  for (const Key& key : table.keys_of(operation.id)) {
    if (is_journal && operation.time && *operation.time != key.time) continue;
    if (operation.tenant && !(*operation.tenant == key.tenant)) continue;
    if (const Row* row = table.find_seen(key, at)) rows.push_back(row);
  }
  return rows;
}

// Of a row of the table.
Presence presence_of(const Table& table, const Row& row) {
  const Key key = table.key_of(row);
  if (&row == table.find_counted(key)) return Presence::kCountedOnly;
  return table.is_uncounted(key) ? Presence::kSeenOnly : Presence::kWhole;
}

// Makes way for a row's unique keys: the first index whose key a row that is still there has is the
// conflict; a row past its keep goes.
const Index* taken(Table& table, const Row& row, Instant at, Undo& undo) {
  for (std::size_t i = 0; i < table.unique().size(); ++i) {
    const Row* holder = table.holder(i, row);
    if (holder == nullptr || table.key_of(*holder) == table.key_of(row)) continue;
    if (!table.is_expired(*holder, at)) return table.unique()[i];
    table.remove(table.key_of(*holder), undo);
  }
  return nullptr;
}

Verdict MemoryStore::apply_one(const Operation& operation, Instant at, ChangeLog& log, Undo& undo) {
  Table& table = tables_.at(operation.collection->full_name());
  const bool has_row = operation.verb == Verb::kInsert || operation.verb == Verb::kPut;
  if (!has_row) {
    const auto rows = named(table, operation, at);
    if (rows.size() > 1 && !table.collection().is_journal()) return several_tenants();
    return keep_decided(table, operation, rows.empty() ? nullptr : rows.front(), at, log, undo);
  }
  const Row* there = repeated(table, operation, at);
  if (operation.verb == Verb::kInsert && there == nullptr &&
      table.is_buried(table.key_of(operation.row))) {
    return deleted_before();
  }
  return keep_decided(table, operation, there, at, log, undo);
}

Verdict MemoryStore::keep_decided(Table& table, const Operation& operation, const Row* there,
                                  Instant at, ChangeLog& log, Undo& undo) {
  Decision decision = decide(operation, there, at);
  if (operation.verb == Verb::kInsert && there != nullptr) {
    decision.verdict.presence = presence_of(table, *there);
  }
  if (decision.verdict.kind != Verdict::Kind::kStored) return decision.verdict;
  if (operation.presence == Presence::kCountedOnly) {
    table.count(*decision.row, undo);
    return decision.verdict;
  }
  if (decision.row) {
    if (const Index* index = taken(table, *decision.row, at, undo)) {
      return key_taken(table.collection(), *index);
    }
    log.push_back({&table, operation.verb, table.key_of(*decision.row)});
    if (operation.presence == Presence::kSeenOnly) {
      table.put_uncounted(*decision.row, undo);
    } else {
      table.put(*decision.row, undo);
    }
    return decision.verdict;
  }
  const Key key = table.key_of(*there);
  if (table.collection().is_journal()) {
    table.bury(key, table.expires_at(*there, {}), undo);
  }
  log.push_back({&table, operation.verb, key});
  table.remove(key, undo);
  return decision.verdict;
}

void MemoryStore::remember(const Batch::Once& once, const Committed& committed) {
  Batch::Once& kept = once_[once.key];
  kept = once;
  if (once.answer_of) kept.answer = once.answer_of(committed);
  kept.answer_of = nullptr;
}

Result<Committed> MemoryStore::apply(const Batch& batch) {
  DAYBOOK_TRY(check_batch(batch));
  std::unique_lock lock(mutex_);
  for (const Operation& operation : batch.operations) {
    DAYBOOK_TRY(table(*operation.collection));
  }
  if (batch.once) {
    const auto it = once_.find(batch.once->key);
    if (it != once_.end() && it->second.expires > batch.at) return once_taken();
  }
  ChangeLog& log = logs_[batch.application->name];
  const std::size_t before = log.size();
  Committed committed;
  Undo undo;
  for (const Operation& operation : batch.operations) {
    committed.verdicts.push_back(apply_one(operation, batch.at, log, undo));
    if (batch.mode == Batch::Mode::kAtomic && !committed.verdicts.back().is_good()) {
      undo.roll_back();
      log.resize(before);
      committed.last = before;
      return committed;
    }
  }
  committed.applied = true;
  committed.first = log.size() > before ? before + 1 : 0;
  committed.last = log.size();
  if (batch.once) remember(*batch.once, committed);
  committed_.notify_all();
  return committed;
}

Result<std::optional<Batch::Once>> MemoryStore::recall(const std::string& key, Instant now) {
  std::shared_lock lock(mutex_);
  const auto it = once_.find(key);
  if (it == once_.end() || it->second.expires <= now) return std::optional<Batch::Once>();
  return std::optional(it->second);
}

Result<std::vector<std::optional<Row>>> MemoryStore::find(const Collection& collection,
                                                          const std::vector<std::string>& ids,
                                                          Instant now, const Filter& among) {
  std::shared_lock lock(mutex_);
  DAYBOOK_ASSIGN(const Table* rows, table(collection));
  std::vector<std::optional<Row>> found(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    for (const Key& key : rows->keys_of(ids[i])) {
      const Row* row = rows->find_seen(key, now);
      if (row == nullptr || !matches(among, *row)) continue;
      found[i] = *row;
      break;
    }
  }
  return found;
}

Result<Cost> MemoryStore::scan(const Scan& scan, const RowSink& sink) {
  Cost cost;
  std::vector<Row> page;
  {
    std::shared_lock lock(mutex_);
    DAYBOOK_ASSIGN(const Table* rows, table(*scan.collection));
    DAYBOOK_ASSIGN(page, memory::scan(*rows, scan, cost));
  }
  for (Row& row : page) {
    if (!sink(std::move(row))) break;
  }
  return cost;
}

Result<Groups> MemoryStore::summarize(const Summary& summary) {
  std::shared_lock lock(mutex_);
  DAYBOOK_ASSIGN(const Table* rows, table(*summary.collection));
  return memory::summarize(*rows, summary);
}

Result<Hits> MemoryStore::search(const Search& search) {
  std::shared_lock lock(mutex_);
  DAYBOOK_ASSIGN(const Table* rows, table(*search.collection));
  return memory::search(*rows, search);
}

Result<Changes> MemoryStore::feed(const Application& application, Position after,
                                  std::size_t limit) {
  std::shared_lock lock(mutex_);
  const ChangeLog& log = log_of(application);
  Changes changes;
  changes.next = after;
  while (changes.next < log.size() && changes.changes.size() < limit) {
    const Logged& logged = log[changes.next++];
    Change change{changes.next, &logged.table->collection(), logged.verb, {}, {}, std::nullopt};
    if (logged.names_row) {
      change.id = logged.key.id;
      change.tenant = logged.key.tenant;
      if (const Row* row = logged.table->find(logged.key)) change.row = *row;
    }
    changes.changes.push_back(std::move(change));
  }
  return changes;
}

Result<Position> MemoryStore::wait(const Application& application, Position after,
                                   Duration at_most) {
  std::shared_lock lock(mutex_);
  const auto newest = [&] { return Position{log_of(application).size()}; };
  // A wait_for of the longest duration overflows in the library.
  const Duration bounded = std::min<Duration>(at_most, std::chrono::hours(24));
  committed_.wait_for(lock, bounded, [&] { return newest() > after; });
  return newest();
}

void count_removed(const Table& table, const Row& row, std::set<Instant>& periods,
                   Removed& removed) {
  const Collection& collection = table.collection();
  ++removed.rows;
  removed.bytes += row_bytes(row);
  if (!collection.is_journal()) return;
  const Instant time = row_time(collection, row);
  periods.insert(Zone().floor(time, collection.period));
  removed.oldest = std::min(removed.oldest.value_or(time), time);
  removed.newest = std::max(removed.newest.value_or(time), time);
}

Result<Removed> MemoryStore::expire(const Expiry& expiry) {
  std::unique_lock lock(mutex_);
  DAYBOOK_ASSIGN(Table * rows, table(*expiry.collection));
  Removed removed;
  std::set<Instant> periods;
  std::vector<Key> keys;
  for (const auto& [key, row] : rows->rows()) {
    const auto until = rows->expires_at(row, expiry.tenants);
    if (!until || *until > expiry.now) continue;
    count_removed(*rows, row, periods, removed);
    keys.push_back(key);
  }
  std::vector<Key> counted;
  for (const auto& [key, row] : rows->counted()) {
    if (!rows->is_over(key, expiry.now)) continue;
    count_removed(*rows, row, periods, removed);
    counted.push_back(key);
  }
  removed.partitions = periods.size();
  if (expiry.mode == Expiry::Mode::kPreview) return removed;
  Undo undo;
  for (const Key& key : keys) rows->expire(key, undo);
  for (const Key& key : counted) rows->expire_counted(key, undo);
  rows->forget_buried(expiry.now);
  rows->forget_expired(expiry.now);
  std::erase_if(once_, [&](const auto& entry) { return entry.second.expires <= expiry.now; });
  return removed;
}

Result<Removed> MemoryStore::erase(const Erasure& erasure) {
  std::unique_lock lock(mutex_);
  DAYBOOK_ASSIGN(Table * rows, table(*erasure.collection));
  Removed removed;
  std::set<Instant> periods;
  std::set<Key> keys;
  for (const auto& [key, row] : rows->rows()) {
    if (!matches(erasure.filter, row)) continue;
    count_removed(*rows, row, periods, removed);
    keys.insert(key);
  }
  std::set<Key> counted;
  for (const auto& [key, row] : rows->counted()) {
    if (!matches(erasure.filter, row)) continue;
    count_removed(*rows, row, periods, removed);
    counted.insert(key);
  }
  if (erasure.mode == Erasure::Mode::kPreview || removed.rows == 0) return removed;
  Undo undo;
  for (const Key& key : counted) {
    rows->bury(key, rows->expires_at(*rows->find_counted(key), {}), undo);
    rows->remove_counted(key, undo);
  }
  for (const Key& key : keys) {
    if (erasure.collection->is_journal()) {
      rows->bury(key, rows->expires_at(*rows->find(key), {}), undo);
    }
    rows->remove(key, undo);
  }
  ChangeLog& log = logs_[erasure.collection->application];
  for (Logged& logged : log) {
    if (logged.table == rows && keys.contains(logged.key)) {
      logged = {rows, Verb::kDelete, {}, false};
    }
  }
  log.push_back({rows, Verb::kDelete, {}, false});
  committed_.notify_all();
  return removed;
}

Result<std::vector<Finding>> MemoryStore::verify() {
  std::shared_lock lock(mutex_);
  std::vector<Finding> findings;
  for (const auto& [name, rows] : tables_) {
    if (std::string what = rows.check(); !what.empty()) findings.push_back({name, std::move(what)});
  }
  return findings;
}

Result<Space> MemoryStore::space(SpaceDetail) {
  std::shared_lock lock(mutex_);
  Space space;
  for (const auto& [name, rows] : tables_) {
    Removed all;
    std::set<Instant> periods;
    for (const auto& [key, row] : rows.rows()) count_removed(rows, row, periods, all);
    for (const auto& [key, row] : rows.counted()) count_removed(rows, row, periods, all);
    space.collections[name] = {all.rows, all.bytes, periods.size(), 0, all.oldest, all.newest};
  }
  return space;
}

Result<std::vector<IndexState>> MemoryStore::indexes() {
  std::shared_lock lock(mutex_);
  std::vector<IndexState> states;
  for (const auto& [name, rows] : tables_) {
    for (const Index& index : rows.collection().indexes) {
      states.push_back({name, index.name, describe_index(rows.collection(), index), true});
    }
  }
  return states;
}

}  // namespace

std::unique_ptr<Store> make_memory_store() { return std::make_unique<MemoryStore>(); }

}  // namespace daybook
