#include "store/sqlite/reclaim.h"

#include <string>
#include <utility>

#include "base/heap.h"
#include "store/sqlite/stored_block.h"

namespace daybook::sqlite {

namespace {

// A megabyte.
constexpr int kPagesAtOnce = 256;
// What is freed and used again all the time need not leave the file.
constexpr std::int64_t kPagesLeft = 1024;

Result<void> empty_log(Connection& db, std::chrono::milliseconds patience) {
  DAYBOOK_TRY(db.set_patience(patience));
  const auto is_busy = db.ask_integer("PRAGMA wal_checkpoint(TRUNCATE)");
  DAYBOOK_TRY(db.set_patience(kPatienceOfWriter));
  if (!is_busy.ok()) return is_busy.error();
  if (is_busy->value_or(0) == 0) return {};
  return Error(Code::kUnavailable, "readers hold the log");
}

Result<bool> must_scrub(Connection& db) {
  DAYBOOK_ASSIGN(const auto due, db.ask_integer("SELECT 1 FROM meta WHERE key = 'scrub'"));
  return due.has_value();
}

}  // namespace

Result<void> remember_to_scrub(Connection& db) {
  return db.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('scrub', '1')");
}

Result<void> scrub(Connection& db, std::chrono::milliseconds patience) {
  DAYBOOK_TRY(db.run("PRAGMA incremental_vacuum"));
  DAYBOOK_TRY(empty_log(db, patience));
  DAYBOOK_TRY(db.run("PRAGMA secure_delete = FAST"));
  return db.run("DELETE FROM meta WHERE key = 'scrub'");
}

Result<bool> Reclaimer::step() {
  bool did_free = false;
  DAYBOOK_TRY(writer_.run([&](WriteAccess& access) -> Result<Settle> {
    DAYBOOK_ASSIGN(did_free, remove_discarded(access.db));
    return did_free ? Settle([] {}) : Settle();
  }));
  if (did_free) {
    give_all_back();
    return true;
  }
  Result<bool> more = false;
  const Commit emptied_before = emptied_;
  DAYBOOK_TRY(writer_.visit([&](Connection& db) { more = step_in_file(db); }));
  if (emptied_ != emptied_before) give_free_memory_back();
  return more;
}

Result<bool> Reclaimer::step_in_file(Connection& db) {
  DAYBOOK_ASSIGN(const bool is_scrub_due, must_scrub(db));
  if (is_scrub_due) {
    DAYBOOK_TRY(scrub(db, std::chrono::milliseconds(0)));
    return true;
  }
  const bool gives_all_back = gives_all_back_.exchange(false);
  const auto free = db.ask_integer("PRAGMA freelist_count");
  const bool is_enough = free.ok() && free->value_or(0) <= (gives_all_back ? 0 : kPagesLeft);
  if (gives_all_back && !is_enough) give_all_back();  // until a step finds nothing
  if (!free.ok()) return free.error();
  if (!is_enough) {
    DAYBOOK_TRY(db.run("PRAGMA incremental_vacuum(" + std::to_string(kPagesAtOnce) + ")"));
    return true;
  }
  const Commit now = views_.newest()->commit;
  const bool is_quiet = std::exchange(seen_, now) == now;
  if (!is_quiet || emptied_ == now) return false;
  DAYBOOK_TRY(empty_log(db, std::chrono::milliseconds(0)));
  emptied_ = now;
  return false;
}

}  // namespace daybook::sqlite
