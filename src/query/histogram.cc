// The stored form, little of which is ever there:
//
//   byte      1, the version
//   varint    count of zeros, zigzag
//   twice (positive, then negative values):
//     varint  number of bins
//     each    varint: bin minus the bin before it (the first: minus 0); varint: count, zigzag, not
//     0
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "query/aggregate.h"
#include "query/rank.h"
#include "query/varint.h"

namespace daybook {
namespace {

// 6 of the mantissa's 52 bits count bins within a power of two: the middle of a bin is at most
// 1/128 from its values.
constexpr int kShift = 52 - 6;
constexpr std::int32_t kLeastBin = 1 << 6;          // of the smallest normal number
constexpr std::int32_t kMostBin = (2047 << 6) - 1;  // of the greatest finite number
constexpr std::int32_t kDenseBins = 2048;           // 32 powers of two
constexpr char kVersion = 1;

Error broken() { return {Code::kMalformed, "the stored histogram is broken"}; }

}  // namespace

std::int64_t nearest_rank(double q, std::int64_t count) {
  const double exact = q * static_cast<double>(count);
  const double whole = std::round(exact);
  // 0.07 * 100 is a little more than 7: such dust must not raise the rank.
  const bool is_whole = std::abs(exact - whole) <= 1e-12 * static_cast<double>(count);
  const auto rank = static_cast<std::int64_t>(is_whole ? whole : std::ceil(exact));
  return std::clamp<std::int64_t>(rank, 1, count);
}

std::int32_t Histogram::bin_of(double magnitude) {
  return static_cast<std::int32_t>(std::bit_cast<std::uint64_t>(magnitude) >> kShift);
}

double Histogram::value_of(std::int32_t bin) {
  constexpr std::uint64_t kHalf = std::uint64_t{1} << (kShift - 1);
  return std::bit_cast<double>((static_cast<std::uint64_t>(bin) << kShift) | kHalf);
}

void Histogram::add_to(Bins& bins, std::int32_t bin, std::int64_t count) {
  const auto at =
      std::lower_bound(bins.begin(), bins.end(), bin,
                       [](const auto& entry, std::int32_t b) { return entry.first < b; });
  if (at == bins.end() || at->first != bin) {
    bins.insert(at, {bin, count});
  } else if ((at->second += count) == 0) {
    bins.erase(at);
  }
}

void Histogram::merge_into(Bins& bins, const Bins& other) {
  Bins merged;
  merged.reserve(bins.size() + other.size());
  auto a = bins.begin();
  auto b = other.begin();
  while (a != bins.end() && b != other.end()) {
    if (a->first != b->first) {
      merged.push_back(a->first < b->first ? *a++ : *b++);
      continue;
    }
    if (a->second + b->second != 0) merged.emplace_back(a->first, a->second + b->second);
    ++a;
    ++b;
  }
  merged.insert(merged.end(), a, bins.end());
  merged.insert(merged.end(), b, other.end());
  bins = std::move(merged);
}

std::int32_t Histogram::slot_of(double value) {
  const double magnitude = std::abs(value);
  // Below the normal numbers, bits are too few for the error promised; nothing measures that near
  // 0.
  if (magnitude < std::numeric_limits<double>::min()) return 0;
  return value < 0 ? -bin_of(magnitude) : bin_of(magnitude);
}

void Histogram::add(double value, std::int64_t count) {
  if (count == 0) return;
  count_ += count;
  const std::int32_t slot = slot_of(value);
  if (slot == 0) {
    zero_ += count;
  } else {
    add_to(slot < 0 ? negative_ : positive_, std::abs(slot), count);
  }
}

// Most bins of a measurement lie side by side: they are counted in an array, and put to the others
// once.
void Histogram::add(std::span<const double> values) {
  std::array<std::int64_t, kDenseBins> counts{};
  std::int32_t first = 0;
  bool is_placed = false;
  for (const double value : values) {
    if (value < std::numeric_limits<double>::min()) {
      add(value);
      continue;
    }
    const std::int32_t bin = bin_of(value);
    if (!std::exchange(is_placed, true)) first = bin - kDenseBins / 2;
    const auto offset = static_cast<std::uint32_t>(bin - first);
    if (offset < kDenseBins) {
      ++counts[offset];
      ++count_;
    } else {
      add(value);
    }
  }
  Bins dense;
  for (std::int32_t i = 0; i < kDenseBins; ++i) {
    if (counts[static_cast<std::size_t>(i)] != 0) {
      dense.emplace_back(first + i, counts[static_cast<std::size_t>(i)]);
    }
  }
  merge_into(positive_, dense);
}

void Histogram::merge(const Histogram& other) {
  merge_into(positive_, other.positive_);
  merge_into(negative_, other.negative_);
  zero_ += other.zero_;
  count_ += other.count_;
}

void Histogram::merge(std::span<const Slot> slots) {
  Bins negative, positive;
  for (const Slot& slot : slots) {
    count_ += slot.count;
    if (slot.number == 0) {
      zero_ += slot.count;
    } else {
      (slot.number < 0 ? negative : positive).emplace_back(std::abs(slot.number), slot.count);
    }
  }
  std::ranges::reverse(negative);
  merge_into(positive_, positive);
  merge_into(negative_, negative);
}

double Histogram::quantile(double q) const {
  std::int64_t rank = nearest_rank(q, count_);
  for (auto bin = negative_.rbegin(); bin != negative_.rend(); ++bin) {
    if ((rank -= bin->second) <= 0) return -value_of(bin->first);
  }
  if ((rank -= zero_) <= 0) return 0;
  for (const auto& [bin, count] : positive_) {
    if ((rank -= count) <= 0) return value_of(bin);
  }
  return positive_.empty() ? 0 : value_of(positive_.back().first);
}

std::size_t Histogram::bytes() const {
  return sizeof(*this) + (positive_.capacity() + negative_.capacity()) * sizeof(Bins::value_type);
}

void Histogram::encode(std::string& out) const {
  out += kVersion;
  put_signed(out, zero_);
  for (const Bins* bins : {&positive_, &negative_}) {
    put_varint(out, bins->size());
    std::int32_t before = 0;
    for (const auto& [bin, count] : *bins) {
      put_varint(out, static_cast<std::uint64_t>(bin - before));
      put_signed(out, count);
      before = bin;
    }
  }
}

Result<Histogram> Histogram::decode(std::string_view bytes) {
  if (!bytes.starts_with(kVersion)) return broken();
  bytes.remove_prefix(1);
  Histogram histogram;
  const auto zero = take_signed(bytes);
  if (!zero) return broken();
  histogram.zero_ = histogram.count_ = *zero;
  for (Bins* bins : {&histogram.positive_, &histogram.negative_}) {
    const auto size = take_varint(bytes);
    if (!size || *size > bytes.size()) return broken();
    std::int32_t before = 0;
    for (std::uint64_t i = 0; i < *size; ++i) {
      const auto step = take_varint(bytes);
      const auto count = take_signed(bytes);
      if (!step || !count || *count == 0 || *step == 0) return broken();
      if (*step > static_cast<std::uint64_t>(kMostBin - before)) return broken();
      before += static_cast<std::int32_t>(*step);
      if (before < kLeastBin) return broken();
      bins->emplace_back(before, *count);
      if (__builtin_add_overflow(histogram.count_, *count, &histogram.count_)) return broken();
    }
  }
  if (!bytes.empty()) return broken();
  return histogram;
}

}  // namespace daybook
