// The disk that forgets does forget: what SQLite did not sync is gone after a power cut.
#include "tests/contract/fault_vfs.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

class FaultVfsTest : public testing::Test {
 protected:
  ~FaultVfsTest() override { close(); }

  void open() {
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    ASSERT_EQ(
        sqlite3_open_v2((directory_.path() + "/db").c_str(), &db_, flags, vfs_.name().c_str()),
        SQLITE_OK);
    ASSERT_EQ(run("PRAGMA journal_mode = WAL"), SQLITE_OK);
  }
  void close() {
    sqlite3_close(db_);
    db_ = nullptr;
  }
  int run(const char* sql) { return sqlite3_exec(db_, sql, nullptr, nullptr, nullptr); }
  int count() {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db_, "SELECT count(*) FROM t", -1, &statement, nullptr) != SQLITE_OK) {
      ADD_FAILURE() << sqlite3_errmsg(db_);
      return -1;
    }
    const int rows = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int(statement, 0) : -1;
    sqlite3_finalize(statement);
    return rows;
  }
  // Ten rows, each in its own commit, then a power cut.
  int rows_after_power_cut(const char* synchronous, std::uint64_t dice) {
    open();
    run(synchronous);
    run("CREATE TABLE IF NOT EXISTS t(x)");
    run("PRAGMA wal_checkpoint(TRUNCATE)");
    const int before = count();
    for (int i = 0; i < 10; ++i) run("INSERT INTO t VALUES(randomblob(900))");
    vfs_.disk().cut_power();
    run("INSERT INTO t VALUES(0)");
    EXPECT_FALSE(vfs_.disk().has_power());
    close();
    vfs_.disk().restart(dice);
    open();
    const int rows = count() - before;
    close();
    return rows;
  }

  Directory directory_;
  FaultVfs vfs_;
  sqlite3* db_ = nullptr;
};

TEST_F(FaultVfsTest, SyncedCommitsSurvive) {
  EXPECT_EQ(rows_after_power_cut("PRAGMA synchronous = FULL", 0), 10);
  EXPECT_EQ(rows_after_power_cut("PRAGMA synchronous = FULL", 7), 10);
}

TEST_F(FaultVfsTest, UnsyncedCommitsAreLost) {
  EXPECT_EQ(rows_after_power_cut("PRAGMA synchronous = NORMAL", 0), 0);
  EXPECT_LT(rows_after_power_cut("PRAGMA synchronous = NORMAL", 7), 10);
}

TEST_F(FaultVfsTest, AFullDiskRefusesWritesAndStillReads) {
  open();
  ASSERT_EQ(run("CREATE TABLE t(x)"), SQLITE_OK);
  vfs_.disk().fill_up();
  EXPECT_EQ(run("INSERT INTO t VALUES(1)"), SQLITE_FULL);
  EXPECT_EQ(count(), 0);
  vfs_.disk().make_room();
  EXPECT_EQ(run("INSERT INTO t VALUES(1)"), SQLITE_OK);
  EXPECT_EQ(count(), 1);
}

TEST_F(FaultVfsTest, ASyncFailsOnce) {
  open();
  ASSERT_EQ(run("PRAGMA synchronous = FULL; CREATE TABLE t(x)"), SQLITE_OK);
  vfs_.disk().fail_sync();
  EXPECT_EQ(run("INSERT INTO t VALUES(1)"), SQLITE_IOERR);
  EXPECT_EQ(run("INSERT INTO t VALUES(2)"), SQLITE_OK);
}

}  // namespace

}  // namespace daybook::contract
