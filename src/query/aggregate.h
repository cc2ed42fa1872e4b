// Aggregates: what is computed from many values, as states that rows are folded into and that
// merge. The same code computes them in every store and in rollups, so that answers are alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "catalog/value.h"

namespace daybook {

class DistinctCounter;

enum class Aggregate {
  kCount,  // rows (of a field: rows where it is there)
  kSum,    // integers exactly (beyond 64 bits as a float); floats within 1e-12 of the sum of sizes;
           // 0 when there is nothing
  kAvg,    // null when there is nothing, as all below but kDistinct
  kMin,    // of any ordered type
  kMax,
  kP50,  // nearest rank
  kP90,
  kP95,
  kP99,
  kDistinct,  // HyperLogLog, exact up to kExactDistinct
  kRate,      // share of the rows for which a condition holds; null without rows
  kFirst,     // value of the earliest row by (time, id)
  kLast,
};

std::string_view aggregate_name(Aggregate aggregate);
std::optional<Aggregate> find_aggregate(std::string_view name);

// Wide enough for the sum of all integers that memory can hold.
__extension__ using IntegerSum = __int128;

// A log histogram with fixed boundaries: relative error at most kQuantileError, counters of its own
// for zero and negative values, never collapsed. Counts are integers, so adding, removing and
// merging in any order give the same histogram. The mapping is DDSketch's bitwise linear one: 64
// equal bins to each power of two, found from the bits of the number alone, so the same on every
// machine.
class Histogram {
 public:
  static constexpr double kQuantileError = 0.01;

  // A bin under one number for both signs: negative for negative values, 0 for zero; in the order
  // of the values.
  struct Slot {
    std::int32_t number = 0;
    std::int64_t count = 0;
    bool operator==(const Slot&) const = default;
  };
  static std::int32_t slot_of(double value);

  void add(double value, std::int64_t count = 1);  // a negative count takes away
  void add(std::span<const double> values);
  void merge(const Histogram& other);
  void merge(std::span<const Slot> slots);  // ascending
  std::int64_t count() const { return count_; }
  std::span<const Slot> slots() const { return slots_; }  // ascending
  // The value at rank q of [0, 1] (nearest rank), as the middle of its bin; only when count() > 0.
  double quantile(double q) const;
  std::size_t bytes() const;  // of memory, roughly

  // Appends. The form is described in histogram.cc.
  void encode(std::string& out) const;
  // kMalformed for anything that encode() does not write.
  static Result<Histogram> decode(std::string_view bytes);
  bool operator==(const Histogram&) const = default;

 private:
  std::vector<Slot> slots_;  // ascending, no count is 0
  std::int64_t count_ = 0;
};

// The state of one measure in one group. Small for the cheap ones; quantiles and distinct counts
// hold their state on the heap.
class Accumulator {
 public:
  static constexpr std::size_t kExactQuantiles = 65'536;  // values kept before the histogram
  static constexpr std::size_t kExactDistinct = 1'024;

  explicit Accumulator(Aggregate aggregate);
  Accumulator(const Accumulator&);
  Accumulator& operator=(const Accumulator&);
  Accumulator(Accumulator&&) noexcept;
  Accumulator& operator=(Accumulator&&) noexcept;
  ~Accumulator();

  // A row. `value` is what the measure reads (null: absent); `holds` whether its condition does,
  // and for kCount of a field whether that is there; time and id order first and last.
  void add(const Value& value, bool holds, Instant time, std::string_view id);
  // A row whose value is known to be a number: the fast way, for all but kCount, kRate, kFirst,
  // kLast.
  void add_number(double value);
  void add_integer(std::int64_t value);
  void add_rows(std::int64_t rows, std::int64_t holding);  // kCount (of the holding) and kRate only
  // Many values at once, summed elsewhere: of state kSum only. `compensation` is what rounding cut
  // off `sum`.
  void add_sum(std::int64_t values, IntegerSum sum);
  void add_sum(std::int64_t values, double sum, double compensation);
  // Of percentiles: not exact from now on. Of the values that were counted the least and the most.
  void add_slots(std::span<const Histogram::Slot> slots, double least, double most);
  void add_distinct(const DistinctCounter& counter);
  void add_values(std::span<const double> values);  // of state kP50 only

  void merge(const Accumulator& other);  // of the same aggregate
  Value result() const { return result(aggregate_); }
  // What another aggregate of the same values is, where state_of() is the same for both.
  Value result(Aggregate aggregate) const;
  // The aggregate whose state answers this one too: sums, averages and counts of a number are one
  // state, all percentiles another.
  static Aggregate state_of(Aggregate aggregate);
  // The relative error of result(): 0 when exact.
  double error() const;
  std::size_t bytes() const;  // of memory, roughly
  // Gives up exactness for memory where there is much of it: values become a histogram.
  void compact();
  // Nothing is added any more: what result() would work out each time is worked out once.
  void settle();

 private:
  struct Heap;  // quantiles, distinct values, first and last

  void add_present(const Value& value, Instant time, std::string_view id);
  void add_to_extreme(const Value& value);
  void add_to_sum(double value);
  void place(const Value& value, Instant time, std::string_view id);
  double total() const;
  Value sum() const;

  Aggregate aggregate_;
  bool is_integer_ = true;  // no float was summed
  std::int64_t rows_ = 0;   // counted, or summed; for kRate all rows, holding_ of them
  std::int64_t holding_ = 0;
  IntegerSum integer_sum_ = 0;
  double sum_ = 0, compensation_ = 0;
  Value extreme_;
  std::unique_ptr<Heap> heap_;
};

}  // namespace daybook
