// JournalReader: the rows of one journal as one snapshot sees them: by period, newest or oldest
// first, block by block.
#pragma once

#include <functional>
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
#include "store/sqlite/block_fold.h"
#include "store/sqlite/scan_threads.h"
#include "store/sqlite/sealed_block.h"
#include "store/sqlite/shelf.h"
#include "store/sqlite/snapshot.h"

namespace daybook::sqlite {

// A block that a question may have to look into; the View holds it.
struct BlockPlace {
  const SealedBlock* sealed = nullptr;  // one of these two
  const OpenRows* open = nullptr;
  columns::Selection selection;

  std::uint64_t rows() const { return sealed != nullptr ? sealed->header.rows : open->rows; }
  columns::BlockTimes times() const {
    if (sealed == nullptr) return {};
    return {sealed->header.first_time, sealed->header.last_time};
  }
};

// A block with what it reads through.
struct OpenedBlock {
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

  // Looks into every block that may hold such rows, with help where there is much to do: `look`
  // gets the chosen rows on any thread, and what it gives is done in the blocks' order.
  using Look = std::function<Result<BlockFold::Add>(columns::BlockReader& block,
                                                    const columns::Chosen& chosen)>;
  Result<void> fold(const Asked& asked, ScanThreads& threads, Meter& meter, Cost& cost,
                    const Look& look);
  // The same of these places.
  Result<void> fold(const std::vector<BlockPlace>& places, const Filter& filter,
                    ScanThreads& threads, Meter& meter, Cost& cost, const Look& look);

  // The newest row of this id, among those that fit, that is not past its keep.
  Result<std::optional<Row>> find(std::string_view id, Instant now, const Filter& among);

  // The rows of a partition that have these sequences, in the order of these; empty where gone.
  Result<std::vector<std::optional<Row>>> find_sequences(
      std::int64_t partition, const std::vector<columns::Sequence>& sequences);

  // How a partition's rows are chosen: its part of the window, what is past its keep.
  columns::Selection selection(const PartitionInfo& info, const std::optional<Window>& window,
                               Instant now) const;
  // The blocks that may hold such rows.
  std::vector<BlockPlace> places(const Asked& asked, Cost& cost) const;
  // What reads a block.
  OpenedBlock open(const BlockPlace& place);
  // One after the other, each with about how many bytes it takes; none stays open.
  Result<void> for_each_block(
      const PartitionView& partition,
      const std::function<Result<void>(columns::BlockReader&, std::uint64_t bytes)>& look);
  // The rows of an opened block that are asked for.
  static Result<columns::Chosen> choose(const OpenedBlock& block,
                                        const columns::Selection& selection, const Filter& filter,
                                        Meter& meter, Cost& cost);

 private:
  using Period = std::vector<const PartitionView*>;  // of one start
  // Oldest first; those that may hold such rows.
  std::vector<Period> periods(const std::optional<Window>& window, const Filter& filter) const;
  void add_places(const PartitionView& partition, const columns::Selection& selection,
                  const Filter& filter, Cost& cost, std::vector<BlockPlace>& places) const;
  Result<std::optional<Row>> find_in(const Period& period, std::string_view id, Instant now,
                                     const Filter& among);

  const Shelf& shelf_;
  Snapshot& snapshot_;
  ColumnCache& cache_;
  const JournalView& view_;
};

}  // namespace daybook::sqlite
