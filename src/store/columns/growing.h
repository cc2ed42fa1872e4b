// Growing: an append-only array whose elements never move, so that readers may look at the first n
// of them while one writer adds more. Whoever publishes n (a View) orders the two; there is no
// lock.
//
// Buckets double in size, so a small block stays small: bucket b holds kFirst << b elements.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <memory>

#include "base/result.h"

namespace daybook::columns {

template <typename T>
class Growing {
 public:
  Growing() = default;
  Growing(Growing&&) noexcept = default;
  Growing& operator=(Growing&&) noexcept = default;

  const T& operator[](std::size_t i) const { return buckets_[bucket_of(i)][offset_of(i)]; }
  T& operator[](std::size_t i) { return buckets_[bucket_of(i)][offset_of(i)]; }

  // Writes element i; only when all before it were put.
  void put(std::size_t i, const T& value) {
    const std::size_t b = bucket_of(i);
    if (!buckets_[b]) buckets_[b] = std::make_unique_for_overwrite<T[]>(kFirst << b);
    buckets_[b][offset_of(i)] = value;
  }

  // Writes the elements [begin, end) at once: write(first position, data, count) is called for each
  // piece of memory that they lie in; the first that fails ends it.
  template <typename Write>
  Result<void> put_all(std::size_t begin, std::size_t end, Write write) {
    while (begin < end) {
      const std::size_t b = bucket_of(begin);
      if (!buckets_[b]) buckets_[b] = std::make_unique_for_overwrite<T[]>(kFirst << b);
      const std::size_t n = std::min(end - begin, (kFirst << b) - offset_of(begin));
      DAYBOOK_TRY(write(begin, buckets_[b].get() + offset_of(begin), n));
      begin += n;
    }
    return {};
  }

  // Elements from `begin` on that lie side by side, at most up to `end`.
  struct Run {
    const T* data;
    std::size_t size;
  };
  Run run(std::size_t begin, std::size_t end) const {
    const std::size_t b = bucket_of(begin);
    const std::size_t offset = offset_of(begin);
    return {buckets_[b].get() + offset, std::min(end - begin, (kFirst << b) - offset)};
  }

  // Calls use(first position, Run) for the elements [begin, end) in order.
  template <typename Use>
  void for_each_run(std::size_t begin, std::size_t end, Use use) const {
    while (begin < end) {
      const Run r = run(begin, end);
      use(begin, r);
      begin += r.size;
    }
  }

 private:
  static constexpr std::size_t kFirst = 16;
  static constexpr std::size_t kBuckets = 24;

  static std::size_t bucket_of(std::size_t i) {
    return static_cast<std::size_t>(std::bit_width(i + kFirst)) - std::bit_width(kFirst);
  }
  static std::size_t offset_of(std::size_t i) { return i + kFirst - std::bit_floor(i + kFirst); }

  std::array<std::unique_ptr<T[]>, kBuckets> buckets_;
};

}  // namespace daybook::columns
