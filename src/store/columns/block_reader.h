// How a question looks at one block, open or sealed: columns by Layout number, fetched when first
// needed, and the positions below rows() that its commit covers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "base/result.h"
#include "catalog/collection.h"
#include "catalog/row.h"
#include "query/scan.h"
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
  // What fetching has cost so far.
  const Cost& cost() const { return cost_; }
  // Of memory, what was fetched.
  std::uint64_t bytes() const { return bytes_; }

 protected:
  Cost cost_;
  std::uint64_t bytes_ = 0;
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

// Up to so many rows of a block are read value by value rather than as columns.
constexpr std::size_t kFewRows = 16;

// Microseconds, both inclusive; of an open block all there are.
struct BlockTimes {
  std::int64_t first = std::numeric_limits<std::int64_t>::min();
  std::int64_t last = std::numeric_limits<std::int64_t>::max();
};

// For one question and one thread.
class BlockReader {
 public:
  // `rows`: positions that the question may see; `at`: the commit it sees them at. All outlive it.
  BlockReader(const Collection& collection, BlockColumns& columns, const Deaths& deaths,
              std::size_t rows, Commit at, BlockTimes times = {});

  const Collection& collection() const { return collection_; }
  const Layout& layout() const { return layout_; }
  std::size_t rows() const { return rows_; }
  // Between which all rows lie.
  const BlockTimes& times() const { return times_; }
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
  // The same for longer than the reader lives.
  Result<std::shared_ptr<const Column>> share(std::size_t number);
  // Of memory, what was fetched.
  std::uint64_t bytes() const { return columns_.bytes(); }
  // What fetching has cost so far.
  const Cost& cost() const { return columns_.cost(); }

  // What told, before the rows were looked at, that none of them is asked for.
  enum class RuledOut { kNo, kByDictionary, kByPostings };
  void rule_out(RuledOut by) { ruled_out_ = by; }
  RuledOut ruled_out() const { return ruled_out_; }

  // Fetches what row() will read: all columns, or those named (the id always).
  Result<void> want_all();
  Result<void> want(const std::vector<std::size_t>& numbers);
  // The wanted parts of a row; the rest of its values are null.
  Row row(std::size_t position) const;
  // Lets go of the columns; they are fetched again when they are needed again.
  void forget();

 private:
  const Collection& collection_;
  Layout layout_;
  BlockColumns& columns_;
  const Deaths& deaths_;
  std::size_t rows_;
  Commit at_;
  BlockTimes times_;
  std::vector<std::shared_ptr<const Column>> fetched_;
  std::vector<std::size_t> wanted_;
  RuledOut ruled_out_ = RuledOut::kNo;
};

}  // namespace daybook::columns
