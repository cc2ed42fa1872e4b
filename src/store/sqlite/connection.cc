#include "store/sqlite/connection.h"

#include <sqlite3.h>

#include <utility>

#include "store/sqlite/sqlite_store.h"

namespace daybook::sqlite {

namespace {

constexpr int kStepsBetweenLooks = 10'000;
constexpr int kBusyMilliseconds = 5'000;
constexpr std::size_t kMaxStatements = 256;
constexpr int kPagesAtOnce = 4'096;

Error error_of(sqlite3* db, int code) {
  const std::string cause = db == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(db);
  switch (code & 0xFF) {
    case SQLITE_FULL:
      return Error(Code::kUnavailable, "the disk is full").with_cause(cause);
    case SQLITE_IOERR:
      return Error(Code::kUnavailable, "the disk failed: " + std::string(sqlite3_errstr(code)))
          .with_cause(cause);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Error(Code::kUnavailable, "the database is held by somebody else").with_cause(cause);
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
      return Error(Code::kUnavailable, "the database file cannot be opened for this")
          .with_cause(cause);
    case SQLITE_INTERRUPT:
      return Error(Code::kTooSlow, "the question took longer than its limit");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Error(Code::kInternal, "the database is damaged: " + cause);
    default:
      return Error(Code::kInternal, "the database refused a statement").with_cause(cause);
  }
}

int look(void* is_over) { return (*static_cast<std::function<bool()>*>(is_over))() ? 1 : 0; }

}  // namespace

Query::Query(Query&& other) noexcept
    : db_(other.db_),
      statement_(std::exchange(other.statement_, nullptr)),
      is_used_(other.is_used_) {}

Query::~Query() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  *is_used_ = false;
}

Query& Query::bind(int parameter, std::int64_t value) {
  sqlite3_bind_int64(statement_, parameter, value);
  return *this;
}

Query& Query::bind(int parameter, double value) {
  sqlite3_bind_double(statement_, parameter, value);
  return *this;
}

Query& Query::bind(int parameter, std::string_view text) {
  // A null pointer would bind null.
  const char* start = text.data() == nullptr ? "" : text.data();
  sqlite3_bind_text64(statement_, parameter, start, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

Query& Query::bind_blob(int parameter, std::string_view bytes) {
  const char* start = bytes.data() == nullptr ? "" : bytes.data();
  sqlite3_bind_blob64(statement_, parameter, start, bytes.size(), SQLITE_STATIC);
  return *this;
}

Query& Query::bind_null(int parameter) {
  sqlite3_bind_null(statement_, parameter);
  return *this;
}

Result<bool> Query::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  Error error = error_of(db_, code);
  sqlite3_reset(statement_);
  return error;
}

Result<void> Query::run() {
  while (true) {
    DAYBOOK_ASSIGN(const bool more, step());
    if (!more) break;
  }
  reset();
  return {};
}

void Query::reset() { sqlite3_reset(statement_); }

bool Query::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Query::integer(int column) const { return sqlite3_column_int64(statement_, column); }

double Query::real(int column) const { return sqlite3_column_double(statement_, column); }

std::string_view Query::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string_view Query::blob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

void Connection::Close::operator()(sqlite3* db) const { sqlite3_close_v2(db); }
void Connection::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Connection::Connection(sqlite3* db) : db_(db) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Result<Connection> Connection::open(const std::string& path, const std::string& vfs,
                                    Access access) {
  // A reader of a WAL database needs to write its shared memory, so it opens for writing too and is
  // held to reading by query_only.
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (access == Access::kReadWrite ? SQLITE_OPEN_CREATE : 0);
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &db, flags, vfs.empty() ? nullptr : vfs.c_str());
  Connection connection(db);
  if (code != SQLITE_OK) return error_of(db, code);
  sqlite3_busy_timeout(db, kBusyMilliseconds);
  if (access == Access::kRead) DAYBOOK_TRY(connection.run("PRAGMA query_only = ON"));
  return connection;
}

Result<void> Connection::run(const std::string& sql) {
  const int code = sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error_of(db_.get(), code);
  return {};
}

