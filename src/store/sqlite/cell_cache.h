// CellCache: what stored sums of rollups come to for one kind of question, by a name that says what
// they are of and what is asked. The least recently used are dropped first. Any thread.
#pragma once

#include <array>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "query/rollup_cells.h"

namespace daybook::sqlite {

class CellCache {
 public:
  explicit CellCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // A name is never used again for other cells.
  std::shared_ptr<const RollupCells> find(const std::string& name);
  // Cells that would put out much of the others are not kept.
  void put(const std::string& name, std::shared_ptr<const RollupCells> cells);
  // Takes note that a name is asked for, and says whether it was not long ago: for what is of use
  // only when the very same is asked again, and would put out what is of use to others.
  bool is_asked_again(const std::string& name);
  void clear();

 private:
  struct Entry {
    std::string name;
    std::shared_ptr<const RollupCells> cells;
    std::size_t bytes;
  };
  using Entries = std::list<Entry>;

  const std::size_t max_bytes_;
  std::mutex mutex_;
  Entries entries_;  // newest use first
  std::unordered_map<std::string, Entries::iterator> by_name_;
  std::size_t bytes_ = 0;
  std::array<std::size_t, 256> asked_{};  // hashes of names, the newest of those that share a place
};

}  // namespace daybook::sqlite
