// How many different hashes were seen: exactly while there are few, then by HyperLogLog with 2^14
// registers. The state depends on the set of hashes only, so merging in any order gives the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/value.h"

namespace daybook {

// What is counted of a value.
std::uint64_t distinct_hash(const Value& value);

class DistinctCounter {
 public:
  // One standard deviation: 1.04 / sqrt(2^14).
  static constexpr double kError = 0.0081;

  // Hashes up to `exact` are kept one by one.
  explicit DistinctCounter(std::size_t exact) : exact_(exact) {}

  void add(std::uint64_t hash);
  void merge(const DistinctCounter& other);  // of the same `exact`
  std::int64_t count() const;
  bool is_exact() const { return registers_.empty(); }
  std::size_t bytes() const;

  // Appends; the form is described in distinct_counter.cc.
  void encode(std::string& out) const;
  // Takes off the front what encode() wrote for a counter of the same `exact`; empty for other
  // bytes.
  static std::optional<DistinctCounter> take(std::string_view& bytes, std::size_t exact);
  bool operator==(const DistinctCounter&) const = default;

 private:
  void add_to_registers(std::uint64_t hash);
  void estimate_from_now_on();

  std::size_t exact_;
  std::vector<std::uint64_t> hashes_;    // sorted; empty once there are registers
  std::vector<std::uint8_t> registers_;  // the longest run of zeros of each, plus one
};

}  // namespace daybook
