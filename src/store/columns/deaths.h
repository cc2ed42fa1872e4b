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
#include <vector>

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
    const Commit death = death_of(position);
    return death != 0 && death <= at;
  }
  // The commit of the row's death; 0 when it lives.
  Commit death_of(std::size_t position) const {
    const Page* page = page_of(position);
    if (page == nullptr) return 0;
    return (*page)[position % kRowsOfPage].load(std::memory_order_relaxed);
  }
  // False: no row has died. True promises nothing.
  bool any() const { return last() != 0; }
  // No row has died after this commit.
  Commit last() const { return last_.load(std::memory_order_acquire); }

 private:
  // Rows die here and there: a death takes a page of its neighbours, and that a directory of pages.
  // Directories double in size, so that small blocks need small ones.
  static constexpr std::size_t kRowsOfPage = 256;
  static constexpr std::size_t kFirst = 8;
  static constexpr std::size_t kDirectories = 16;
  using Page = std::array<std::atomic<Commit>, kRowsOfPage>;
  using Directory = std::unique_ptr<std::atomic<Page*>[]>;

  static std::size_t directory_of(std::size_t page) {
    return static_cast<std::size_t>(std::bit_width(page + kFirst)) - std::bit_width(kFirst);
  }
  static std::size_t offset_of(std::size_t page) {
    return page + kFirst - std::bit_floor(page + kFirst);
  }
  Page* page_of(std::size_t position) const {
    const std::size_t page = position / kRowsOfPage;
    const auto* pages = directories_[directory_of(page)].load(std::memory_order_acquire);
    return pages == nullptr ? nullptr : pages[offset_of(page)].load(std::memory_order_acquire);
  }
  Page& make_page(std::size_t page);

  std::array<std::atomic<std::atomic<Page*>*>, kDirectories> directories_{};
  std::array<Directory, kDirectories> owned_directories_;
  std::vector<std::unique_ptr<Page>> owned_pages_;
  std::atomic<Commit> last_ = 0;
};

}  // namespace daybook::columns
