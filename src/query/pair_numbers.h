// Numbers for pairs and for tuples of numbers, in the order in which they come.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace daybook {

// Open addressing.
class PairNumbers {
 public:
  explicit PairNumbers(std::size_t expected)
      : slots_(std::bit_ceil(std::max<std::size_t>(2 * expected, 64)), kFree) {}

  std::uint32_t of(std::uint32_t a, std::uint32_t b) {
    const std::uint64_t pair = std::uint64_t{a} << 32 | b;
    const std::uint32_t number = find(pair);
    if (number != kFree) return number;
    pairs_.push_back(pair);
    if (pairs_.size() * 2 > slots_.size()) {
      grow();
    } else {
      place(static_cast<std::uint32_t>(pairs_.size() - 1));
    }
    return static_cast<std::uint32_t>(pairs_.size() - 1);
  }

  std::size_t size() const { return pairs_.size(); }
  std::uint32_t first(std::size_t number) const {
    return static_cast<std::uint32_t>(pairs_[number] >> 32);
  }
  std::uint32_t second(std::size_t number) const {
    return static_cast<std::uint32_t>(pairs_[number]);
  }

 private:
  static constexpr std::uint32_t kFree = static_cast<std::uint32_t>(-1);

  std::size_t start_of(std::uint64_t pair) const {
    constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15;
    return ((pair ^ (pair >> 29)) * kGolden) >> (64 - std::countr_zero(slots_.size()));
  }

  std::uint32_t find(std::uint64_t pair) const {
    for (std::size_t at = start_of(pair);; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at] == kFree || pairs_[slots_[at]] == pair) return slots_[at];
    }
  }

  void place(std::uint32_t number) {
    std::size_t at = start_of(pairs_[number]);
    while (slots_[at] != kFree) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = number;
  }

  void grow() {
    slots_.assign(slots_.size() * 2, kFree);
    for (std::uint32_t i = 0; i < pairs_.size(); ++i) place(i);
  }

  std::vector<std::uint64_t> pairs_;
  std::vector<std::uint32_t> slots_;
};

// A tuple is a chain of pairs: what came so far, and the next part.
class TupleNumbers {
 public:
  TupleNumbers(std::size_t parts, std::size_t expected) : chain_(parts, PairNumbers(expected)) {}

  // Of the tuple of part(0), part(1), ...
  template <typename Part>
  std::uint32_t of(Part part) {
    std::uint32_t link = 0;
    for (std::size_t i = 0; i < chain_.size(); ++i) link = chain_[i].of(link, part(i));
    return link;
  }

  // There is one tuple without parts.
  std::size_t size() const { return chain_.empty() ? 1 : chain_.back().size(); }

  // All parts, tuple after tuple.
  std::vector<std::uint32_t> parts() const {
    std::vector<std::uint32_t> all(size() * chain_.size());
    for (std::uint32_t tuple = 0; tuple < size(); ++tuple) {
      std::uint32_t link = tuple;
      for (std::size_t i = chain_.size(); i-- > 0;) {
        all[tuple * chain_.size() + i] = chain_[i].second(link);
        link = chain_[i].first(link);
      }
    }
    return all;
  }

 private:
  std::vector<PairNumbers> chain_;
};

}  // namespace daybook
