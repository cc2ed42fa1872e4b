// Where the words of a text are: what Analyser and Vocabulary cut texts by. Internal of query/.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace daybook {

// Bytes of a text.
struct WordRange {
  std::size_t begin = 0, end = 0;
};

// The next word that begins at `at` or later.
std::optional<WordRange> next_word(std::string_view text, std::size_t at);

}  // namespace daybook
