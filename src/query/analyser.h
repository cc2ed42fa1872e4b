// Text -> search words: Unicode word boundaries, case folding and NFKC (utf8proc), then the
// Snowball stemmer of the declared language. No stop words. One analyser for indexing, matching and
// snippets.
//
// A word is a run of letters, digits and their marks, with apostrophes inside it; of a script that
// is written without spaces (Han, Kana) each character is a word.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/value.h"

namespace daybook {

struct Token {
  std::string word;                  // folded and stemmed
  std::uint32_t position = 0;        // ordinal in its text
  std::uint32_t begin = 0, end = 0;  // bytes of the original
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

  // Replaces `tokens`.
  void analyse(std::string_view text, std::vector<Token>& tokens);
  // The words of a field: of a text, or of all texts of a list. A list's bytes are those of
  // searched_text(), and positions leap from one element to the next, so that no phrase does.
  void analyse_field(const Value& value, std::vector<Token>& tokens);
  // One word of a query.
  std::string fold(std::string_view word) const;
  std::string stem(std::string_view folded) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The text of a field that is searched: a text itself, the texts of a list in lines.
std::string searched_text(const Value& value);

}  // namespace daybook
