// Integers: a sequence of 64-bit integers inside a part's content, kept in as few whole bytes each
// as its range or the range of its steps allows. Any of them can be read without those before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/columns/part.h"

namespace daybook::columns {

void put_integers(std::string& out, const std::vector<std::int64_t>& integers);

class Integers {
 public:
  // `count` integers written at `offset` of the content, which outlives this. Fails when they
  // cannot be there.
  static Result<Integers> open(PartContent& content, std::uint64_t offset, std::size_t count);

  // Where they end in the content.
  std::uint64_t end() const { return end_; }
  Result<std::int64_t> at(std::size_t i) const;
  // Those in [begin, begin + n), to `out`.
  Result<void> read(std::size_t begin, std::size_t n, std::int64_t* out) const;
  // "constant", "2 bytes each", "steps of 1 byte".
  std::string describe() const;

 private:
  enum class How : std::uint8_t { kOffsets = 0, kSteps = 1 };
  Integers() = default;
  Result<void> read_offsets(std::uint64_t begin, std::size_t n, std::int64_t* out) const;
  Result<void> read_steps(std::size_t begin, std::size_t n, std::int64_t* out) const;
  // The first integer of a run of steps.
  Result<std::int64_t> anchor(std::size_t run) const;
  static void put_offsets(std::string& out, const std::vector<std::int64_t>& integers,
                          std::int64_t base, std::size_t width);
  static std::vector<std::int64_t> steps_of(const std::vector<std::int64_t>& integers);
  friend void put_integers(std::string& out, const std::vector<std::int64_t>& integers);

  PartContent* content_ = nullptr;
  std::size_t count_ = 0;
  How how_ = How::kOffsets;
  std::size_t width_ = 0;
  std::int64_t base_ = 0;      // of offsets: the smallest; of steps: the smallest step
  std::uint64_t anchors_ = 0;  // where they begin, of steps
  std::uint64_t begin_ = 0;    // where offsets begin
  std::uint64_t end_ = 0;
};

}  // namespace daybook::columns
