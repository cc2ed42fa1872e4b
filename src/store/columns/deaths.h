// Deaths: since which commit rows of a block are no more, because they were deleted or because a
// newer version of them was appended somewhere. Rows are never changed in place: this is the one
// thing that is added to a block that readers hold, and a reader sees those deaths only that its
// commit covers.
//
// One writer, any number of readers, no lock. Blocks without deaths pay a few words.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace daybook::columns {

// The number of a transaction of the whole store.
using Commit = std::uint64_t;

class Deaths {
 public:
  // The writer's.
  void kill(std::size_t position, Commit commit);
  // Takes a death back that no reader could see yet.
  void revive(std::size_t position);

  bool is_dead(std::size_t position, Commit at) const {
    const std::atomic<Commit>* page = pages_[page_of(position)].load(std::memory_order_acquire);
    if (page == nullptr) return false;
    const Commit death = page[offset_of(position)].load(std::memory_order_relaxed);
    return death != 0 && death <= at;
  }
  // The commit of the row's death; 0 when it lives.
  Commit death_of(std::size_t position) const;
  // False: no row has died. True promises nothing.
  bool any() const { return last() != 0; }
  // No row has died after this commit.
  Commit last() const { return last_.load(std::memory_order_acquire); }

 private:
  static constexpr std::size_t kFirst = 64;
  static constexpr std::size_t kPages = 22;

  static std::size_t page_of(std::size_t i) {
    return static_cast<std::size_t>(std::bit_width(i + kFirst)) - std::bit_width(kFirst);
  }
  static std::size_t offset_of(std::size_t i) { return i + kFirst - std::bit_floor(i + kFirst); }

  std::array<std::atomic<std::atomic<Commit>*>, kPages> pages_{};
  std::array<std::unique_ptr<std::atomic<Commit>[]>, kPages> owned_;
  std::atomic<Commit> last_ = 0;
};

}  // namespace daybook::columns
