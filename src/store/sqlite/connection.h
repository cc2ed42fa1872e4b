// SQLite behind values and Results: the only home of sqlite3.h. A Connection is for one thread at a
// time; its statements are compiled once and kept.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "base/time.h"

struct sqlite3;
struct sqlite3_blob;
struct sqlite3_stmt;

namespace daybook::sqlite {

// A use of a compiled statement; given back, reset, when it goes out of scope. Parameters count
// from 1, columns from 0. What bind() is given must live until the next step().
class Query {
 public:
  Query(Query&& other) noexcept;
  Query& operator=(Query&&) = delete;
  ~Query();

  Query& bind(int parameter, std::int64_t value);
  Query& bind(int parameter, std::uint64_t value) {
    return bind(parameter, static_cast<std::int64_t>(value));
  }
  Query& bind(int parameter, double value);
  Query& bind(int parameter, std::string_view text);
  Query& bind_blob(int parameter, std::string_view bytes);
  Query& bind_null(int parameter);

  // Whether there is another row.
  Result<bool> step();
  // To the end, for statements that give no rows.
  Result<void> run();
  // For the next set of parameters.
  void reset();

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  std::uint64_t number(int column) const { return static_cast<std::uint64_t>(integer(column)); }
  double real(int column) const;
  // Until the next step().
  std::string_view text(int column) const;
  std::string_view blob(int column) const;

 private:
  friend class Connection;
  Query(sqlite3* db, sqlite3_stmt* statement, bool* is_used)
      : db_(db), statement_(statement), is_used_(is_used) {
    *is_used_ = true;
  }

  sqlite3* db_;
  sqlite3_stmt* statement_;
  bool* is_used_;
};

// Reads pieces of the BLOBs in one column of a table, one BLOB at a time. Holds its connection's
// transaction open: goes before that ends.
class BlobReader {
 public:
  Result<std::uint64_t> size(std::int64_t row);
  // What is there.
  Result<void> read(std::int64_t row, std::uint64_t offset, std::size_t size, char* out);

 private:
  friend class Connection;
  struct Close {
    void operator()(sqlite3_blob* blob) const;
  };
  BlobReader(sqlite3* db, std::string table, std::string column)
      : db_(db), table_(std::move(table)), column_(std::move(column)) {}
  Result<void> go_to(std::int64_t row);

  sqlite3* db_;
  std::string table_, column_;
  std::unique_ptr<sqlite3_blob, Close> blob_;
  std::int64_t row_ = 0;
};

class Connection {
 public:
  enum class Access { kReadWrite, kRead };
  // Creates the file when it is opened for writing and not there.
  static Result<Connection> open(const std::string& path, const std::string& vfs, Access access);
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  // Statements separated by semicolons, without parameters.
  Result<void> run(const std::string& sql);
  // Not to be asked for again while an earlier use of the same text is in scope.
  Result<Query> query(const std::string& sql);
  // The first column of the first row, as an integer; empty without a row.
  Result<std::optional<std::int64_t>> ask_integer(const std::string& sql);
  Result<std::string> ask_text(const std::string& sql);
  BlobReader blobs(std::string table, std::string column) {
    return BlobReader(db_.get(), std::move(table), std::move(column));
  }
  // How many rows the last statement changed.
  std::uint64_t changed() const;

  // Whether the last failure was a full disk, which leaves a transaction that can be taken back.
  bool was_full() const;
  bool in_transaction() const;
  // Statements run while it is set end with kTooSlow once it says true. Empty: none.
  void set_interrupt(std::function<bool()> is_over);

  // Copies the whole database into a new file, with its own snapshot.
  Result<void> copy_to(const std::string& path) const;

 private:
  struct Close {
    void operator()(sqlite3* db) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  struct Compiled {
    std::unique_ptr<sqlite3_stmt, Finalize> statement;
    bool is_used = false;
  };
  explicit Connection(sqlite3* db);

  std::unique_ptr<sqlite3, Close> db_;
  std::map<std::string, Compiled, std::less<>> statements_;
  std::unique_ptr<std::function<bool()>> interrupt_;
};

}  // namespace daybook::sqlite
