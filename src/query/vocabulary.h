// Vocabulary: the words of many texts by number, as the Analyser of a language makes them. Each
// spelling is folded and stemmed once, so that texts whose words repeat are cut up at little more
// than the cost of looking at them. What indexes, matching and ranking are made of; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "catalog/value.h"
#include "query/analyser.h"
#include "query/text_numbers.h"

namespace daybook {

// A word where it stands in a text.
struct Word {
  std::uint32_t number = 0;
  std::uint32_t position = 0;        // ordinal in its text
  std::uint32_t begin = 0, end = 0;  // bytes of the original
};

class Vocabulary {
 public:
  explicit Vocabulary(std::string_view language) : analyser_(language) {}

  // The words of a text, or of all texts of a list, until the next look. A list's bytes are those
  // of searched_text(), and positions leap from one element to the next, so that no phrase does.
  const std::vector<Word>& cut(std::string_view text);
  const std::vector<Word>& look(const Value& field);

  // Of an analysed word, which is added when it is new.
  std::uint32_t number_of(std::string_view word) { return words_.add(word); }
  // Until the next look.
  std::string_view word(std::uint32_t number) const { return words_[number]; }
  // Numbers are below this.
  std::uint32_t size() const { return words_.size(); }
  // How many spellings are remembered; what memory goes with.
  std::size_t spellings() const { return spellings_.size(); }
  // Forgets all numbers.
  void clear();

 private:
  void append(std::string_view text, std::uint32_t offset);
  std::uint32_t word_of(std::string_view spelling);

  Analyser analyser_;
  TextNumbers spellings_;
  TextNumbers words_;
  std::vector<std::uint32_t> word_of_spelling_;
  std::vector<Word> found_;
};

}  // namespace daybook
