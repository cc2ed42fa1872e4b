#include "store/columns/deaths.h"

namespace daybook::columns {

Deaths::Page& Deaths::make_page(std::size_t page) {
  const std::size_t d = directory_of(page);
  if (!owned_directories_[d]) {
    owned_directories_[d] = std::make_unique<std::atomic<Page*>[]>(kFirst << d);
    directories_[d].store(owned_directories_[d].get(), std::memory_order_release);
  }
  std::atomic<Page*>& place = owned_directories_[d][offset_of(page)];
  owned_pages_.push_back(std::make_unique<Page>());
  place.store(owned_pages_.back().get(), std::memory_order_release);
  return *owned_pages_.back();
}

void Deaths::kill(std::size_t position, Commit commit) {
  Page* page = page_of(position);
  if (page == nullptr) page = &make_page(position / kRowsOfPage);
  const Commit before = (*page)[position % kRowsOfPage].exchange(commit, std::memory_order_relaxed);
  if (before == 0) count_.fetch_add(1, std::memory_order_release);
  if (commit > last()) last_.store(commit, std::memory_order_release);
}

void Deaths::revive(std::size_t position) {
  Page* page = page_of(position);
  if (page == nullptr) return;
  const Commit before = (*page)[position % kRowsOfPage].exchange(0, std::memory_order_relaxed);
  if (before != 0) count_.fetch_sub(1, std::memory_order_release);
}

}  // namespace daybook::columns
