// How many different hashes were seen: exactly while there are few, then by HyperLogLog with 2^14
// registers. The state depends on the set of hashes only, so merging in any order gives the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace daybook {

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

 private:
  void add_to_registers(std::uint64_t hash);
  void estimate_from_now_on();

  std::size_t exact_;
  std::vector<std::uint64_t> hashes_;    // sorted; empty once there are registers
  std::vector<std::uint8_t> registers_;  // the longest run of zeros of each, plus one
};

}  // namespace daybook
