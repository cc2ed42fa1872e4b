// SlotSums: counts of a histogram's slots that come in any order. Most slots of a measurement lie
// side by side: those are counted in an array. Internal of query/.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "query/aggregate.h"

namespace daybook {

class SlotSums {
 public:
  // `count` is more than 0.
  void add(std::int32_t slot, std::int64_t count) {
    const auto offset = static_cast<std::uint32_t>(slot - first_);
    if (offset >= kNear) return add_far(slot, count);
    counts_[offset] += count;
    marks_[offset / 64] |= std::uint64_t{1} << offset % 64;
  }
  // Ascending, until the next call of either; what is counted from now on begins anew.
  std::span<const Histogram::Slot> take();

 private:
  static constexpr std::uint32_t kNear = 2048;                     // 32 powers of two
  static constexpr std::int32_t kNowhere = std::int32_t{1} << 30;  // far from all slots

  void add_far(std::int32_t slot, std::int64_t count);

  std::int32_t first_ = kNowhere;  // of the array: set by the first slot that is not zero's
  std::array<std::int64_t, kNear> counts_{};
  std::array<std::uint64_t, kNear / 64> marks_{};  // a bit for each that is counted
  std::vector<Histogram::Slot> far_;               // ascending
  std::vector<Histogram::Slot> taken_;
};

}  // namespace daybook
