#include "query/vocabulary.h"

#include <limits>

#include "query/word_cut.h"

namespace daybook {
namespace {

// How far list elements stand apart.
constexpr std::uint32_t kElementGap = 100;
// Of a spelling of which folding leaves nothing.
constexpr std::uint32_t kNoWord = std::numeric_limits<std::uint32_t>::max();

}  // namespace

const std::vector<Word>& Vocabulary::cut(std::string_view text) {
  found_.clear();
  append(text, 0);
  return found_;
}

const std::vector<Word>& Vocabulary::look(const Value& field) {
  if (const auto* text = field.get_if<std::string>()) return cut(*text);
  found_.clear();
  const List* list = field.get_if<List>();
  if (list == nullptr) return found_;
  std::uint32_t offset = 0;
  for (const Value& element : *list) {
    const auto* text = element.get_if<std::string>();
    if (text == nullptr) continue;
    append(*text, offset);
    offset += static_cast<std::uint32_t>(text->size()) + 1;
  }
  return found_;
}

void Vocabulary::clear() {
  spellings_.clear();
  words_.clear();
  word_of_spelling_.clear();
}

void Vocabulary::append(std::string_view text, std::uint32_t offset) {
  std::uint32_t position = found_.empty() ? 0 : found_.back().position + kElementGap;
  for (auto range = next_word(text, 0); range; range = next_word(text, range->end)) {
    const auto word = word_of(text.substr(range->begin, range->end - range->begin));
    if (word == kNoWord) continue;
    found_.push_back({word, position++, offset + static_cast<std::uint32_t>(range->begin),
                      offset + static_cast<std::uint32_t>(range->end)});
  }
}

std::uint32_t Vocabulary::word_of(std::string_view spelling) {
  const std::uint32_t known = spellings_.add(spelling);
  if (known < word_of_spelling_.size()) return word_of_spelling_[known];
  const std::string word = analyser_.word(spelling);
  word_of_spelling_.push_back(word.empty() ? kNoWord : words_.add(word));
  return word_of_spelling_.back();
}

}  // namespace daybook
