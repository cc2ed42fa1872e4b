// The database file: its tables, the settings it is opened with, and the lock of its directory.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/sqlite_store.h"

namespace daybook::sqlite {

std::string database_path(const std::string& directory);

// Held as long as it lives: no other process writes this directory.
class DirectoryLock {
 public:
  // Makes the directory (mode 0700) when it is not there. kUnavailable says who holds it.
  static Result<DirectoryLock> take(const std::string& directory);
  DirectoryLock(DirectoryLock&& other) noexcept;
  DirectoryLock& operator=(DirectoryLock&&) = delete;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int file) : file_(file) {}
  int file_;
};

// The one connection that writes; makes the tables of a new file.
Result<Connection> open_for_writing(const std::string& directory, const Options& options);
Result<Connection> open_for_reading(const std::string& directory, const Options& options);

}  // namespace daybook::sqlite
