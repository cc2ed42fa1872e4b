// Text -> search words: Unicode word boundaries, case folding and NFKC (utf8proc), then the
// Snowball stemmer of the declared language. No stop words. One analyser for indexing, matching and
// snippets; what looks at many texts does it through a Vocabulary.
//
// A word is a run of letters, digits and their marks, with apostrophes inside it; of a script that
// is written without spaces (Han, Kana) each character is a word.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/value.h"

namespace daybook {

struct Token {
  std::string word;                // folded and stemmed
  std::size_t begin = 0, end = 0;  // bytes of the original
};

// Words longer than this are cut (folded bytes).
constexpr std::size_t kMaxWordBytes = 64;

// One thread at a time.
class Analyser {
 public:
  // Whether there is such a language ("english", "german", ..., "none").
  static bool knows(std::string_view language);

  // A language that it does not know is "none": words are folded only.
  explicit Analyser(std::string_view language);
  ~Analyser();
  Analyser(Analyser&&) noexcept;
  Analyser& operator=(Analyser&&) noexcept;

  // The words of a text, one after the other.
  std::vector<Token> analyse(std::string_view text) const;
  // What a word is looked for as: folded and stemmed; empty where nothing of it is left.
  std::string word(std::string_view spelling) const;
  std::string fold(std::string_view word) const;
  std::string stem(std::string_view folded) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The text of a field that is searched: a text itself, the texts of a list in lines.
std::string searched_text(const Value& value);

}  // namespace daybook
