// The values of a percentile: themselves while they are few, then a histogram. Internal of query/.
#pragma once

#include <cstddef>
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
  // Not exact from now on.
  void merge(std::span<const Histogram::Slot> slots);
  // From now on a histogram.
  void compact();
  // The value at this share of them (nearest rank); null when there is none.
  Value at(double share) const;
  bool is_exact() const { return is_exact_; }
  std::size_t bytes() const { return values_.capacity() * sizeof(double) + histogram_.bytes(); }

 private:
  void settle();

  std::size_t most_exact_;
  bool is_exact_ = true;
  std::vector<double> values_;  // all, or those that are not in the histogram yet
  Histogram histogram_;
};

// The value of this rank, 1..size: what sorting would put there. 0 has no sign.
double value_of_rank(std::span<const double> values, std::size_t rank);

}  // namespace daybook
