#include "store/columns/deaths.h"

namespace daybook::columns {

void Deaths::kill(std::size_t position, Commit commit) {
  const std::size_t page = page_of(position);
  if (!owned_[page]) {
    owned_[page] = std::make_unique<std::atomic<Commit>[]>(kFirst << page);
    pages_[page].store(owned_[page].get(), std::memory_order_release);
  }
  owned_[page][offset_of(position)].store(commit, std::memory_order_relaxed);
  if (commit > last()) last_.store(commit, std::memory_order_release);
}

void Deaths::revive(std::size_t position) {
  const std::size_t page = page_of(position);
  if (owned_[page]) owned_[page][offset_of(position)].store(0, std::memory_order_relaxed);
}

Commit Deaths::death_of(std::size_t position) const {
  const std::atomic<Commit>* page = pages_[page_of(position)].load(std::memory_order_acquire);
  return page == nullptr ? 0 : page[offset_of(position)].load(std::memory_order_relaxed);
}

}  // namespace daybook::columns