Result<Query> Connection::query(const std::string& sql) {
  auto it = statements_.find(sql);
  if (it == statements_.end()) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(db_.get(), sql.c_str(), static_cast<int>(sql.size() + 1),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) return error_of(db_.get(), code);
    // Filters make texts without end; the ones of the store itself are soon compiled again.
    if (statements_.size() >= kMaxStatements) {
      std::erase_if(statements_, [](const auto& entry) { return !entry.second.is_used; });
    }
    it = statements_.try_emplace(sql).first;
    it->second.statement.reset(statement);
  }
  return Query(db_.get(), it->second.statement.get(), &it->second.is_used);
}

Result<std::optional<std::int64_t>> Connection::ask_integer(const std::string& sql) {
  DAYBOOK_ASSIGN(Query query, this->query(sql));
  DAYBOOK_ASSIGN(const bool found, query.step());
  if (!found || query.is_null(0)) return std::optional<std::int64_t>();
  return std::optional(query.integer(0));
}

Result<std::string> Connection::ask_text(const std::string& sql) {
  DAYBOOK_ASSIGN(Query query, this->query(sql));
  DAYBOOK_ASSIGN(const bool found, query.step());
  return found ? std::string(query.text(0)) : std::string();
}

std::uint64_t Connection::changed() const {
  return static_cast<std::uint64_t>(sqlite3_changes64(db_.get()));
}

bool Connection::was_full() const { return (sqlite3_errcode(db_.get()) & 0xFF) == SQLITE_FULL; }

bool Connection::in_transaction() const { return sqlite3_get_autocommit(db_.get()) == 0; }

void Connection::set_interrupt(std::function<bool()> is_over) {
  if (!is_over) {
    sqlite3_progress_handler(db_.get(), 0, nullptr, nullptr);
    interrupt_.reset();
    return;
  }
  interrupt_ = std::make_unique<std::function<bool()>>(std::move(is_over));
  sqlite3_progress_handler(db_.get(), kStepsBetweenLooks, look, interrupt_.get());
}

Result<void> Connection::copy_to(const std::string& path) const {
  sqlite3* opened = nullptr;
  int code =
      sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  const std::unique_ptr<sqlite3, Close> target(opened);
  if (code != SQLITE_OK) return error_of(opened, code);
  struct Finish {
    void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
  };
  std::unique_ptr<sqlite3_backup, Finish> backup(
      sqlite3_backup_init(target.get(), "main", db_.get(), "main"));
  if (!backup) return error_of(target.get(), sqlite3_errcode(target.get()));
  do {
    code = sqlite3_backup_step(backup.get(), kPagesAtOnce);
  } while (code == SQLITE_OK);
  if (code != SQLITE_DONE) return error_of(nullptr, code);
  backup.reset();
  return {};
}

std::string library_version() { return sqlite3_libversion(); }

void BlobReader::Close::operator()(sqlite3_blob* blob) const { sqlite3_blob_close(blob); }

Result<void> BlobReader::go_to(std::int64_t row) {
  if (blob_ && row_ == row) return {};
  int code = SQLITE_OK;
  if (blob_) {
    code = sqlite3_blob_reopen(blob_.get(), row);
  } else {
    sqlite3_blob* opened = nullptr;
    code = sqlite3_blob_open(db_, "main", table_.c_str(), column_.c_str(), row, 0, &opened);
    blob_.reset(opened);
  }
  row_ = row;
  if (code == SQLITE_OK) return {};
  Error error = error_of(db_, code);
  blob_.reset();
  return error;
}

Result<std::uint64_t> BlobReader::size(std::int64_t row) {
  DAYBOOK_TRY(go_to(row));
  return static_cast<std::uint64_t>(sqlite3_blob_bytes(blob_.get()));
}

Result<void> BlobReader::read(std::int64_t row, std::uint64_t offset, std::size_t size, char* out) {
  DAYBOOK_TRY(go_to(row));
  const int code =
      sqlite3_blob_read(blob_.get(), out, static_cast<int>(size), static_cast<int>(offset));
  if (code != SQLITE_OK) return error_of(db_, code);
  return {};
}

}  // namespace daybook::sqlite
