// Where the words, prefixes and phrases of a text query stand in a text: what matching, ranking and
// snippets are made of, in query/ and in stores that look at texts one by one. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "query/search.h"
#include "query/text_leaves.h"
#include "query/vocabulary.h"

namespace daybook {

class TermFinder {
 public:
  struct Found {
    std::size_t leaf = 0;
    std::uint32_t begin = 0, end = 0;  // bytes of searched_text()
  };

  TermFinder(std::string_view language, const TextQuery& query);
  TermFinder(const TermFinder&) = delete;
  TermFinder& operator=(const TermFinder&) = delete;

  // Looks through a field; words() and found() are of the last one, in order.
  void look(const Value& field);
  const std::vector<Word>& words() const { return *words_; }
  const std::vector<Found>& found() const { return found_; }

  // By number, see leaves_of().
  const std::vector<TextLeaf>& leaves() const { return leaves_; }
  bool is_met(const std::vector<bool>& leaves_found) const {
    return daybook::is_met(query_, leaves_found);
  }

 private:
  // What a word may be the begin of.
  using Roles = std::vector<std::uint32_t>;  // leaves

  void forget_words();
  const Roles& roles_of(std::uint32_t word);
  void look_from(std::size_t at);
  bool is_phrase_at(std::size_t at, const std::vector<std::uint32_t>& phrase) const;

  const TextQuery query_;
  const std::vector<TextLeaf> leaves_;
  Vocabulary vocabulary_;
  std::vector<std::vector<std::uint32_t>> phrases_;  // by leaf: numbers of its words
  std::vector<Roles> roles_;                         // by word
  const std::vector<Word>* words_ = nullptr;
  std::vector<Found> found_;
};

// The fields that a collection's text search looks through, with their weights; none without
// [text].
const std::vector<std::pair<std::size_t, double>>& searched_fields(const Collection& collection);
std::string_view search_language(const Collection& collection);

}  // namespace daybook
