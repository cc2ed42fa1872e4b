#include "query/slot_sums.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace daybook {

void SlotSums::add_far(std::int32_t slot, std::int64_t count) {
  if (first_ == kNowhere && slot != 0) {
    // Not over zero: that may have been counted already.
    constexpr auto kSize = static_cast<std::int32_t>(kNear);
    const std::int32_t first = slot - kSize / 2;
    first_ = slot > 0 ? std::max(first, 1) : std::min(first, -kSize);
    return add(slot, count);
  }
  const auto at = std::ranges::lower_bound(far_, slot, {}, &Histogram::Slot::number);
  if (at != far_.end() && at->number == slot) {
    at->count += count;
  } else {
    far_.insert(at, {slot, count});
  }
}

std::span<const Histogram::Slot> SlotSums::take() {
  taken_.clear();
  std::size_t marked = 0;  // growing by and by would take longer than counting
  for (const std::uint64_t bits : marks_) marked += static_cast<std::size_t>(std::popcount(bits));
  taken_.reserve(marked + far_.size());
  for (std::uint32_t word = 0; word < marks_.size(); ++word) {
    for (std::uint64_t bits = std::exchange(marks_[word], 0); bits != 0; bits &= bits - 1) {
      const auto offset = word * 64 + static_cast<std::uint32_t>(std::countr_zero(bits));
      const std::int32_t slot = first_ + static_cast<std::int32_t>(offset);
      taken_.push_back({slot, std::exchange(counts_[offset], 0)});
    }
  }
  if (!far_.empty()) {
    const auto middle = static_cast<std::ptrdiff_t>(taken_.size());
    taken_.insert(taken_.end(), far_.begin(), far_.end());
    std::ranges::inplace_merge(taken_, taken_.begin() + middle, {}, &Histogram::Slot::number);
    far_.clear();
  }
  first_ = kNowhere;
  return taken_;
}

}  // namespace daybook
