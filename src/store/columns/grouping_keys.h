// The groups of the chosen rows of one block: a number for each row, and what the numbers stand
// for. Internal of the grouping.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "query/summary.h"
#include "store/columns/block_reader.h"
#include "store/columns/chosen.h"

namespace daybook::columns {

using Numbers = std::vector<std::uint32_t>;  // one of each chosen row

// One thing that rows are grouped by.
struct GroupKey {
  enum class How { kCodes, kOffsets, kListed, kBuckets };
  How how = How::kCodes;
  Numbers numbers;
  std::uint32_t count = 0;  // numbers are below this; but for buckets, 0 stands for null
  const Column* column = nullptr;
  std::int64_t low = 0;              // kOffsets: number 1
  std::vector<std::int64_t> listed;  // kListed: from number 1 on; kBuckets: microseconds by number

  Value value(std::uint32_t number) const;
};

// Whether key_of() can number the values of a field.
bool can_be_numbered(const Collection& collection, const FieldRef& ref);

class BlockGroups {
 public:
  static Result<BlockGroups> make(const Summary& summary, BlockReader& block, const Chosen& chosen);

  // Of each chosen row; below count(). Not every number has rows.
  const Numbers& numbers() const { return numbers_; }
  std::uint32_t count() const { return count_; }
  // A group's bucket and key, put into the partial.
  void describe(std::uint32_t group, GroupTable::Partial& partial) const;

 private:
  // What a group became of when it was split by a further key.
  struct Pair {
    std::uint32_t before;  // the group
    std::uint32_t key;     // the key's number
  };
  void combine(std::size_t rows);
  void split_by(const GroupKey& key);

  std::vector<GroupKey> keys_;
  Numbers numbers_;
  std::uint32_t count_ = 1;
  std::size_t first_split_ = 0;            // the first key that splits
  std::vector<std::vector<Pair>> splits_;  // by key from that one on, then by group
};

}  // namespace daybook::columns
