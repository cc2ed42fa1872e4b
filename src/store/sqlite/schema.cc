// The tables of format 1, beside one a register (store/sql/tables.h):
//   meta          what there is one of: the catalog, the last block's number; `scrub` while erased
//                 bytes may still be in the log; of each collection with tenants the field that
//                 says whose a row is (`tenant/` and its number); of each journal with rollups a
//                 hash of the declaration that its rollup_sum is of
//   counter       0: the last commit; an application's id: its newest position
//   application, collection, field
//                 the numbers that names were given, once and for ever; of a journal also how its
//                 rows are divided: by which time, into which periods
//   partition     a journal's rows of one period and one keep; negative keeps say what its rows are
//                 (view.h); `sequence`: of the next row, as far as sealed blocks know
//   frame         what a commit did to a partition and no block covers yet (columns/frame.cc);
//                 id = commit << 20 | number within the commit
//   block         a partition's sealed rows: its header (columns/block.cc)
//   block_part    id = block << 14 | kind << 12 | number: one part of a block (columns/part.h)
//   death         rows of sealed blocks that changed or went, and when
//   discarded     blocks of expired partitions whose pages are not freed yet
//   buried        journal rows that were deleted, by sequence; `hash` of the key, by which a repeat
//                 is known until it `expires` (null: always); no id and tenant once it was erased
//   rollup_sum    what one tier of a rollup comes to over some sealed blocks of a partition: those
//                 of `blocks` (varints) as they were at `commit_number` (query/rollup_codec.cc)
//   rollup_past   the same of rows that are past their keep and gone: of one period of a journal,
//                 the buckets from `start` until `until`
//   change        positions first..last of an application: what was done to which rows; those of
//                 an expired partition say nothing any more and go with their time
//   once          answers to requests that may be repeated
#include "store/sqlite/schema.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace daybook::sqlite {

