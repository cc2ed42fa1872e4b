#include "store/columns/dictionary.h"

#include <algorithm>
#include <cstring>
#include <functional>

namespace daybook::columns {

namespace {

constexpr std::size_t kFirstPage = 256;
constexpr std::size_t kGrowingPages = 8;  // each twice as large as the one before
constexpr std::size_t kFirstSlots = 32;
// A chain this long is bad luck or an attack; the text is added once more instead.
constexpr std::size_t kMaxProbes = 24;
// After so many texts with more than nine new in ten, repeats are not worth looking for.
constexpr std::uint32_t kTrial = 2048;
// Looking a long text up costs more than keeping it twice.
constexpr std::size_t kLongText = 1024;

}  // namespace

std::uint32_t Dictionary::code_of(std::string_view text) {
  if (last_ != 0 && entries_[last_] == text) return last_;
  if (!looks_for_repeats_ || text.size() > kLongText) return last_ = add(text);
  ++asked_;
  if (is_pointless()) {
    looks_for_repeats_ = false;
    slots_ = {};
    return last_ = add(text);
  }
  if (slots_.size() < 2 * std::size_t{size_} + 2) grow();
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = std::hash<std::string_view>{}(text)&mask;
  for (std::size_t probe = 0; probe < kMaxProbes; ++probe, at = (at + 1) & mask) {
    const std::uint32_t code = slots_[at];
    if (code == 0) return last_ = slots_[at] = add(text);
    if (entries_[code] == text) return last_ = code;
  }
  return last_ = add(text);
}

std::uint32_t Dictionary::add(std::string_view text) {
  entries_.put(size_, keep(text));
  return size_++;
}

std::string_view Dictionary::keep(std::string_view text) {
  if (text.empty()) return {"", 0};
  if (text.size() > room_) {
    const std::size_t page =
        std::max(text.size(), kFirstPage << std::min(pages_.size(), kGrowingPages));
    pages_.push_back(std::make_unique_for_overwrite<char[]>(page));
    free_ = pages_.back().get();
    room_ = page;
    page_bytes_ += page;
  }
  std::memcpy(free_, text.data(), text.size());
  const std::string_view kept(free_, text.size());
  free_ += text.size();
  room_ -= text.size();
  return kept;
}

std::size_t Dictionary::bytes() const {
  return page_bytes_ + entries_.bytes() + slots_.capacity() * sizeof(slots_[0]);
}

bool Dictionary::is_pointless() const { return asked_ == kTrial && size_ > kTrial / 10 * 9; }

void Dictionary::grow() {
  std::vector<std::uint32_t> slots(std::max(kFirstSlots, 2 * slots_.size()));
  const std::size_t mask = slots.size() - 1;
  for (const std::uint32_t code : slots_) {
    if (code == 0) continue;
    std::size_t at = std::hash<std::string_view>{}(entries_[code]) & mask;
    while (slots[at] != 0) at = (at + 1) & mask;
    slots[at] = code;
  }
  slots_ = std::move(slots);
}

}  // namespace daybook::columns
