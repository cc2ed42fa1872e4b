#include "query/percentiles.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <utility>

#include "query/rank.h"

namespace daybook {
namespace {

// A histogram takes many values at once far faster than one by one.
constexpr std::size_t kPending = 4'096;

constexpr std::size_t kFewValues = 2'048;
constexpr int kBucketBits = 11;

// Unsigned integers that order as the numbers do.
std::uint64_t sortable(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

double by_selection(std::vector<double> values, std::size_t rank) {
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::nth_element(values.begin(), nth, values.end());
  return *nth + 0.0;
}

}  // namespace

// Values are counted by their leading bits; only those of one bucket are looked at closely.
double value_of_rank(std::span<const double> values, std::size_t rank) {
  if (values.size() <= kFewValues) return by_selection({values.begin(), values.end()}, rank);
  const auto [least, most] = std::ranges::minmax_element(values);
  const std::uint64_t low = sortable(*least);
  const int shift =
      std::max(0, static_cast<int>(std::bit_width(sortable(*most) - low)) - kBucketBits);
  std::array<std::uint32_t, (1u << kBucketBits)> counts{};
  for (const double value : values) ++counts[(sortable(value) - low) >> shift];
  std::size_t bucket = 0;
  for (; rank > counts[bucket]; ++bucket) rank -= counts[bucket];
  std::vector<double> near;
  near.reserve(counts[bucket]);
  for (const double value : values) {
    if ((sortable(value) - low) >> shift == bucket) near.push_back(value);
  }
  return by_selection(std::move(near), rank);
}

void Percentiles::add(double value) {
  values_.push_back(value);
  settle();
}

void Percentiles::add(std::span<const double> values) {
  values_.insert(values_.end(), values.begin(), values.end());
  settle();
}

void Percentiles::settle() {
  if (is_exact_ && values_.size() > most_exact_) return compact();
  if (is_exact_ || values_.size() < kPending) return;
  histogram_.add(values_);
  values_.clear();
}

void Percentiles::merge(const Percentiles& other) {
  if (!other.is_exact_) {
    compact();
    histogram_.merge(other.histogram_);
  }
  add(other.values_);
}

void Percentiles::merge(std::span<const Histogram::Slot> slots) {
  compact();
  histogram_.merge(slots);
}

void Percentiles::compact() {
  histogram_.add(std::exchange(values_, {}));
  is_exact_ = false;
}

Value Percentiles::at(double share) const {
  if (!is_exact_) {
    Histogram all = histogram_;
    all.add(values_);
    return all.count() > 0 ? Value(all.quantile(share)) : Value();
  }
  if (values_.empty()) return {};
  const auto rank = nearest_rank(share, static_cast<std::int64_t>(values_.size()));
  return Value(value_of_rank(values_, static_cast<std::size_t>(rank)));
}

}  // namespace daybook
