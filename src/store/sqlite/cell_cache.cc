#include "store/sqlite/cell_cache.h"

#include <functional>
#include <utility>

namespace daybook::sqlite {

namespace {

// Of the room, what one entry may take.
constexpr std::size_t kShare = 4;

}  // namespace

std::shared_ptr<const RollupCells> CellCache::find(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto known = by_name_.find(name);
  if (known == by_name_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, known->second);
  return known->second->cells;
}

void CellCache::put(const std::string& name, std::shared_ptr<const RollupCells> cells) {
  const std::size_t bytes = cells->bytes() + sizeof(Entry) + 2 * name.capacity();
  if (bytes > max_bytes_ / kShare) return;
  const std::lock_guard lock(mutex_);
  if (by_name_.contains(name)) return;
  entries_.push_front({name, std::move(cells), bytes});
  by_name_[name] = entries_.begin();
  bytes_ += bytes;
  while (bytes_ > max_bytes_) {
    bytes_ -= entries_.back().bytes;
    by_name_.erase(entries_.back().name);
    entries_.pop_back();
  }
}

bool CellCache::is_asked_again(const std::string& name) {
  const std::size_t hash = std::hash<std::string>()(name);
  const std::lock_guard lock(mutex_);
  return std::exchange(asked_[hash % asked_.size()], hash) == hash;
}

void CellCache::clear() {
  const std::lock_guard lock(mutex_);
  entries_.clear();
  by_name_.clear();
  bytes_ = 0;
}

}  // namespace daybook::sqlite