namespace {

constexpr int kFormat = 1;

constexpr const char* kTables = R"sql(
CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE counter (id INTEGER PRIMARY KEY, value INTEGER NOT NULL) STRICT;
CREATE TABLE application (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE collection (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, time TEXT,
  period TEXT) STRICT;
CREATE TABLE field (collection INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL,
  type TEXT NOT NULL, PRIMARY KEY (collection, number)) STRICT, WITHOUT ROWID;
CREATE TABLE partition (id INTEGER PRIMARY KEY AUTOINCREMENT, collection INTEGER NOT NULL,
  start INTEGER NOT NULL, until INTEGER NOT NULL, keep INTEGER NOT NULL, rule TEXT NOT NULL,
  sequence INTEGER NOT NULL) STRICT;
CREATE TABLE frame (id INTEGER PRIMARY KEY, partition INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
CREATE TABLE block (id INTEGER PRIMARY KEY, partition INTEGER NOT NULL, header BLOB NOT NULL) STRICT;
CREATE TABLE block_part (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
CREATE TABLE death (block INTEGER NOT NULL, position INTEGER NOT NULL, commit_number INTEGER NOT NULL,
  PRIMARY KEY (block, position)) STRICT, WITHOUT ROWID;
CREATE TABLE discarded (block INTEGER PRIMARY KEY) STRICT;
CREATE TABLE buried (partition INTEGER NOT NULL, sequence INTEGER NOT NULL, hash INTEGER NOT NULL,
  id TEXT, expires INTEGER, tenant TEXT, PRIMARY KEY (partition, sequence)) STRICT, WITHOUT ROWID;
CREATE INDEX buried_hash ON buried (partition, hash);
CREATE TABLE rollup_sum (id INTEGER PRIMARY KEY, partition INTEGER NOT NULL, rollup TEXT NOT NULL,
  tier INTEGER NOT NULL, commit_number INTEGER NOT NULL, blocks BLOB NOT NULL, data BLOB NOT NULL,
  UNIQUE (partition, rollup, tier)) STRICT;
CREATE TABLE rollup_past (id INTEGER PRIMARY KEY, collection INTEGER NOT NULL, rollup TEXT NOT NULL,
  period INTEGER NOT NULL, tier INTEGER NOT NULL, start INTEGER NOT NULL, until INTEGER NOT NULL,
  data BLOB NOT NULL, UNIQUE (collection, rollup, period, tier, start)) STRICT;
CREATE TABLE change (application INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  at INTEGER NOT NULL, collection INTEGER NOT NULL, verb INTEGER NOT NULL,
  partition INTEGER NOT NULL, content BLOB NOT NULL,
  PRIMARY KEY (application, first)) STRICT, WITHOUT ROWID;
CREATE TABLE once (key TEXT NOT NULL PRIMARY KEY, fingerprint TEXT NOT NULL, answer TEXT NOT NULL,
  expires INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO counter (id, value) VALUES (0, 0);
)sql";

std::string system_reason() { return std::strerror(errno); }

std::string holder_of(int file) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(file, text.data(), text.size() - 1, 0);
  return size > 0 ? "process " + std::string(text.data(), static_cast<std::size_t>(size))
                  : std::string("another process");
}

std::string page_cache(const Options& options) {
  constexpr std::size_t kShareOfWriter = 2;
  const std::size_t each = options.page_cache_bytes / (kShareOfWriter + options.readers);
  return "PRAGMA cache_size = -" + std::to_string(std::max<std::size_t>(each / 1024, 256)) + ";";
}

Result<void> make_tables(Connection& db) {
  // Before the first table, or it has no effect.
  DAYBOOK_TRY(db.run("PRAGMA auto_vacuum = INCREMENTAL"));
  DAYBOOK_TRY(db.run("PRAGMA journal_mode = WAL"));
  DAYBOOK_TRY(db.run("BEGIN IMMEDIATE"));
  DAYBOOK_TRY(db.run(kTables));
  DAYBOOK_TRY(db.run("PRAGMA user_version = " + std::to_string(kFormat)));
  return db.run("COMMIT");
}

// Columns that tables of this format did not have from the beginning.
Result<void> add_columns(Connection& db) {
  DAYBOOK_ASSIGN(const auto known,
                 db.ask_integer("SELECT count(*) FROM pragma_table_info('buried') "
                                "WHERE name = 'tenant'"));
  if (known.value_or(0) > 0) return {};
  return db.run("ALTER TABLE buried ADD COLUMN tenant TEXT");
}

// Rows are for their owner, also in a directory that others may enter. SQLite gives its other files
// the mode of this one.
Result<void> make_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return Error(Code::kUnavailable, "cannot open " + path + ": " + system_reason());
  ::close(file);
  return {};
}

}  // namespace

std::string database_path(const std::string& directory) { return directory + "/daybook.db"; }

Result<DirectoryLock> DirectoryLock::take(const std::string& directory) {
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return Error(Code::kUnavailable,
                 "cannot make the directory " + directory + ": " + system_reason());
  }
  const std::string path = directory + "/lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return Error(Code::kUnavailable, "cannot open " + path + ": " + system_reason());
  }
  DirectoryLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    return Error(Code::kUnavailable, directory + " is held by " + holder_of(file));
  }
  const std::string pid = std::to_string(::getpid());
  if (::ftruncate(file, 0) != 0 ||
      ::pwrite(file, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    return Error(Code::kUnavailable, "cannot write " + path + ": " + system_reason());
  }
  return lock;
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept
    : file_(std::exchange(other.file_, -1)) {}

DirectoryLock::~DirectoryLock() {
  if (file_ >= 0) ::close(file_);
}

Result<Connection> open_for_writing(const std::string& directory, const Options& options) {
  DAYBOOK_TRY(make_file(database_path(directory)));
  DAYBOOK_ASSIGN(Connection db, Connection::open(database_path(directory), options.vfs,
                                                 Connection::Access::kReadWrite));
  // Until the file is in WAL mode: a rollback journal whose removal a power cut undoes would be
  // played back over newer pages.
  DAYBOOK_TRY(db.run("PRAGMA synchronous = EXTRA"));
  DAYBOOK_ASSIGN(const auto format, db.ask_integer("PRAGMA user_version"));
  if (format.value_or(0) == 0) DAYBOOK_TRY(make_tables(db));
  if (format.value_or(0) == kFormat) DAYBOOK_TRY(add_columns(db));
  if (format.value_or(0) > kFormat) {
    return Error(Code::kUnavailable, "the database has format " + std::to_string(*format) +
                                         ", this program knows " + std::to_string(kFormat) +
                                         "; use a newer daybook");
  }
  const bool is_full = options.durability == Durability::kFull;
  DAYBOOK_TRY(db.run(std::string("PRAGMA journal_mode = WAL; PRAGMA secure_delete = FAST;") +
                     "PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864;" +
                     "PRAGMA synchronous = " + (is_full ? "FULL;" : "NORMAL;") +
                     page_cache(options)));
  return db;
}

Result<Connection> open_for_reading(const std::string& directory, const Options& options) {
  DAYBOOK_ASSIGN(Connection db, Connection::open(database_path(directory), options.vfs,
                                                 Connection::Access::kRead));
  DAYBOOK_TRY(db.run(page_cache(options)));
  return db;
}

}  // namespace daybook::sqlite
