// JournalReader: the rows of one journal as one snapshot sees them: by period, newest or oldest
// first, block by block.
#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/filter.h"
#include "query/scan.h"
#include "query/window.h"
#include "store/columns/block_reader.h"
#include "store/columns/selection.h"
#include "store/meter.h"
#include "store/sqlite/sealed_block.h"
#include "store/sqlite/shelf.h"
#include "store/sqlite/snapshot.h"

namespace daybook::sqlite {

// A block that a question may have to look into; the View holds it.
struct BlockPlace {
  const SealedBlock* sealed = nullptr;  // one of these two
  const OpenRows* open = nullptr;
  columns::Selection selection;
};

// A block with what it reads through.
struct OpenedBlock {
  // Microseconds, both inclusive; of an open block all there are.
  std::int64_t first_time = std::numeric_limits<std::int64_t>::min();
  std::int64_t last_time = std::numeric_limits<std::int64_t>::max();
  std::unique_ptr<columns::BlockColumns> columns;
  std::unique_ptr<columns::BlockReader> reader;
};

// What a question is about.
struct Asked {
  const Filter& filter;
  const std::optional<Window>& window;
  Instant now;
};

class JournalReader {
 public:
  // All given outlive it.
  JournalReader(const Shelf& shelf, Snapshot& snapshot, ColumnCache& cache);

  enum class Direction { kOldestFirst, kNewestFirst };
  // The rows by time, then id, until `look` says false. After `after`, where one is given.
  Result<void> walk(const Asked& asked, Direction direction, const std::optional<Place>& after,
                    Meter& meter, Cost& cost, const std::function<Result<bool>(Row&&)>& look);

  // Each block that may hold such rows, with their positions, in no order of time.
  using UseBlock =
      std::function<Result<void>(columns::BlockReader& block, const columns::Positions& positions)>;
  Result<void> for_each_block(const Asked& asked, Meter& meter, Cost& cost, const UseBlock& use);
  // The same of these places.
  Result<void> for_each_place(const std::vector<BlockPlace>& places, const Filter& filter,
                              Meter& meter, Cost& cost, const UseBlock& use);

  // The newest row of this id that is not past its keep.
  Result<std::optional<Row>> find(std::string_view id, Instant now);

  // The rows of a partition that have these sequences, in the order of these; empty where gone.
  Result<std::vector<std::optional<Row>>> find_sequences(
      std::int64_t partition, const std::vector<columns::Sequence>& sequences);

  // How a partition's rows are chosen: its part of the window, what is past its keep.
  columns::Selection selection(const PartitionInfo& info, const std::optional<Window>& window,
                               Instant now) const;
  // All blocks of a partition; those outside of the selection are left out and counted.
  std::vector<OpenedBlock> open(const PartitionView& partition, const columns::Selection& selection,
                                Cost& cost);

  using Period = std::vector<const PartitionView*>;  // of one start
  // Oldest first; those that may hold such rows.
  std::vector<Period> periods(const std::optional<Window>& window, const Filter& filter) const;

 private:
  OpenedBlock opened(const SealedBlock& block);
  OpenedBlock opened(const OpenRows& rows);
  Result<std::optional<Row>> find_in(const Period& period, std::string_view id, Instant now);

  const Shelf& shelf_;
  Snapshot& snapshot_;
  ColumnCache& cache_;
  const JournalView& view_;
};

}  // namespace daybook::sqlite
