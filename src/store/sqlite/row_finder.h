// Where the living rows of a journal are, for the writer: in an open, a frozen or a sealed block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string_view>

#include "catalog/row.h"
#include "query/filter.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/journal.h"
#include "store/sqlite/sealed_block.h"

namespace daybook::sqlite {

struct RowPlace {
  Partition* partition = nullptr;
  std::shared_ptr<columns::OpenBlock> open;  // open or frozen; null when sealed
  std::shared_ptr<SealedBlock> sealed;
  std::size_t position = 0;
  columns::Sequence sequence = 0;
  Row row;

  columns::Deaths& deaths() const;
};

// Inside one transaction of the connection: what blocks it has looked into stay open.
class RowFinder {
 public:
  RowFinder(Connection& db, ColumnCache& cache) : db_(db), cache_(cache) {}

  // The row of the sought time, among all, those that do not only count or those that count.
  enum class Among { kAll, kSeen, kCounted };
  Result<std::optional<RowPlace>> find(const Journal& journal, const columns::Sought& sought,
                                       Among among);
  // The newest such row, of any time, that is not past its keep at `now`; an id that tells its time
  // is looked for there first.
  Result<std::optional<RowPlace>> find_newest(const Journal& journal, const columns::Sought& sought,
                                              Instant now);

 private:
  Result<std::optional<RowPlace>> find_in(const Journal& journal, Partition& partition,
                                          const columns::Sought& sought);
  Result<std::optional<RowPlace>> find_in_period(const Journal& journal, std::int64_t start,
                                                 const columns::Sought& sought,
                                                 std::optional<Instant> now);
  Result<std::optional<std::size_t>> find_sealed(const Shelf& shelf, const SealedBlock& block,
                                                 const columns::Sought& sought);

  columns::BlockReader read(const Shelf& shelf, const SealedBlock& block);

  Connection& db_;
  ColumnCache& cache_;
  std::map<std::int64_t, std::unique_ptr<SealedColumns>> looked_into_;  // by number of the block
};

// The sought row, living, among the rows of a block that a reader sees and that fit.
Result<std::optional<std::size_t>> find_in_block(columns::BlockReader& block,
                                                 const columns::Sought& sought,
                                                 const Filter& among);

}  // namespace daybook::sqlite
