// The values of a percentile: themselves while they are few, then a histogram. Internal of query/.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "catalog/value.h"
#include "query/aggregate.h"

namespace daybook {

class Percentiles {
 public:
  // Exact up to this many values.
  explicit Percentiles(std::size_t most_exact) : most_exact_(most_exact) {}

  void add(double value);
  void add(std::span<const double> values);
  void merge(const Percentiles& other);
  // Values that were counted elsewhere, the least and the most of them. Not exact from now on.
  void merge(std::span<const Histogram::Slot> slots, double least, double most);
  // From now on a histogram.
  void compact();
  // Counts what waits, so that at() does not have to each time.
  void settle() {
    if (!is_exact_) compact();
  }
  // The value at this share of them (nearest rank); null when there is none. Never outside of them,
  // though the middle of a histogram's bin may be.
  Value at(double share) const;
  bool is_exact() const { return is_exact_; }
  std::size_t bytes() const {
    return values_.capacity() * sizeof(double) + slots_.capacity() * sizeof(Histogram::Slot) +
           histogram_.bytes();
  }

 private:
  void count_many();
  void count(std::span<const double> values);
  void take_extremes(double least, double most);

  std::size_t most_exact_;
  bool is_exact_ = true;
  std::vector<double> values_;          // all, or those that are not in the histogram yet
  std::vector<Histogram::Slot> slots_;  // that are not in the histogram yet, in any order
  Histogram histogram_;
  double least_ = std::numeric_limits<double>::infinity();  // of what is counted
  double most_ = -std::numeric_limits<double>::infinity();
};

// The value of this rank, 1..size: what sorting would put there. 0 has no sign.
double value_of_rank(std::span<const double> values, std::size_t rank);

}  // namespace daybook
