// Journal and Partition: what the writer knows of the journals' rows: their partitions, the open
// blocks, and what the transaction at hand has staged there. The writer's alone; readers see Views.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/row.h"
#include "store/columns/frame.h"
#include "store/sqlite/shelf.h"
#include "store/sqlite/view.h"

namespace daybook::sqlite {

// Which partition a row belongs to: the start of its period, and its keep where classes tell rows
// of one collection apart.
struct PartitionKey {
  std::int64_t start = 0;
  std::int64_t keep = PartitionInfo::kByTheRow;  // or what its rows are to questions
  auto operator<=>(const PartitionKey&) const = default;
};
PartitionKey partition_key(const Shelf& shelf, const Row& row, Presence presence);
Presence presence_in(const PartitionInfo& info);
std::int64_t period_end(const Collection& collection, std::int64_t start);

// An open block that no more rows come to, on its way to become a sealed one.
struct Frozen {
  OpenRows rows;
  Commit commit = 0;                 // its rows are those of this commit
  std::vector<std::int64_t> frames;  // ids of the frames that hold them
};

struct Partition {
  std::shared_ptr<const PartitionInfo> info;
  columns::Sequence next_sequence = 1;
  std::shared_ptr<columns::OpenBlock> open;  // null when nothing is open
  std::vector<std::int64_t> frames;          // of the open block
  std::shared_ptr<const Frozen> frozen;      // null mostly
  std::shared_ptr<const SealedBlocks> sealed = std::make_shared<const SealedBlocks>();
  bool has_buried = false;
  Commit last_commit = 0;                                // that added rows
  std::chrono::steady_clock::time_point last_touched{};  // by a batch

  // Of the transaction at hand.
  struct Staged {
    columns::Sequence first = 0;  // of the rows below
    std::string packed;           // sections
    std::string rows;             // rows that are not packed yet, after those that are
    std::string changes;
    bool is_touched = false;
    bool is_marked = false;  // the batch at hand can take it back

    void add_packed(std::string_view section);
  } staged;

  std::size_t open_rows() const { return open ? open->size() : 0; }
};

struct Journal {
  const Shelf* shelf;
  std::map<PartitionKey, std::unique_ptr<Partition>> partitions;

  // Those of the period that begins at `start`, whatever their keep; first what only counts.
  std::vector<Partition*> of_period(std::int64_t start) const;
};

// By Shelf::index; of a register without partitions.
using Journals = std::vector<Journal>;

JournalView view_of(const Journal& journal);

}  // namespace daybook::sqlite
