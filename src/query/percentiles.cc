#include "query/percentiles.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <utility>

#include "query/rank.h"
#include "query/slot_sums.h"

namespace daybook {
namespace {

// A histogram takes many values at once far faster than one by one.
constexpr std::size_t kPending = 4'096;
constexpr std::size_t kPendingSlots = 512;

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
  count_many();
}

void Percentiles::add(std::span<const double> values) {
  if (!is_exact_ && values_.size() + values.size() > kPendingSlots) return count(values);
  values_.insert(values_.end(), values.begin(), values.end());
  count_many();
}

void Percentiles::count_many() {
  const std::size_t slots = std::max(kPendingSlots, 2 * histogram_.slots().size());
  const std::size_t values = is_exact_ ? most_exact_ + 1 : kPending;
  if (values_.size() >= values || slots_.size() >= slots) compact();
}

void Percentiles::count(std::span<const double> values) {
  for (const double value : values) take_extremes(value, value);
  histogram_.add(values);
}

void Percentiles::take_extremes(double least, double most) {
  least_ = std::min(least_, least);
  most_ = std::max(most_, most);
}

void Percentiles::merge(const Percentiles& other) {
  if (!other.is_exact_) {
    merge(other.slots_, other.least_, other.most_);
    merge(other.histogram_.slots(), other.least_, other.most_);
  }
  add(other.values_);
}

// Put to each other at once, lists of slots cost a fraction of what they do one after the other.
void Percentiles::merge(std::span<const Histogram::Slot> slots, double least, double most) {
  if (is_exact_) compact();
  slots_.insert(slots_.end(), slots.begin(), slots.end());
  take_extremes(least, most);
  count_many();
}

void Percentiles::compact() {
  is_exact_ = false;
  const auto values = std::exchange(values_, {});
  if (slots_.empty()) return count(values);
  SlotSums sums;
  for (const Histogram::Slot& slot : slots_) sums.add(slot.number, slot.count);
  for (const double value : values) {
    take_extremes(value, value);
    sums.add(Histogram::slot_of(value), 1);
  }
  slots_ = {};
  histogram_.merge(sums.take());
}

Value Percentiles::at(double share) const {
  if (is_exact_) {
    if (values_.empty()) return {};
    const auto rank = nearest_rank(share, static_cast<std::int64_t>(values_.size()));
    return Value(value_of_rank(values_, static_cast<std::size_t>(rank)));
  }
  if (!values_.empty() || !slots_.empty()) {
    Percentiles all = *this;
    all.compact();
    return all.at(share);
  }
  if (histogram_.count() <= 0) return {};
  return Value(std::clamp(histogram_.quantile(share), least_, most_) + 0.0);
}

}  // namespace daybook
