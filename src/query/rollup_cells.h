// RollupCells: the sums that a rollup keeps of some rows, a cell for each bucket of time and
// combination of `by` values. A row is a cell of its own, and cells of one bucket and key merge
// into one in any order: the sums of rows, of blocks and of partitions are the same kind of thing.
// A plain value, by columns; what each is of a row is what the aggregates of aggregate.h mean.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "catalog/collection.h"
#include "query/aggregate.h"
#include "query/distinct_counter.h"
#include "query/filter.h"
#include "query/slot_lists.h"

namespace daybook {

// A float sum and what rounding cut off it (Neumaier).
struct FloatSum {
  double sum = 0, rest = 0;
  void add(double value);
  void add(const FloatSum& other);
  bool operator==(const FloatSum&) const = default;
};

// Texts one after the other in one piece of memory.
class TextList {
 public:
  std::uint32_t add(std::string_view text);
  std::string_view operator[](std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(bytes_).substr(begin, ends_[i] - begin);
  }
  std::size_t size() const { return ends_.size(); }
  std::size_t bytes() const {  // of memory, roughly
    return bytes_.capacity() + ends_.capacity() * sizeof(std::size_t);
  }

 private:
  std::string bytes_;
  std::vector<std::size_t> ends_;
};

// The sums of one number, by cell. Numbers are int64s, or the bits of a double where the field is a
// float. All but the counts are 0 where the count is.
struct MeasureCells {
  // The value of the first or last row that has one, and where it stands among the others.
  struct Place {
    std::int64_t time = 0;
    std::uint32_t id = 0;  // in RollupCells::ids
    std::int64_t value = 0;
  };

  FieldRef field;
  bool is_whole = false;  // of type int
  std::vector<std::int64_t> counts;
  std::vector<IntegerSum> wholes;  // sums of ints
  std::vector<FloatSum> sums;      // of floats
  std::vector<double> squares;     // sums of squares
  std::vector<std::int64_t> least, most;
  std::vector<Place> first, last;
  SlotLists slots;

  // Makes room for so many cells of one value each.
  void reserve(std::size_t cells);
  // Cells without a value, so that there are so many.
  void grow_to(std::size_t cells);
  // Another cell, which has no value.
  void add_empty();
  // Another cell, of one value.
  void add(std::int64_t value, std::int64_t time, std::uint32_t id);
  double number(std::int64_t value) const;
  bool is_less(std::int64_t a, std::int64_t b) const;
};

struct RollupCells {
  Duration width{};  // of a bucket; buckets begin at whole multiples since 1970
  std::vector<std::vector<Value>> values;  // of each `by` field the different ones
  std::vector<std::uint32_t> keys;         // their numbers, `by` after `by`, key after key
  std::size_t key_count = 0;

  // By cell; ascending by bucket once merged.
  std::vector<std::int64_t> buckets;  // microseconds
  std::vector<std::uint32_t> key_of;
  std::vector<std::int64_t> rows;
  std::vector<MeasureCells> measures;  // of a map one for each entry
  // By Rollup::distinct and Rollup::rates; empty where that was not declared when these were made.
  std::vector<std::vector<DistinctCounter>> distinct;
  std::vector<std::vector<std::int64_t>> holding;

  std::vector<std::size_t> measured;    // ordinals of Rollup::measures when these were made
  std::vector<std::uint64_t> narrowed;  // of how many cells each is, once they were narrowed

  TextList ids;

  std::size_t size() const { return buckets.size(); }
  const std::uint32_t* key(std::size_t number) const {
    return keys.data() + number * values.size();
  }
  std::uint64_t stands_for(std::size_t cell) const { return narrowed.empty() ? 1 : narrowed[cell]; }
  // All rows that the cells are of.
  std::uint64_t total_rows() const;
  std::size_t bytes() const;  // of memory, roughly
};

// No cells yet, for rows of the collection.
RollupCells empty_cells(const Collection& collection, const Rollup& rollup, Duration width);
// The measure's column; made with empty cells when a map's entry is new.
MeasureCells& measure_of(RollupCells& cells, const Collection& collection, const FieldRef& field);

// Rows one by one, each a cell.
class RowCells {
 public:
  // Both outlive it.
  RowCells(const Collection& collection, const Rollup& rollup, Duration width);
  void add(const Row& row);
  const RollupCells& cells() const { return cells_; }

 private:
  const Collection& collection_;
  const Rollup& rollup_;
  std::vector<Filter> rates_;
  RollupCells cells_;
};

// All cells of the parts in buckets of `width`, a multiple of each part's. In order of bucket.
RollupCells merge_cells(const std::vector<const RollupCells*>& parts, Duration width);
// How many cells that would be, at the price of counting.
std::size_t count_merged(const std::vector<const RollupCells*>& parts, Duration width);

// What some questions need of cells: those of a range as one bucket, told apart by few fields.
struct Narrowing {
  // In which the buckets of all cells begin; half-open, ascending and apart.
  std::vector<std::pair<std::int64_t, std::int64_t>> ranges;
  std::vector<bool> by;  // of Rollup::by those that matter; the others are null from now on
};
// The cells of all parts, in order of bucket: each begins where its range does. What was not read
// of the parts stays empty. kMalformed when lists of slots are broken.
Result<RollupCells> narrow_cells(const std::vector<const RollupCells*>& parts,
                                 const Narrowing& narrowing);

// Says in words the first thing in which the sums of the same rows differ; empty when in none.
// Float sums may differ by what rounding does.
std::string first_difference(const RollupCells& expected, const RollupCells& actual,
                             const Collection& collection, const Rollup& rollup);

// The start of the bucket that holds `time`.
std::int64_t bucket_start(std::int64_t time, Duration width);

// The conditions of the rollup's rates, bound. The catalog has checked them.
std::vector<Filter> bind_rates(const Collection& collection, const Rollup& rollup);

// A tier's width.
Duration width_of(const Step& tier);

// A part that a question does not need is not unpacked.
struct WantedCells {
  enum Parts : unsigned { kNothing = 0, kSums = 1, kPlaces = 2, kSlots = 4, kAll = 7 };
  unsigned of_all = kNothing;                           // of measures that are not named
  std::vector<std::pair<FieldRef, unsigned>> measures;  // Parts
  bool distinct = false;
  bool is_checked = false;  // lists of slots now, not when they are read
  // Where buckets begin, half-open, ascending and apart: cells of others are left out. None: all.
  std::optional<std::vector<std::pair<std::int64_t, std::int64_t>>> ranges = std::nullopt;
  // By key, of cells that have no more than their keys yet: whether its cells are read. None: all.
  std::function<std::vector<char>(const RollupCells&)> keys = nullptr;
};
inline WantedCells all_cells() {
  WantedCells wanted;
  wanted.of_all = WantedCells::kAll;
  wanted.distinct = wanted.is_checked = true;
  return wanted;
}

// The stored form, described in rollup_codec.cc: it carries a checksum and says what it is of.
std::string write_cells(const RollupCells& cells, const Collection& collection,
                        const Rollup& rollup);
// kMalformed for bytes that write_cells() does not write. kInvalid for cells of a declaration that
// was another one: other fields, types or conditions than the rollup has now.
Result<RollupCells> read_cells(std::string_view bytes, const Collection& collection,
                               const Rollup& rollup, const WantedCells& wanted);

}  // namespace daybook
