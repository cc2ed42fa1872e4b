// Growing: an append-only array whose elements never move, so that readers may look at the first n
// of them while one writer adds more. Whoever publishes n (a View) orders the two; there is no
// lock.
//
// Buckets double in size, so a small block stays small: bucket b holds kFirst << b elements, the
// last one of an array whose size is known no more than it needs.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
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

  // No more than n elements will ever be put. Before the first.
  void limit_to(std::size_t n) { limit_ = n; }

  // Writes element i; only when all before it were put.
  void put(std::size_t i, const T& value) { bucket(bucket_of(i))[offset_of(i)] = value; }

  // Writes all n elements of an empty array at once, and none are put afterwards: write(first
  // position, data, count) is called for each piece of memory that they lie in; the first that
  // fails ends it.
  template <typename Write>
  Result<void> put_all(std::size_t n, Write write) {
    limit_to(n);
    for (std::size_t begin = 0, b = 0; begin < n; begin += size_of(b++)) {
      DAYBOOK_TRY(write(begin, bucket(b), size_of(b)));
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

  // The position after the last that lies side by side with this one; the same for every T.
  static std::size_t end_of_run(std::size_t position) {
    return (kFirst << (bucket_of(position) + 1)) - kFirst;
  }
  // Copies the elements at `count` ascending positions.
  void gather(const std::uint32_t* positions, std::size_t count, T* out) const {
    for (std::size_t i = 0; i < count;) {
      const std::size_t begin = positions[i];
      const std::size_t end = end_of_run(begin);
      const T* data = run(begin, end).data;
      for (; i < count && positions[i] < end; ++i) out[i] = data[positions[i] - begin];
    }
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

  // Allocated, beside the object itself. The writer's, or of what nobody writes any more.
  std::size_t bytes() const {
    std::size_t bytes = 0;
    for (std::size_t b = 0; b < kBuckets && buckets_[b]; ++b) bytes += size_of(b) * sizeof(T);
    return bytes;
  }

 private:
  static constexpr std::size_t kFirst = 16;
  static constexpr std::size_t kBuckets = 24;

  static std::size_t bucket_of(std::size_t i) {
    return static_cast<std::size_t>(std::bit_width(i + kFirst)) - std::bit_width(kFirst);
  }
  static std::size_t offset_of(std::size_t i) { return i + kFirst - std::bit_floor(i + kFirst); }

  std::size_t size_of(std::size_t b) const {
    return std::min(kFirst << b, limit_ - ((kFirst << b) - kFirst));
  }
  T* bucket(std::size_t b) {
    if (!buckets_[b]) buckets_[b] = std::make_unique_for_overwrite<T[]>(size_of(b));
    return buckets_[b].get();
  }

  std::size_t limit_ = std::numeric_limits<std::size_t>::max();
  std::array<std::unique_ptr<T[]>, kBuckets> buckets_;
};

}  // namespace daybook::columns
