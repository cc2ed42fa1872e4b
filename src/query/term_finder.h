// Where the words, prefixes and phrases of a text query stand in a text: what matching, ranking and
// snippets are made of. Internal of query/; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "query/analyser.h"
#include "query/search.h"
#include "query/text_hash.h"

namespace daybook {

class TermFinder {
 public:
  struct Found {
    std::size_t leaf = 0;
    std::uint32_t begin = 0, end = 0;  // bytes of searched_text()
  };

  // Leaves are numbered from left to right.
  TermFinder(std::string_view language, const TextQuery& query);

  // Looks through a field; tokens() and found() are of the last one, in order.
  void look(const Value& field);
  const std::vector<Token>& tokens() const { return tokens_; }
  const std::vector<Found>& found() const { return found_; }

  std::size_t leaves() const { return leaves_.size(); }
  // Whether the query looks for the leaf, not for its absence.
  bool is_wanted(std::size_t leaf) const { return leaves_[leaf].is_wanted; }
  // Whether the query is met where these leaves were found.
  bool is_met(const std::vector<bool>& leaves_found) const { return is_met(root_, leaves_found); }

 private:
  struct Leaf {
    TextQuery query;
    bool is_wanted = true;
  };
  struct Node {
    TextQuery::Kind kind = TextQuery::Kind::kWord;
    std::size_t leaf = 0;
    std::vector<Node> parts;
  };

  Node take(const TextQuery& query, bool is_wanted);
  void look_from(std::size_t token);
  bool is_phrase_at(std::size_t token, const std::vector<std::string>& words) const;
  static bool is_met(const Node& node, const std::vector<bool>& leaves_found);

  Analyser analyser_;
  std::vector<Leaf> leaves_;
  Node root_;
  // Words and phrases by their first word; prefixes by number.
  std::unordered_map<std::string, std::vector<std::size_t>, TextHash, std::equal_to<>> by_word_;
  std::vector<std::size_t> prefixes_;
  std::vector<Token> tokens_;
  std::vector<Found> found_;
};

// The fields that a collection's text search looks through, with their weights; none without
// [text].
const std::vector<std::pair<std::size_t, double>>& searched_fields(const Collection& collection);
std::string_view search_language(const Collection& collection);

}  // namespace daybook
