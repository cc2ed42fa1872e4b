#include "store/sqlite/sqlite_store.h"

#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "store/index_key.h"
#include "store/sqlite/feed.h"
#include "store/sqlite/incoming.h"
#include "store/sqlite/merger.h"
#include "store/sqlite/past_ahead.h"
#include "store/sqlite/past_keep.h"
#include "store/sqlite/questions.h"
#include "store/sqlite/reclaim.h"
#include "store/sqlite/register_table.h"
#include "store/sqlite/replay.h"
#include "store/sqlite/rollup_check.h"
#include "store/sqlite/rollup_keeper.h"
#include "store/sqlite/rollup_rebuild.h"
#include "store/sqlite/rollup_tables.h"
#include "store/sqlite/scan_threads.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/sealer.h"
#include "store/sqlite/snapshot.h"
#include "store/sqlite/upkeep.h"
#include "store/sqlite/writer.h"

namespace daybook::sqlite {

namespace {

// Of the memory for what was decoded, the part of what rollups come to.
constexpr std::size_t kShareOfCells = 16;

Error not_prepared() { return {Code::kUnavailable, "the store has no catalog yet"}; }

class SqliteStore final : public Store {
 public:
  SqliteStore(std::string directory, Options options, DirectoryLock lock, Connection db)
      : directory_(std::move(directory)),
        options_(std::move(options)),
        lock_(std::move(lock)),
        first_db_(std::move(db)),
        readers_(directory_, options_),
        cache_(options_.cache_bytes - options_.cache_bytes / kShareOfCells),
        cells_(options_.cache_bytes / kShareOfCells) {}
  ~SqliteStore() override { stop(); }

  StoreTraits traits() const override {
    return {"sqlite", options_.durability == Durability::kFull, true, false};
  }
  StoreHealth health() const override {
    return writer_ ? writer_->health() : StoreHealth{false, not_prepared().message()};
  }

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
  Result<RolledPeriod> check_rollups(const RollupCheck& check) override;
  Result<Space> space(SpaceDetail detail) override;
  Result<std::vector<IndexState>> indexes() override;
  Result<void> backup(const std::string& directory) override;

 private:
  void stop();
  Result<std::optional<PastAhead>> look_ahead(const Shelf& shelf, const Expiry& expiry,
                                              const std::optional<PartitionKey>& after);
  Result<Snapshot> snapshot(const Budget& budget) {
    if (!writer_) return not_prepared();
    return Snapshot::open(readers_, *views_, budget);
  }

  const std::string directory_;
  const Options options_;
  DirectoryLock lock_;
  std::optional<Connection> first_db_;  // until the writer takes it
  Readers readers_;
  ColumnCache cache_;
  CellCache cells_;

