// Aggregates: what is computed from many values, as states that rows are folded into and that
// merge. The same code computes them in every store and in rollups, so that answers are alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "catalog/value.h"

namespace daybook {

enum class Aggregate {
  kCount,  // rows (of a field: rows where it is there)
  kSum,    // integers exactly (beyond 64 bits as a float); floats within 1e-12 of the sum of sizes
  kAvg,    // null when there is nothing
  kMin,
  kMax,
  kP50,
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

// A log histogram with fixed boundaries: relative error at most kQuantileError, counters of its own
// for zero and negative values, never collapsed. Counts are integers, so adding, removing and
// merging in any order give the same histogram (DDSketch's mapping).
class Histogram {
 public:
  static constexpr double kQuantileError = 0.01;

  void add(double value, std::int64_t count = 1);  // a negative count takes away
  void merge(const Histogram& other);
  std::int64_t count() const { return count_; }
  // The value at rank q of [0, 1] (nearest rank); only when count() > 0.
  double quantile(double q) const;

  void encode(std::string& out) const;
  static Result<Histogram> decode(std::string_view bytes);
  bool operator==(const Histogram&) const = default;

 private:
  static std::int32_t bin_of(double magnitude);
  static double value_of(std::int32_t bin);

  // Sorted by bin; sparse.
  std::vector<std::pair<std::int32_t, std::int64_t>> positive_, negative_;
  std::int64_t zero_ = 0;
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

  // A row. `value` is what the measure reads (null: absent); `holds` whether its condition does;
  // time and id order first and last.
  void add(const Value& value, bool holds, Instant time, std::string_view id);
  // A row whose value is known to be a number: the fast way.
  void add_number(double value);
  void add_integer(std::int64_t value);
  void add_rows(std::int64_t rows, std::int64_t holding);  // kCount and kRate only

  void merge(const Accumulator& other);  // of the same aggregate
  Value result() const;
  // The relative error of result(): 0 when exact.
  double error() const;
  std::size_t bytes() const;  // of memory, roughly

 private:
  struct Heap;  // quantiles, distinct values, first and last
  Aggregate aggregate_;
  bool is_integer_ = true;
  std::int64_t rows_ = 0;  // counted; for kRate all rows, holding_ of them
  std::int64_t holding_ = 0;
  __extension__ __int128 integer_sum_ = 0;
  double sum_ = 0, compensation_ = 0;
  Value extreme_;
  std::unique_ptr<Heap> heap_;
};

}  // namespace daybook
