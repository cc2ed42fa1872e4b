// Groups by their key: what GroupTable keeps of each, and how it is found again. Internal of
// query/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "catalog/value.h"
#include "query/aggregate.h"

namespace daybook {

// The rows of one bucket and key so far.
struct Entry {
  std::string key;  // all that tells it from the others
  std::size_t hash = 0;
  Instant bucket;
  std::vector<Value> values;  // of `by`
  std::int64_t rows = 0;
  std::vector<Accumulator> states;
};

// A key is what these append, one after the other. Any two values of one field differ in it, and it
// is made faster than their canonical text.
void append_bucket(Instant bucket, std::string& key);
void append_text_key(std::string_view text, std::string& key);
void append_key(const Value* value, std::string& key);  // null: absent
std::size_t hash_of_key(std::string_view key);

// A hash table from keys to groups: open addressing over the entries' numbers.
class EntryIndex {
 public:
  static constexpr std::uint32_t kFree = static_cast<std::uint32_t>(-1);

  EntryIndex() : slots_(kFirstSlots, kFree) {}

  // The number of the entry with the key, or the place to put it.
  std::uint32_t& find(std::string_view key, std::size_t hash, const std::vector<Entry>& entries);
  // To be told of every entry that was added. At most half of it is full, so runs stay short.
  void grow_for(const std::vector<Entry>& entries);
  std::size_t bytes() const { return slots_.size() * sizeof(std::uint32_t); }

 private:
  static constexpr std::size_t kFirstSlots = 64;
  std::vector<std::uint32_t> slots_;  // a power of two
};

}  // namespace daybook
