#include "query/text_numbers.h"

#include <algorithm>
#include <functional>

namespace daybook {
namespace {

constexpr std::size_t kFirstSlots = 256;

}  // namespace

std::uint32_t TextNumbers::add(std::string_view text) {
  if (slots_.size() < 2 * ends_.size() + 2) grow();
  const auto hash = static_cast<std::uint32_t>(std::hash<std::string_view>{}(text));
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at].place != 0; at = (at + 1) & mask) {
    const std::uint32_t number = slots_[at].place - 1;
    if (slots_[at].hash == hash && (*this)[number] == text) return number;
  }
  texts_ += text;
  ends_.push_back(texts_.size());
  slots_[at] = {hash, size()};
  return size() - 1;
}

void TextNumbers::clear() {
  texts_.clear();
  ends_.clear();
  slots_.clear();
}

void TextNumbers::grow() {
  std::vector<Slot> slots(std::max(kFirstSlots, 2 * slots_.size()));
  const std::size_t mask = slots.size() - 1;
  for (const Slot& slot : slots_) {
    if (slot.place == 0) continue;
    std::size_t at = slot.hash & mask;
    while (slots[at].place != 0) at = (at + 1) & mask;
    slots[at] = slot;
  }
  slots_ = std::move(slots);
}

}  // namespace daybook
