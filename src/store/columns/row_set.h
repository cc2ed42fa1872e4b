// RowSet: positions of one block as bits. A plain value.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "store/columns/block_reader.h"

namespace daybook::columns {

class RowSet {
 public:
  // None of the first `rows` positions.
  explicit RowSet(std::size_t rows) : rows_(rows), words_((rows + 63) / 64) {}

  void add(std::size_t position) { words_[position / 64] |= std::uint64_t{1} << position % 64; }
  bool has(std::size_t position) const { return (words_[position / 64] >> position % 64 & 1) != 0; }
  bool is_empty() const {
    for (const std::uint64_t word : words_) {
      if (word != 0) return false;
    }
    return true;
  }

  // Both of the same rows.
  void unite(const RowSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
  }
  void intersect(const RowSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
  }
  void invert() {
    for (std::uint64_t& word : words_) word = ~word;
    if (rows_ % 64 != 0) words_.back() &= (std::uint64_t{1} << rows_ % 64) - 1;
  }

 private:
  std::size_t rows_;
  std::vector<std::uint64_t> words_;
};

}  // namespace daybook::columns
