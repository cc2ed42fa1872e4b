// SealedBlock: what memory keeps of a block that lies in the database: its number, its header and
// its deaths; and how its columns are fetched, through a bounded cache.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "store/columns/block.h"
#include "store/columns/block_reader.h"
#include "store/columns/deaths.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/shelf.h"

namespace daybook::sqlite {

// The rowid of a block's part.
inline std::int64_t part_id(std::int64_t block, columns::PartNumber part) {
  return block << 14 | std::int64_t{part.packed()};
}

struct SealedBlock {
  std::int64_t number;  // never used again for other content
  columns::BlockHeader header;
  columns::Deaths deaths;

  SealedBlock(std::int64_t n, columns::BlockHeader h) : number(n), header(std::move(h)) {}
};

// Decoded columns by block and number, the least recently used dropped first. Any thread.
class ColumnCache {
 public:
  explicit ColumnCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  using Key = std::pair<std::int64_t, std::uint32_t>;
  std::shared_ptr<const columns::Column> find(const Key& key);
  void put(const Key& key, std::shared_ptr<const columns::Column> column);
  // Counts a look at one value of a column that is not here. True once there were about `looks` of
  // them: then all of the column is worth having, unless it would put out one that was used since
  // they began.
  bool is_worth_having(const Key& key, std::size_t looks);
  void clear();

 private:
  struct Entry {
    Key key;
    std::shared_ptr<const columns::Column> column;
    std::size_t bytes;
    std::uint64_t used;  // when, as now_ counts
  };
  using Entries = std::list<Entry>;

  const std::size_t max_bytes_;
  std::mutex mutex_;
  Entries entries_;  // newest use first
  std::map<Key, Entries::iterator> by_key_;
  std::size_t bytes_ = 0;
  std::uint64_t now_ = 0;  // uses and looks so far
  struct Looks {
    std::uint64_t since = 0;
    std::uint32_t count = 0;
  };
  // By the key's hash: columns that share a place get here a little early.
  std::array<Looks, 4096> looks_{};
};

// The columns of one sealed block, read inside one transaction of one connection, which several
// threads may share among such. All given outlive it; one thread.
class SealedColumns final : public columns::BlockColumns {
 public:
  SealedColumns(const Shelf& shelf, const SealedBlock& block, Connection& db, ColumnCache& cache)
      : shelf_(shelf), block_(block), db_(db), cache_(cache) {}
  ~SealedColumns() override;
  SealedColumns(const SealedColumns&) = delete;
  SealedColumns& operator=(const SealedColumns&) = delete;
  Result<std::shared_ptr<const columns::Column>> column(std::size_t number) override;
  Result<Value> value(std::size_t number, std::size_t position) override;
  Result<std::shared_ptr<columns::PartContent>> part(columns::PartKind kind,
                                                     std::size_t number) override;
  Result<std::shared_ptr<columns::PartContent>> part(columns::PartNumber part);
  const columns::BlockHeader* header() const override { return &block_.header; }

 private:
  // A column that the block has: under the field's number, or under the one it had when its type
  // was narrower.
  struct Stored {
    columns::PartNumber part;
    Type type;
  };
  std::optional<Stored> find_stored(std::size_t number) const;
  ColumnCache::Key key_of(std::size_t number) const;
  Type type_of(std::size_t number) const;
  columns::PartNumber part_number(columns::PartKind kind, std::size_t number) const;
  // What errors call a part: "shop/orders, block 12, column 3 (status)".
  std::string name_of(columns::PartNumber part) const;
  Result<columns::Column> decode(std::size_t number);
  Result<std::string> read(columns::PartNumber part);

  const Shelf& shelf_;
  const SealedBlock& block_;
  Connection& db_;
  ColumnCache& cache_;
  // Of parts that were not read whole.
  std::shared_ptr<BlobReader> blobs_;
  std::map<columns::PartNumber, std::shared_ptr<columns::PartContent>> parts_;
};

}  // namespace daybook::sqlite
