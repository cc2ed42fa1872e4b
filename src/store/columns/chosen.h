// Chosen: the positions of a block that a question is about, in order: all of them, or a list; and
// the values of its columns there, side by side in short slices, so that what is computed of them
// are plain loops over arrays.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "store/columns/block_reader.h"
#include "store/columns/growing.h"

namespace daybook::columns {

// Some of the chosen positions, one after the other.
struct Slice {
  std::size_t first;  // how many were chosen before it
  std::size_t size;
  std::size_t position;                      // of the first; they follow each other,
  const std::uint32_t* positions = nullptr;  // unless these are given

  std::uint32_t at(std::size_t i) const {
    return positions == nullptr ? static_cast<std::uint32_t>(position + i) : positions[i];
  }
};

class Chosen {
 public:
  static constexpr std::size_t kSlice = 2048;

  // None.
  Chosen() = default;
  static Chosen all(std::size_t rows) {
    Chosen chosen;
    chosen.rows_ = rows;
    return chosen;
  }
  // Ascending.
  explicit Chosen(Positions positions) : rows_(positions.size()), list_(std::move(positions)) {}

  std::size_t size() const { return rows_; }
  bool empty() const { return rows_ == 0; }
  std::uint32_t operator[](std::size_t i) const {
    return list_ ? (*list_)[i] : static_cast<std::uint32_t>(i);
  }
  Positions positions() && {
    if (list_) return *std::move(list_);
    Positions all(rows_);
    std::iota(all.begin(), all.end(), 0U);
    return all;
  }

  // Calls use(Slice) for all, in order; at most kSlice each, and each within one run of a Growing.
  template <typename Use>
  void for_each_slice(Use use) const {
    for (std::size_t first = 0; first < rows_;) {
      Slice slice{first, std::min(kSlice, rows_ - first), first};
      if (list_) {
        slice.positions = list_->data() + first;
      } else {
        slice.size = std::min(slice.size, end_of_run(first) - first);
      }
      use(slice);
      first += slice.size;
    }
  }

  // Keeps those for which test(value) says so, of the values of one array; 0 and 1 are enough.
  template <typename T, typename Test>
  void keep(const Growing<T>& values, Test test) {
    Positions kept(rows_);
    std::size_t found = 0;
    std::vector<T> buffer;
    for_each_slice([&](const Slice& slice) {
      const T* data = values_of(values, slice, buffer);
      for (std::size_t i = 0; i < slice.size; ++i) {
        // Written always and counted when it fits: no branch to guess wrong.
        kept[found] = slice.at(i);
        found += test(data[i]) ? 1 : 0;
      }
    });
    keep_first(std::move(kept), found);
  }

  // The same for the values of two arrays.
  template <typename T, typename U, typename Test>
  void keep(const Growing<T>& first, const Growing<U>& second, Test test) {
    Positions kept(rows_);
    std::size_t found = 0;
    std::vector<T> first_buffer;
    std::vector<U> second_buffer;
    for_each_slice([&](const Slice& slice) {
      const T* a = values_of(first, slice, first_buffer);
      const U* b = values_of(second, slice, second_buffer);
      for (std::size_t i = 0; i < slice.size; ++i) {
        kept[found] = slice.at(i);
        found += test(a[i], b[i]) ? 1 : 0;
      }
    });
    keep_first(std::move(kept), found);
  }

  // Keeps those for which test(position) says so.
  template <typename Test>
  void keep_if(Test test) {
    Positions kept(rows_);
    std::size_t found = 0;
    for (std::size_t i = 0; i < rows_; ++i) {
      kept[found] = (*this)[i];
      found += test(kept[found]) ? 1 : 0;
    }
    keep_first(std::move(kept), found);
  }

  void clear() { *this = Chosen(); }

  // The slice's values: where they lie when they follow each other, else gathered in `buffer`.
  template <typename T>
  static const T* values_of(const Growing<T>& values, const Slice& slice, std::vector<T>& buffer) {
    if (slice.positions == nullptr) return values.run(slice.position, slice.position + 1).data;
    buffer.resize(kSlice);
    values.gather(slice.positions, slice.size, buffer.data());
    return buffer.data();
  }

 private:
  static std::size_t end_of_run(std::size_t position) {
    return Growing<char>::end_of_run(position);
  }
  void keep_first(Positions kept, std::size_t found) {
    if (found == rows_) return;
    kept.resize(found);
    rows_ = found;
    list_ = std::move(kept);
  }

  std::size_t rows_ = 0;
  std::optional<Positions> list_;
};

}  // namespace daybook::columns
