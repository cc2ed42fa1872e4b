#include "query/group_index.h"

#include <cstring>
#include <functional>

namespace daybook {
namespace {

template <typename T>
void append_bits(char mark, T value, std::string& out) {
  char bytes[1 + sizeof(T)];
  bytes[0] = mark;
  std::memcpy(bytes + 1, &value, sizeof(T));
  out.append(bytes, sizeof(bytes));
}

}  // namespace

void append_bucket(Instant bucket, std::string& key) { append_bits('b', micros(bucket), key); }

void append_text_key(std::string_view text, std::string& key) {
  append_bits('s', static_cast<std::uint32_t>(text.size()), key);
  key += text;
}

void append_key(const Value* value, std::string& key) {
  if (value == nullptr) {
    key += 'n';
  } else if (const auto* text = value->get_if<std::string>()) {
    append_text_key(*text, key);
  } else if (const auto* whole = value->get_if<std::int64_t>()) {
    append_bits('i', *whole, key);
  } else {
    append_canonical(*value, key);
  }
}

std::size_t hash_of_key(std::string_view key) { return std::hash<std::string_view>{}(key); }

std::uint32_t& EntryIndex::find(std::string_view key, std::size_t hash,
                                const std::vector<Entry>& entries) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    std::uint32_t& slot = slots_[at];
    if (slot == kFree) return slot;
    if (entries[slot].hash == hash && entries[slot].key == key) return slot;
  }
}

void EntryIndex::grow_for(const std::vector<Entry>& entries) {
  if (entries.size() * 2 < slots_.size()) return;
  slots_.assign(slots_.size() * 2, kFree);
  const std::size_t mask = slots_.size() - 1;
  for (std::uint32_t i = 0; i < entries.size(); ++i) {
    std::size_t at = entries[i].hash & mask;
    while (slots_[at] != kFree) at = (at + 1) & mask;
    slots_[at] = i;
  }
}

}  // namespace daybook
