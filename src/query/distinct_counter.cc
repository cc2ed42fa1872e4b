// The stored form:
//
//   varint    0: registers follow, one byte each; otherwise 1 + the number of hashes, and
//   each      varint: the hash minus the hash before it (the first: minus 0)
#include "query/distinct_counter.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "base/hash.h"
#include "query/varint.h"

namespace daybook {
namespace {

constexpr int kPrecision = 14;
constexpr std::size_t kRegisters = std::size_t{1} << kPrecision;
constexpr std::size_t kMostZeros = 64 - kPrecision;

// The two series of Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017),
// algorithm 6: no bias at either end, and no table of corrections.
double sigma(double x) {
  if (x == 1) return std::numeric_limits<double>::infinity();
  double y = 1;
  double z = x;
  for (double before = -1; z != before;) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}

double tau(double x) {
  if (x == 0 || x == 1) return 0;
  double y = 1;
  double z = 1 - x;
  for (double before = -1; z != before;) {
    x = std::sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) * (1 - x) * y;
  }
  return z / 3;
}

double estimate(const std::vector<std::uint8_t>& registers) {
  std::array<double, kMostZeros + 2> counts{};
  for (const std::uint8_t r : registers) counts[r] += 1;
  const double m = kRegisters;
  double z = m * tau(1 - counts[kMostZeros + 1] / m);
  for (std::size_t k = kMostZeros; k > 0; --k) z = 0.5 * (z + counts[k]);
  z += m * sigma(counts[0] / m);
  return m * m / (2 * std::log(2.0) * z);
}

}  // namespace

std::uint64_t distinct_hash(const Value& value) {
  std::string text;
  append_canonical(value, text);
  return hash64(text);
}

void DistinctCounter::add_to_registers(std::uint64_t hash) {
  const std::uint64_t rest = hash << kPrecision;
  const std::size_t zeros =
      rest == 0 ? kMostZeros : static_cast<std::size_t>(std::countl_zero(rest));
  std::uint8_t& r = registers_[hash >> kMostZeros];
  r = std::max(r, static_cast<std::uint8_t>(zeros + 1));
}

void DistinctCounter::estimate_from_now_on() {
  registers_.assign(kRegisters, 0);
  for (const std::uint64_t hash : std::exchange(hashes_, {})) add_to_registers(hash);
}

void DistinctCounter::add(std::uint64_t hash) {
  if (!is_exact()) return add_to_registers(hash);
  const auto at = std::lower_bound(hashes_.begin(), hashes_.end(), hash);
  if (at != hashes_.end() && *at == hash) return;
  hashes_.insert(at, hash);
  if (hashes_.size() > exact_) estimate_from_now_on();
}

void DistinctCounter::merge(const DistinctCounter& other) {
  if (other.is_exact()) {
    for (const std::uint64_t hash : other.hashes_) add(hash);
    return;
  }
  if (is_exact()) estimate_from_now_on();
  for (std::size_t i = 0; i < kRegisters; ++i) {
    registers_[i] = std::max(registers_[i], other.registers_[i]);
  }
}

std::int64_t DistinctCounter::count() const {
  if (is_exact()) return static_cast<std::int64_t>(hashes_.size());
  return std::llround(estimate(registers_));
}

void DistinctCounter::encode(std::string& out) const {
  if (!is_exact()) {
    put_varint(out, 0);
    out.append(registers_.begin(), registers_.end());
    return;
  }
  put_varint(out, 1 + hashes_.size());
  std::uint64_t before = 0;
  for (const std::uint64_t hash : hashes_) {
    put_varint(out, hash - before);
    before = hash;
  }
}

std::optional<DistinctCounter> DistinctCounter::take(std::string_view& bytes, std::size_t exact) {
  DistinctCounter counter(exact);
  const auto size = take_varint(bytes);
  if (!size || *size > 1 + exact) return std::nullopt;
  if (*size == 0) {
    if (bytes.size() < kRegisters) return std::nullopt;
    counter.registers_.assign(bytes.begin(), bytes.begin() + kRegisters);
    bytes.remove_prefix(kRegisters);
    const bool is_possible =
        std::ranges::all_of(counter.registers_, [](std::uint8_t r) { return r <= kMostZeros + 1; });
    return is_possible ? std::optional(std::move(counter)) : std::nullopt;
  }
  std::uint64_t hash = 0;
  for (std::uint64_t i = 1; i < *size; ++i) {
    const auto step = take_varint(bytes);
    if (!step || (i > 1 && *step == 0) || __builtin_add_overflow(hash, *step, &hash)) {
      return std::nullopt;
    }
    counter.hashes_.push_back(hash);
  }
  return counter;
}

std::size_t DistinctCounter::bytes() const {
  return sizeof(*this) + hashes_.capacity() * sizeof(std::uint64_t) + registers_.capacity();
}

}  // namespace daybook
