#include "query/contains.h"

#include <cstdint>
#include <cstring>

#include "base/text.h"

namespace daybook {
namespace {

bool is_ascii(std::string_view text) {
  std::uint64_t seen = 0;
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, 8);
    seen |= word;
  }
  for (; i < text.size(); ++i) seen |= static_cast<unsigned char>(text[i]);
  return (seen & 0x8080808080808080U) == 0;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool begins_with(const char* text, std::string_view needle) {
  for (std::size_t i = 0; i < needle.size(); ++i) {
    if (lower(text[i]) != needle[i]) return false;
  }
  return true;
}

bool ascii_contains(std::string_view text, std::string_view needle) {
  if (needle.size() > text.size()) return false;
  const std::size_t last = text.size() - needle.size();
  for (std::size_t i = 0; i <= last; ++i) {
    if (begins_with(text.data() + i, needle)) return true;
  }
  return false;
}

}  // namespace

bool contains_folded(std::string_view text, std::string_view needle) {
  // Folding keeps ASCII within ASCII, so the common text needs no folded copy.
  if (is_ascii(text)) return ascii_contains(text, needle);
  return fold_case(text).find(needle) != std::string::npos;
}

}  // namespace daybook
