// The stored form, little of which is ever there:
//
//   byte      1, the version
//   varint    count of zeros, zigzag
//   twice (positive, then negative values):
//     varint  number of bins
//     each    varint: bin minus the bin before it (the first: minus 0); varint: count, zigzag, not
//     0
#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>

#include "query/aggregate.h"
#include "query/rank.h"
#include "query/slot_sums.h"
#include "query/varint.h"

namespace daybook {
namespace {

// 6 of the mantissa's 52 bits count bins within a power of two: the middle of a bin is at most
// 1/128 from its values.
constexpr int kShift = 52 - 6;
constexpr std::int32_t kLeastBin = 1 << 6;          // of the smallest normal number
constexpr std::int32_t kMostBin = (2047 << 6) - 1;  // of the greatest finite number
constexpr std::size_t kFewValues = 8;               // cost less one by one than a SlotSums
constexpr char kVersion = 1;

std::int32_t bin_of(double magnitude) {
  return static_cast<std::int32_t>(std::bit_cast<std::uint64_t>(magnitude) >> kShift);
}

double middle_of(std::int32_t slot) {
  constexpr std::uint64_t kHalf = std::uint64_t{1} << (kShift - 1);
  if (slot == 0) return 0;
  const auto bin = static_cast<std::uint64_t>(std::abs(slot));
  const auto magnitude = std::bit_cast<double>((bin << kShift) | kHalf);
  return slot < 0 ? -magnitude : magnitude;
}

// The first from `at` on that is not before the number: found in steps that double, as there may be
// many before it or none.
template <typename At>
At next_not_before(At at, At end, std::int32_t number) {
  std::ptrdiff_t step = 1;
  while (end - at > step && at[step].number < number) {
    at += step;
    step *= 2;
  }
  return std::lower_bound(at, end - at > step ? at + step : end, number,
                          [](const auto& slot, std::int32_t n) { return slot.number < n; });
}

Error broken() { return {Code::kMalformed, "the stored histogram is broken"}; }

}  // namespace

std::int64_t nearest_rank(double q, std::int64_t count) {
  const double exact = q * static_cast<double>(count);
  const double whole = std::round(exact);
  // 0.07 * 100 is a little more than 7: such dust must not raise the rank.
  const bool is_whole = std::abs(exact - whole) <= 1e-12 * static_cast<double>(count);
  const auto rank = static_cast<std::int64_t>(is_whole ? whole : std::ceil(exact));
  return std::clamp<std::int64_t>(rank, 1, count);
}

std::int32_t Histogram::slot_of(double value) {
  const double magnitude = std::abs(value);
  // Below the normal numbers, bits are too few for the error promised; nothing measures that near
  // 0.
  if (magnitude < std::numeric_limits<double>::min()) return 0;
  return value < 0 ? -bin_of(magnitude) : bin_of(magnitude);
}

void Histogram::add(double value, std::int64_t count) {
  if (count == 0) return;
  const Slot slot{slot_of(value), count};
  merge({&slot, 1});
}

void Histogram::add(std::span<const double> values) {
  if (values.size() <= kFewValues) {
    for (const double value : values) add(value);
    return;
  }
  SlotSums sums;
  for (const double value : values) sums.add(slot_of(value), 1);
  merge(sums.take());
}

void Histogram::merge(const Histogram& other) { merge(other.slots_); }

// Most slots are known already, and grow where they are; room is made once for those that are not.
void Histogram::merge(std::span<const Slot> slots) {
  std::size_t fresh = 0;
  bool is_gone = false;
  auto at = slots_.begin();
  for (const Slot& slot : slots) {
    count_ += slot.count;
    at = next_not_before(at, slots_.end(), slot.number);
    if (at == slots_.end() || at->number != slot.number) {
      ++fresh;
    } else if ((at->count += slot.count) == 0) {
      is_gone = true;
    }
  }
  const auto known = static_cast<std::ptrdiff_t>(slots_.size());
  if (fresh > 0) slots_.resize(slots_.size() + fresh);
  auto end = slots_.begin() + known;  // of those that are where they were
  auto to = slots_.end();
  for (auto slot = slots.rbegin(); to != end; ++slot) {
    while (end != slots_.begin() && std::prev(end)->number > slot->number) *--to = *--end;
    const bool is_known = end != slots_.begin() && std::prev(end)->number == slot->number;
    if (!is_known) *--to = *slot;
  }
  if (is_gone) std::erase_if(slots_, [](const Slot& slot) { return slot.count == 0; });
}

double Histogram::quantile(double q) const {
  std::int64_t rank = nearest_rank(q, count_);
  for (const Slot& slot : slots_) {
    if ((rank -= slot.count) <= 0) return middle_of(slot.number);
  }
  return slots_.empty() ? 0 : middle_of(slots_.back().number);
}

std::size_t Histogram::bytes() const { return sizeof(*this) + slots_.capacity() * sizeof(Slot); }

void Histogram::encode(std::string& out) const {
  const auto zero = std::ranges::lower_bound(slots_, 0, {}, &Slot::number);
  const bool has_zero = zero != slots_.end() && zero->number == 0;
  out += kVersion;
  put_signed(out, has_zero ? zero->count : 0);
  const auto put = [&](auto slot, auto end) {
    put_varint(out, static_cast<std::uint64_t>(end - slot));
    std::int32_t before = 0;
    for (; slot != end; ++slot) {
      const std::int32_t bin = std::abs(slot->number);
      put_varint(out, static_cast<std::uint64_t>(bin - before));
      put_signed(out, slot->count);
      before = bin;
    }
  };
  put(has_zero ? std::next(zero) : zero, slots_.end());
  put(std::make_reverse_iterator(zero), slots_.rend());
}

Result<Histogram> Histogram::decode(std::string_view bytes) {
  if (!bytes.starts_with(kVersion)) return broken();
  bytes.remove_prefix(1);
  Histogram histogram;
  const auto zero = take_signed(bytes);
  if (!zero) return broken();
  histogram.count_ = *zero;
  std::vector<Slot> positive, negative;
  for (std::vector<Slot>* slots : {&positive, &negative}) {
    const std::int32_t sign = slots == &positive ? 1 : -1;
    const auto size = take_varint(bytes);
    if (!size || *size > bytes.size()) return broken();
    std::int32_t before = 0;
    for (std::uint64_t i = 0; i < *size; ++i) {
      const auto step = take_varint(bytes);
      const auto count = take_signed(bytes);
      if (!step || !count || *count == 0 || *step == 0) return broken();
      if (*step > static_cast<std::uint64_t>(kMostBin - before)) return broken();
      before += static_cast<std::int32_t>(*step);
      if (before < kLeastBin) return broken();
      slots->push_back({sign * before, *count});
      if (__builtin_add_overflow(histogram.count_, *count, &histogram.count_)) return broken();
    }
  }
  if (!bytes.empty()) return broken();
  histogram.slots_.assign(negative.rbegin(), negative.rend());
  if (*zero != 0) histogram.slots_.push_back({0, *zero});
  histogram.slots_.insert(histogram.slots_.end(), positive.begin(), positive.end());
  return histogram;
}

}  // namespace daybook
