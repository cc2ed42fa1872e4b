// The sections of stored cells, each a column or some that belong together. What is taken is
// checked: false for bytes that are no such section. Internal of query/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "query/byte_taker.h"
#include "query/rollup_cells.h"

namespace daybook {

// More of anything in one section is no section.
constexpr std::uint64_t kMaxSection = std::uint64_t{1} << 30;

// From one cell on and up to another.
struct CellRun {
  std::size_t begin, end;
};

std::string write_keys(const RollupCells& cells);
std::string write_buckets(const RollupCells& cells, CellRun run);
std::string write_sums(const MeasureCells& measure, CellRun run);
std::string write_places(const RollupCells& cells, const MeasureCells& measure, CellRun run);
std::string write_slots(const MeasureCells& measure, CellRun run);

// The cells of a chunk as they are stored, and which of them are read, ascending.
struct StoredCells {
  std::size_t size = 0;
  std::vector<CellRun> runs;
  std::size_t first = 0;  // the number of the first that is read, among all read so far
};

// Goes through a column that has something for the stored cells for which `has` says so: skips
// numbers of them by skip(n), and takes those that are read by take(cell, its number as read).
template <typename Has, typename Skip, typename Take>
void take_column(const StoredCells& stored, const Has& has, const Skip& skip, const Take& take) {
  std::size_t at = 0, taken = stored.first;
  const auto skip_to = [&](std::size_t end) {
    std::size_t count = 0;
    for (; at < end; ++at) count += has(at) ? 1 : 0;
    if (count > 0) skip(count);
  };
  for (const CellRun& run : stored.runs) {
    skip_to(run.begin);
    for (; at < run.end; ++at, ++taken) {
      if (has(at)) take(at, taken);
    }
  }
  skip_to(stored.size);
}

// Into cells that have the width and one list of values for each `by` field.
bool take_keys(ByteTaker& in, RollupCells& cells);
// More cells, after the keys, of which the wanted ones are marked; without marks all are.
// `stored` knows its size, and is told which cells are wanted.
bool take_buckets(ByteTaker& in, const WantedCells& wanted, const std::vector<char>& keys,
                  StoredCells& stored, RollupCells& cells);

// The sections of one measure in a chunk, the sums first: into a measure that has these cells,
// whose buckets were taken.
class MeasureSections {
 public:
  // All outlive it.
  MeasureSections(const StoredCells& stored, RollupCells& cells) : stored_(stored), cells_(cells) {}

  bool take_sums(ByteTaker& in, MeasureCells& measure);
  bool take_places(ByteTaker& in, MeasureCells& measure) const;
  // What lists of slots say is looked at when they are read, or now.
  bool take_slots(std::string content, bool is_checked, MeasureCells& measure) const;

 private:
  const StoredCells& stored_;
  RollupCells& cells_;
  std::vector<std::uint64_t> counts_;  // of all stored cells
};

}  // namespace daybook
