// The embedded store: one directory, one process. Registers are SQLite tables; journals are frames
// and column blocks in it (store/columns/). One writer thread commits all batches that wait as one
// transaction; readers have connections of their own.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "store/sqlite/observer.h"
#include "store/store.h"

namespace daybook::sqlite {

enum class Durability {
  kFull,     // an answer comes after the fsync
  kRelaxed,  // the operating system writes when it likes; a crash of the machine loses seconds
};

// At least 1.
std::size_t cores();

struct Options {
  Durability durability = Durability::kFull;
  std::size_t block_rows = 32 * 1024;   // rows of an open block before it is sealed
  std::size_t open_bytes = 48u << 20;   // of memory for open blocks
  std::size_t cache_bytes = 48u << 20;  // of memory for decoded columns and sums
  std::size_t page_cache_bytes = 32u << 20;
  std::size_t max_queued_batches = 4096;   // waiting for the writer; beyond: kUnavailable
  std::size_t readers = 4;                 // connections
  std::size_t scan_threads = cores() - 1;  // that help all questions
  Duration changes_kept = std::chrono::hours(7 * 24);
  // After which a partition counts as quiet: what lies open there may be sealed, and what is sealed
  // be put together.
  Duration quiet = std::chrono::seconds(3);
  Observer* observer = nullptr;  // outlives the store; null: nobody watches
  std::string vfs;               // a SQLite VFS by name; empty: the default (tests inject faults)
  bool background = true;        // false: the writer seals and merges by itself, between commits
};

inline void tell(const Options& options, Moment moment) {
  if (options.observer != nullptr) options.observer->at(moment);
}

// Opens or creates the store in a directory (created with mode 0700). kUnavailable when another
// process holds it (the message says which), kInternal with the reason when the database cannot be
// read.
Result<std::unique_ptr<Store>> open_store(const std::string& directory, const Options& options);

// Of the SQLite that this process runs with, "3.40.1".
std::string library_version();

}  // namespace daybook::sqlite
