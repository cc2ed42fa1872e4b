// How a question looks at one block, open or sealed: columns by Layout number, fetched when first
// needed, and the positions below rows() that its commit covers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.h"
#include "catalog/collection.h"
#include "catalog/row.h"
#include "store/columns/column.h"
#include "store/columns/deaths.h"
#include "store/columns/open_block.h"
#include "store/columns/part.h"

namespace daybook::columns {

struct BlockHeader;

// Where a block's columns come from: memory or a database.
class BlockColumns {
 public:
  virtual ~BlockColumns() = default;
  virtual Result<std::shared_ptr<const Column>> column(std::size_t number) = 0;
  // One value; costs little where the column is not at hand.
  virtual Result<Value> value(std::size_t number, std::size_t position) = 0;
  // A part beside the column itself; null where the block has none such, as open blocks never have.
  virtual Result<std::shared_ptr<PartContent>> part(PartKind kind, std::size_t number) = 0;
  // Of a sealed block; null of an open one.
  virtual const BlockHeader* header() const = 0;
};

// Of an open block: nothing to fetch.
class OpenColumns final : public BlockColumns {
 public:
  explicit OpenColumns(std::shared_ptr<const OpenBlock> block) : block_(std::move(block)) {}
  Result<std::shared_ptr<const Column>> column(std::size_t number) override {
    return std::shared_ptr<const Column>(block_, &block_->column(number));
  }
  Result<Value> value(std::size_t number, std::size_t position) override {
    return block_->column(number).value(position);
  }
  Result<std::shared_ptr<PartContent>> part(PartKind, std::size_t) override {
    return std::shared_ptr<PartContent>();
  }
  const BlockHeader* header() const override { return nullptr; }

 private:
  std::shared_ptr<const OpenBlock> block_;
};

using Positions = std::vector<std::uint32_t>;

// For one question and one thread.
class BlockReader {
 public:
  // `rows`: positions that the question may see; `at`: the commit it sees them at. All outlive it.
  BlockReader(const Collection& collection, BlockColumns& columns, const Deaths& deaths,
              std::size_t rows, Commit at);

  const Collection& collection() const { return collection_; }
  const Layout& layout() const { return layout_; }
  std::size_t rows() const { return rows_; }
  bool is_dead(std::size_t position) const { return deaths_.is_dead(position, at_); }
  bool has_deaths() const { return deaths_.any(); }

  Result<const Column*> column(std::size_t number);
  // As BlockColumns gives them.
  Result<std::shared_ptr<PartContent>> part(PartKind kind, std::size_t number) {
    return columns_.part(kind, number);
  }
  const BlockHeader* header() const { return columns_.header(); }
  // One value or row, for questions about few rows: fetches no columns.
  Result<Value> value(std::size_t number, std::size_t position);
  Result<Row> read_row(std::size_t position);
  // Fetches what row() will read: all columns, or those named (the id always).
  Result<void> want_all();
  Result<void> want(const std::vector<std::size_t>& numbers);
  // The wanted parts of a row; the rest of its values are null.
  Row row(std::size_t position) const;

 private:
  const Collection& collection_;
  Layout layout_;
  BlockColumns& columns_;
  const Deaths& deaths_;
  std::size_t rows_;
  Commit at_;
  std::vector<std::shared_ptr<const Column>> fetched_;
  std::vector<std::size_t> wanted_;
};

}  // namespace daybook::columns