  // Made by prepare().
  std::optional<Shelves> shelves_;
  std::unique_ptr<Views> views_;
  std::unique_ptr<ScanThreads> threads_;
  std::unique_ptr<Sealer> sealer_;
  std::unique_ptr<Writer> writer_;
  std::optional<Merger> merger_;
  std::optional<RollupKeeper> rollup_keeper_;
  std::optional<Reclaimer> reclaimer_;
};

void SqliteStore::stop() {
  if (sealer_) sealer_->stop();
  writer_.reset();
  if (views_) views_->close();
}

Result<void> keep_catalog(Connection& db, const Catalog& catalog) {
  DAYBOOK_ASSIGN(Query query,
                 db.query("INSERT OR REPLACE INTO meta (key, value) VALUES ('catalog', ?1)"));
  const std::string json = catalog_json(catalog);
  query.bind(1, std::string_view(json));
  return query.run();
}

// All or nothing: names get their numbers, registers their tables.
Result<Shelves> prepare_tables(Connection& db, const Catalog& catalog) {
  DAYBOOK_TRY(db.run("BEGIN IMMEDIATE"));
  auto made = [&]() -> Result<Shelves> {
    DAYBOOK_ASSIGN(Shelves shelves, Shelves::make(catalog, db));
    for (const auto& shelf : shelves.all()) {
      if (!shelf->collection->rollups.empty()) DAYBOOK_TRY(forget_outdated_sums(db, *shelf));
      if (shelf->collection->is_journal()) continue;
      auto table = prepare_register(db, *shelf->collection);
      if (!table.ok()) {
        return std::move(table).error().with_context(shelf->collection->full_name());
      }
    }
    DAYBOOK_TRY(keep_catalog(db, catalog));
    DAYBOOK_TRY(db.run("COMMIT"));
    return shelves;
  }();
  if (!made.ok() && db.in_transaction()) DAYBOOK_TRY(db.run("ROLLBACK"));
  return made;
}

Result<void> SqliteStore::prepare(const Catalog& catalog) {
  if (!first_db_) {
    return Error(Code::kInternal, "the store was given its catalog already; open it again");
  }
  DAYBOOK_ASSIGN(shelves_, prepare_tables(*first_db_, catalog));
  DAYBOOK_ASSIGN(Writer::State state, replay(*first_db_, *shelves_));
  views_ = std::make_unique<Views>();
  threads_ = std::make_unique<ScanThreads>(options_.scan_threads, options_.block_rows);
  sealer_ = std::make_unique<Sealer>(*shelves_, options_);
  writer_ =
      std::make_unique<Writer>(std::move(*first_db_), std::move(state), options_, cache_, *views_,
                               [this](Writer& writer, const std::set<Partition*>& touched) {
                                 sealer_->after_commit(writer, touched);
                               });
  first_db_.reset();
  merger_.emplace(*shelves_, options_, readers_, *views_, *writer_);
  rollup_keeper_.emplace(*shelves_, options_, readers_, *views_, *writer_);
  reclaimer_.emplace(*views_, *writer_);
  sealer_->start(*writer_,
                 {[this] { return merger_->step(); }, [this] { return rollup_keeper_->step(); },
                  [this] { return reclaimer_->step(); }});
  return {};
}

Result<std::string> SqliteStore::stored_catalog() {
  const std::string sql = "SELECT value FROM meta WHERE key = 'catalog'";
  if (first_db_) return first_db_->ask_text(sql);
  DAYBOOK_ASSIGN(Snapshot snapshot, this->snapshot({}));
  return snapshot.db().ask_text(sql);
}

Result<Committed> SqliteStore::apply(const Batch& batch) {
  if (!writer_) return not_prepared();
  DAYBOOK_ASSIGN(const Incoming incoming, make_incoming(batch, *shelves_));
  return writer_->apply(incoming);
}

Result<std::optional<Batch::Once>> SqliteStore::recall(const std::string& key, Instant now) {
  DAYBOOK_ASSIGN(Snapshot snapshot, this->snapshot({}));
  DAYBOOK_ASSIGN(Query query, snapshot.db().query("SELECT fingerprint, answer, expires FROM once "
                                                  "WHERE key = ?1 AND expires > ?2"));
  query.bind(1, std::string_view(key)).bind(2, micros(now));
  DAYBOOK_ASSIGN(const bool found, query.step());
  if (!found) return std::optional<Batch::Once>();
  Batch::Once once;
  once.key = key;
  once.fingerprint = query.text(0);
  once.answer = query.text(1);
  once.expires = from_micros(query.integer(2));
  return std::optional(std::move(once));
}

Result<std::vector<std::optional<Row>>> SqliteStore::find(const Collection& collection,
                                                          const std::vector<std::string>& ids,
                                                          Instant now, const Filter& among) {
  DAYBOOK_ASSIGN(Snapshot snapshot, this->snapshot({}));
  DAYBOOK_ASSIGN(const Shelf* shelf, shelves_->find(collection));
  return answer_find({*shelf, snapshot, cache_, cells_, *threads_}, ids, now, among);
}

Result<Cost> SqliteStore::scan(const Scan& scan, const RowSink& sink) {
  DAYBOOK_ASSIGN(Snapshot snapshot, this->snapshot(scan.budget));
  DAYBOOK_ASSIGN(const Shelf* shelf, shelves_->find(*scan.collection));
  return answer_scan({*shelf, snapshot, cache_, cells_, *threads_}, scan, sink);
}

Result<Groups> SqliteStore::summarize(const Summary& summary) {
  DAYBOOK_ASSIGN(Snapshot snapshot, this->snapshot(summary.budget));
  DAYBOOK_ASSIGN(const Shelf* shelf, shelves_->find(*summary.collection));
  return answer_summary({*shelf, snapshot, cache_, cells_, *threads_}, summary);
}

Result<Hits> SqliteStore::search(const Search& search) {
  DAYBOOK_ASSIGN(Snapshot snapshot, this->snapshot(search.budget));
  DAYBOOK_ASSIGN(const Shelf* shelf, shelves_->find(*search.collection));
  return answer_search({*shelf, snapshot, cache_, cells_, *threads_}, search);
}

Result<Changes> SqliteStore::feed(const Application& application, Position after,
                                  std::size_t limit) {
  DAYBOOK_ASSIGN(Snapshot snapshot, this->snapshot({}));
  return read_feed(snapshot, *shelves_, cache_, shelves_->application(application.name), after,
                   limit);
}

Result<Position> SqliteStore::wait(const Application& application, Position after,
                                   Duration at_most) {
  if (!writer_) return not_prepared();
  return views_->wait(shelves_->application(application.name), after, at_most);
}

// Finding what is going takes time, which the writer does not have. Empty where there is nothing to
// expire.
Result<std::optional<PastAhead>> SqliteStore::look_ahead(const Shelf& shelf, const Expiry& expiry,
                                                         const std::optional<PartitionKey>& after) {
  DAYBOOK_ASSIGN(Snapshot snapshot, this->snapshot(unhurried()));
  DAYBOOK_ASSIGN(PastAhead ahead, PastAhead::make(shelf, snapshot, expiry, after, options_));
  if (!ahead.has_rows()) {
    DAYBOOK_ASSIGN(const bool is_due,
                   is_aught_past(snapshot, shelf, expiry, options_.changes_kept));
    if (!is_due) return std::optional<PastAhead>();
  }
  return std::optional(std::move(ahead));
}

Result<Removed> SqliteStore::expire(const Expiry& expiry) {
  if (!writer_) return not_prepared();
  DAYBOOK_ASSIGN(const Shelf* shelf, shelves_->find(*expiry.collection));
  if (expiry.mode == Expiry::Mode::kPreview) {
    DAYBOOK_ASSIGN(Snapshot snapshot, this->snapshot(unhurried()));
    return preview_expiry(*shelf, snapshot, expiry, options_);
  }
  Removed removed;
  std::optional<PartitionKey> after;
  do {
    DAYBOOK_ASSIGN(const auto ahead, look_ahead(*shelf, expiry, after));
    tell(options_, Moment::kSummed);
    if (!ahead) return removed;
    DAYBOOK_TRY(writer_->run([&](WriteAccess& access) {
      return sqlite::expire(access, cache_, *shelf, expiry, *ahead, options_.changes_kept, removed);
    }));
    if (removed.rows > 0) reclaimer_->give_all_back();
    after = ahead->next();
  } while (after);
  return removed;
}

Result<Removed> SqliteStore::erase(const Erasure& erasure) {
  if (!writer_) return not_prepared();
  DAYBOOK_ASSIGN(const Shelf* shelf, shelves_->find(*erasure.collection));
  if (erasure.mode == Erasure::Mode::kPreview) {
    DAYBOOK_ASSIGN(Snapshot snapshot, this->snapshot(unhurried()));
    return preview_erasure(*shelf, snapshot, erasure);
  }
  Removed removed;
  DAYBOOK_TRY(writer_->run([&](WriteAccess& access) {
    return sqlite::erase(access, cache_, *shelf, erasure, removed);
  }));
  cells_.clear();
  return removed;
}

Result<std::vector<Finding>> SqliteStore::verify() {
  DAYBOOK_ASSIGN(Snapshot snapshot, this->snapshot(unhurried(std::chrono::hours(1))));
  return sqlite::verify(snapshot, *shelves_);
}

Result<RolledPeriod> SqliteStore::check_rollups(const RollupCheck& check) {
  if (!writer_) return not_prepared();
  DAYBOOK_ASSIGN(const Shelf* shelf, shelves_->find(*check.collection));
  if (check.mode == RollupCheck::Mode::kRebuild) {
    return rebuild_period(*shelf, check, readers_, *views_, *writer_);
  }
  DAYBOOK_ASSIGN(Snapshot snapshot, this->snapshot(unhurried()));
  return check_period({*shelf, snapshot, cache_, cells_, *threads_}, check);
}

Result<Space> SqliteStore::space(SpaceDetail detail) {
  const bool is_short = detail == SpaceDetail::kCollections;
  DAYBOOK_ASSIGN(Snapshot snapshot, this->snapshot(is_short ? Budget() : unhurried()));
  return measure_space(snapshot, *shelves_, detail);
}

Result<std::vector<IndexState>> SqliteStore::indexes() {
  if (!writer_) return not_prepared();
  return index_states(*views_->newest(), *shelves_);
}

Result<void> SqliteStore::backup(const std::string& directory) {
  if (::mkdir(directory.c_str(), 0700) != 0) {
    return Error(Code::kInvalid,
                 "cannot make " + directory +
                     " for the backup: it must not be there yet, and its parent must");
  }
  DAYBOOK_ASSIGN(Snapshot snapshot, this->snapshot(unhurried(std::chrono::hours(1))));
  return snapshot.db().copy_to(database_path(directory));
}

}  // namespace

std::size_t cores() { return std::max(1U, std::thread::hardware_concurrency()); }

Result<std::unique_ptr<Store>> open_store(const std::string& directory, const Options& options) {
  auto opened = [&]() -> Result<std::unique_ptr<Store>> {
    DAYBOOK_ASSIGN(DirectoryLock lock, DirectoryLock::take(directory));
    DAYBOOK_ASSIGN(Connection db, open_for_writing(directory, options));
    return std::unique_ptr<Store>(
        new SqliteStore(directory, options, std::move(lock), std::move(db)));
  }();
  if (!opened.ok()) return std::move(opened).error().with_context("cannot open the store");
  return opened;
}

}  // namespace daybook::sqlite
