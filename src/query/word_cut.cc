#include "query/word_cut.h"

#include <utf8proc.h>

#include <array>
#include <cstdint>

namespace daybook {
namespace {

enum class CharacterKind : std::uint8_t {
  kOther,
  kLetter,      // or digit
  kMark,        // belongs to the letter before it
  kApostrophe,  // inside a word
  kSingle,      // a word of its own
};

struct Character {
  CharacterKind kind;
  std::uint32_t size;  // bytes
};

bool is_unspaced(utf8proc_int32_t c) {
  return (c >= 0x3005 && c <= 0x3007) || (c >= 0x3040 && c <= 0x30FF) ||
         (c >= 0x31F0 && c <= 0x31FF) || (c >= 0x3400 && c <= 0x4DBF) ||
         (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0xFF66 && c <= 0xFF9D) || (c >= 0x20000 && c <= 0x3FFFF);
}

CharacterKind kind_of(utf8proc_int32_t c) {
  constexpr utf8proc_int32_t kRightQuote = 0x2019;
  if (c == kRightQuote) return CharacterKind::kApostrophe;
  const auto category = utf8proc_category(c);
  if (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) {
    return is_unspaced(c) ? CharacterKind::kSingle : CharacterKind::kLetter;
  }
  if (category == UTF8PROC_CATEGORY_ND) return CharacterKind::kLetter;
  // Cf: joiners and soft hyphens, which folding takes out.
  const bool is_mark = category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
                       category == UTF8PROC_CATEGORY_ME || category == UTF8PROC_CATEGORY_CF;
  return is_mark ? CharacterKind::kMark : CharacterKind::kOther;
}

constexpr std::array<CharacterKind, 128> kAscii = [] {
  std::array<CharacterKind, 128> kinds{};
  for (std::size_t c = 0; c < kinds.size(); ++c) {
    const bool is_letter = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    kinds[c] = is_letter ? CharacterKind::kLetter : CharacterKind::kOther;
  }
  kinds['\''] = CharacterKind::kApostrophe;
  return kinds;
}();

Character character_at(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < kAscii.size()) return {kAscii[lead], 1};
  utf8proc_int32_t c = 0;
  const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at),
                                     static_cast<utf8proc_ssize_t>(text.size() - at), &c);
  if (size <= 0) return {CharacterKind::kOther, 1};  // not UTF-8: the byte separates
  return {kind_of(c), static_cast<std::uint32_t>(size)};
}

// The end of the word that begins at `begin`.
std::size_t word_end(std::string_view text, std::size_t begin) {
  Character character = character_at(text, begin);
  const CharacterKind first = character.kind;
  std::size_t end = begin + character.size;
  while (end < text.size()) {
    character = character_at(text, end);
    std::size_t next = end + character.size;
    if (first == CharacterKind::kLetter && character.kind == CharacterKind::kApostrophe &&
        next < text.size()) {
      character = character_at(text, next);
      if (character.kind != CharacterKind::kLetter) return end;
      next += character.size;
    }
    const bool goes_on =
        character.kind == CharacterKind::kMark ||
        (first == CharacterKind::kLetter && character.kind == CharacterKind::kLetter);
    if (!goes_on) return end;
    end = next;
  }
  return end;
}

}  // namespace

std::optional<WordRange> next_word(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const Character character = character_at(text, at);
    if (character.kind == CharacterKind::kLetter || character.kind == CharacterKind::kSingle) {
      return WordRange{at, word_end(text, at)};
    }
    at += character.size;
  }
  return std::nullopt;
}

}  // namespace daybook
