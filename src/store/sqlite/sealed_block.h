// SealedBlock: what memory keeps of a block that lies in the database: its number, its header and
// its deaths; and how its columns are fetched, through a bounded cache.
#pragma once

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
  void clear();

 private:
  struct Entry {
    Key key;
    std::shared_ptr<const columns::Column> column;
    std::size_t bytes;
  };
  using Entries = std::list<Entry>;

  const std::size_t max_bytes_;
  std::mutex mutex_;
  Entries entries_;  // newest use first
  std::map<Key, Entries::iterator> by_key_;
  std::size_t bytes_ = 0;
};

// The columns of one sealed block, read through one connection and inside one transaction of it.
// All given outlive it.
class SealedColumns final : public columns::BlockColumns {
 public:
  SealedColumns(const Shelf& shelf, const SealedBlock& block, Connection& db, ColumnCache& cache)
      : shelf_(shelf), block_(block), db_(db), cache_(cache) {}
  Result<std::shared_ptr<const columns::Column>> column(std::size_t number) override;
  Result<Value> value(std::size_t number, std::size_t position) override;
  Result<std::shared_ptr<columns::PartContent>> part(columns::PartKind kind,
                                                     std::size_t number) override;
  Result<std::shared_ptr<columns::PartContent>> part(columns::PartNumber part);
  const columns::BlockHeader* header() const override { return &block_.header; }

 private:
  Type type_of(std::size_t number) const;
  columns::PartNumber part_number(columns::PartKind kind, std::size_t number) const;
  Result<columns::Column> read(columns::PartNumber part, Type type) const;

  const Shelf& shelf_;
  const SealedBlock& block_;
  Connection& db_;
  ColumnCache& cache_;
  // Of parts that were not read whole.
  std::shared_ptr<BlobReader> blobs_;
  std::map<columns::PartNumber, std::shared_ptr<columns::PartContent>> parts_;
};

}  // namespace daybook::sqlite
