#include "query/analyser.h"

#include <libstemmer.h>
#include <utf8proc.h>

#include <cstdlib>
#include <unordered_map>

#include "base/text.h"
#include "query/text_hash.h"

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

// How far list elements stand apart.
constexpr std::uint32_t kElementGap = 100;
// Words repeat: most stems are looked up. Bounded, and begun anew when full.
constexpr std::size_t kMaxStems = 8'192;

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

Character ascii_character(unsigned char c) {
  const bool is_letter = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
  if (is_letter) return {CharacterKind::kLetter, 1};
  return {c == '\'' ? CharacterKind::kApostrophe : CharacterKind::kOther, 1};
}

Character character_at(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return ascii_character(lead);
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

bool is_ascii(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string fold_unicode(std::string_view word) {
  constexpr auto kOptions = static_cast<utf8proc_option_t>(
      UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
  utf8proc_uint8_t* folded = nullptr;
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(word.data()),
                                 static_cast<utf8proc_ssize_t>(word.size()), &folded, kOptions);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(folded, &std::free);
  if (size < 0) return ascii_lower(word);
  return replaced({reinterpret_cast<const char*>(folded), static_cast<std::size_t>(size)}, "\u2019",
                  "'");
}

struct StemmerDeleter {
  void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};

}  // namespace

struct Analyser::State {
  std::unique_ptr<sb_stemmer, StemmerDeleter> stemmer;
  std::unordered_map<std::string, std::string, TextHash, std::equal_to<>> stems;

  // Appends the words of one text.
  void append(const Analyser& analyser, std::string_view text, std::uint32_t offset,
              std::vector<Token>& tokens) const;
};

bool Analyser::knows(std::string_view language) {
  if (language == "none") return true;
  for (const char** name = sb_stemmer_list(); *name != nullptr; ++name) {
    if (language == *name) return true;
  }
  return false;
}

Analyser::Analyser(std::string_view language) : state_(std::make_unique<State>()) {
  state_->stemmer.reset(sb_stemmer_new(std::string(language).c_str(), "UTF_8"));
}

Analyser::~Analyser() = default;
Analyser::Analyser(Analyser&&) noexcept = default;
Analyser& Analyser::operator=(Analyser&&) noexcept = default;

std::string Analyser::fold(std::string_view word) const {
  std::string folded = is_ascii(word) ? ascii_lower(word) : fold_unicode(word);
  if (folded.size() > kMaxWordBytes) folded.resize(utf8_prefix(folded, kMaxWordBytes).size());
  return folded;
}

std::string Analyser::stem(std::string_view folded) const {
  if (state_->stemmer == nullptr) return std::string(folded);
  auto& stems = state_->stems;
  if (const auto known = stems.find(folded); known != stems.end()) return known->second;
  const sb_symbol* stem =
      sb_stemmer_stem(state_->stemmer.get(), reinterpret_cast<const sb_symbol*>(folded.data()),
                      static_cast<int>(folded.size()));
  if (stem == nullptr) return std::string(folded);
  const auto size = static_cast<std::size_t>(sb_stemmer_length(state_->stemmer.get()));
  if (stems.size() >= kMaxStems) stems.clear();
  return stems.emplace(folded, std::string(reinterpret_cast<const char*>(stem), size))
      .first->second;
}

void Analyser::State::append(const Analyser& analyser, std::string_view text, std::uint32_t offset,
                             std::vector<Token>& tokens) const {
  std::uint32_t position = tokens.empty() ? 0 : tokens.back().position + kElementGap;
  std::size_t at = 0;
  while (at < text.size()) {
    const Character character = character_at(text, at);
    if (character.kind != CharacterKind::kLetter && character.kind != CharacterKind::kSingle) {
      at += character.size;
      continue;
    }
    const std::size_t end = word_end(text, at);
    std::string word = analyser.stem(analyser.fold(text.substr(at, end - at)));
    if (!word.empty()) {
      tokens.push_back({std::move(word), position++, offset + static_cast<std::uint32_t>(at),
                        offset + static_cast<std::uint32_t>(end)});
    }
    at = end;
  }
}

void Analyser::analyse(std::string_view text, std::vector<Token>& tokens) {
  tokens.clear();
  state_->append(*this, text, 0, tokens);
}

void Analyser::analyse_field(const Value& value, std::vector<Token>& tokens) {
  tokens.clear();
  if (const auto* text = value.get_if<std::string>())
    return state_->append(*this, *text, 0, tokens);
  const List* list = value.get_if<List>();
  if (list == nullptr) return;
  std::uint32_t offset = 0;
  for (const Value& element : *list) {
    const auto* text = element.get_if<std::string>();
    if (text == nullptr) continue;
    state_->append(*this, *text, offset, tokens);
    offset += static_cast<std::uint32_t>(text->size()) + 1;
  }
}

std::string searched_text(const Value& value) {
  if (const auto* text = value.get_if<std::string>()) return *text;
  std::string lines;
  const List* list = value.get_if<List>();
  if (list == nullptr) return lines;
  for (const Value& element : *list) {
    if (const auto* text = element.get_if<std::string>()) lines += *text + "\n";
  }
  return lines;
}

}  // namespace daybook
