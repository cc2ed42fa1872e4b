#include "query/slot_lists.h"

#include "query/byte_taker.h"
#include "query/slot_sums.h"

namespace daybook {
namespace {

constexpr std::int64_t kMostSlot = std::int64_t{2047} << 6;
constexpr std::uint64_t kMostCount = std::uint64_t{1} << 40;  // in one cell
constexpr std::size_t kUsualList = 5;                         // bytes of a list of one slot

}  // namespace

void SlotLists::add(std::span<const Histogram::Slot> slots) {
  const std::size_t begin = bytes_.size();
  if (!slots.empty()) put_varint(bytes_, slots.size());
  std::int32_t before = 0;
  for (const Histogram::Slot& slot : slots) {
    put_signed(bytes_, slot.number - before);
    put_varint(bytes_, static_cast<std::uint64_t>(slot.count));
    before = slot.number;
  }
  places_.push_back(place(begin));
}

void SlotLists::add_packed(std::string_view list) {
  const std::size_t begin = bytes_.size();
  bytes_ += list;
  places_.push_back(place(begin));
}

void SlotLists::reserve(std::size_t lists) {
  places_.reserve(lists);
  bytes_.reserve(lists * kUsualList);
}

std::optional<std::int64_t> SlotLists::read(std::size_t list, SlotSums& sums) const {
  ByteTaker in(packed(list));
  if (in.size() == 0) return 0;
  const std::size_t slots = in.count();
  std::int64_t slot = 0;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < slots; ++i) {
    const std::int64_t step = in.signed_number();
    const std::uint64_t count = in.number();
    const bool is_wrong = __builtin_add_overflow(slot, step, &slot) || (i > 0 && step <= 0) ||
                          slot > kMostSlot || slot < -kMostSlot || count == 0 || count > kMostCount;
    if (is_wrong) return std::nullopt;
    sums.add(static_cast<std::int32_t>(slot), static_cast<std::int64_t>(count));
    sum += static_cast<std::int64_t>(count);
  }
  if (!in.ok() || !in.is_at_end()) return std::nullopt;
  return sum;
}

}  // namespace daybook
