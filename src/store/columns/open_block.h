// OpenBlock: the rows of one partition that no sealed block covers yet, in memory, append-only. A
// change appends the row's new version and lets the old one die; nothing that a reader may look at
// is ever written again. One writer; readers see the first n positions, as their View says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "catalog/collection.h"
#include "catalog/row.h"
#include "store/columns/column.h"
#include "store/columns/deaths.h"
#include "store/columns/frame.h"

namespace daybook::columns {

// Which row of a journal is looked for.
struct Sought {
  std::string_view id;
  std::optional<Instant> time = std::nullopt;  // none: the newest
  const Value* tenant = nullptr;               // null: the last by tenant, of rows of one time
};

class OpenBlock {
 public:
  // The collection outlives the block.
  explicit OpenBlock(const Collection& collection);

  const Collection& collection() const { return collection_; }
  const Layout& layout() const { return layout_; }
  const Column& column(std::size_t number) const { return columns_[number]; }
  const Deaths& deaths() const { return deaths_; }
  Deaths& deaths() { return deaths_; }  // the writer's
  Row row(std::size_t position) const;
  Sequence sequence(std::size_t position) const {
    return static_cast<Sequence>(columns_[layout_.sequence].numbers()[position]);
  }

  // All below is the writer's. Values must fit their fields.
  std::size_t append(const Row& row, Sequence sequence);
  // The row at `position`, with `fields` (and the rest of what a change may touch) taken from
  // `row`.
  std::size_t append_version(std::size_t position, const Row& row,
                             const std::vector<std::size_t>& fields);
  // Drops positions from n on; only such as no View has shown.
  void truncate(std::size_t n);
  std::size_t size() const { return size_; }
  std::size_t bytes() const;

  // A living row.
  std::optional<std::size_t> find(const Sought& sought);

 private:
  void index_new_rows();
  void index_row(std::size_t position);
  std::size_t hash_at(std::size_t position) const;
  bool is_newer(std::size_t a, std::size_t b) const;

  const Collection& collection_;
  const std::optional<std::size_t> tenant_;  // the field
  Layout layout_;
  std::vector<Column> columns_;
  Deaths deaths_;
  std::size_t size_ = 0;

  // Positions + 1 by id, open addressing; made when first asked, so that plain ingest pays nothing.
  std::vector<std::uint32_t> slots_;
  std::size_t indexed_ = 0;
};

// The columns of a block of this collection, by Layout.
std::vector<Column> make_columns(const Collection& collection);

}  // namespace daybook::columns
