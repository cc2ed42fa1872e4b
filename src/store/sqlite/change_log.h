// The change log: which rows each position of an application was about. Runs of changes of one kind
// are one record; what a row looks like now is looked up when a feed asks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/row.h"
#include "store/batch.h"
#include "store/columns/frame.h"
#include "store/sqlite/connection.h"

namespace daybook::sqlite {

// What a record knows of a register's row; of one that was erased an empty id.
struct LoggedKey {
  std::string id;
  std::optional<Value> tenant;  // where the collection had tenants then
};

// Positions first..last: rows of a journal's partition by sequence, or of a register by key.
// Neither: rows that were erased.
struct ChangeRecord {
  std::int64_t application = 0;
  Position first = 0, last = 0;
  std::int64_t collection = 0;
  Verb verb = Verb::kInsert;
  std::int64_t partition = 0;  // 0: none
  std::vector<columns::Sequence> sequences;
  std::vector<LoggedKey> keys;
};

// The changes of one transaction, in order.
class ChangeLog {
 public:
  void add_row(std::int64_t application, Position position, std::int64_t collection, Verb verb,
               std::int64_t partition, columns::Sequence sequence);
  void add_key(std::int64_t application, Position position, const Collection& collection,
               std::int64_t number, Verb verb, const Row& row);
  void add_erased(std::int64_t application, Position position, std::int64_t collection);

  // Everything after a mark can be taken back.
  struct Mark {
    std::size_t records = 0;
    std::size_t in_last = 0;
  };
  Mark mark() const;
  void roll_back(const Mark& mark);
  Result<void> write(Connection& db, std::int64_t at) const;

 private:
  ChangeRecord& record(std::int64_t application, Position position, std::int64_t collection,
                       Verb verb, std::int64_t partition);
  std::vector<ChangeRecord> records_;
};

std::string write_content(const ChangeRecord& record);
// Fills sequences or keys of a record of so many positions.
Result<void> read_content(std::string_view bytes, ChangeRecord& record);

// Records of an application that hold positions after `after`, in order, until `limit` positions.
Result<std::vector<ChangeRecord>> read_changes(Connection& db, std::int64_t application,
                                               Position after, std::size_t limit);

}  // namespace daybook::sqlite
