// Text search: the query language, the matching of rows, and ranking; the definition for every
// store.
//
//   help OR support      either            payment failed     both (words are AND-ed)
//   -draft  NOT draft    without           "out of stock"     a phrase, in one field
//   deliv*               a prefix          (a OR b) c         brackets
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/collection.h"
#include "query/scan.h"

namespace daybook {

struct TextQuery {
  enum class Kind { kWord, kPrefix, kPhrase, kAnd, kOr, kNot };
  Kind kind = Kind::kWord;
  std::vector<std::string>
      words;  // analysed: one, or the words of a phrase; a prefix is folded, not stemmed
  std::vector<TextQuery> parts;
  bool operator==(const TextQuery&) const = default;
};

// kInvalid when nothing is asked for, or only what is not ("-draft"), or a bracket or quote is
// open.
Result<TextQuery> parse_text_query(std::string_view text, std::string_view language);
// As it was understood, in the words as typed by the user where that is possible: "(help OR
// support) -draft".
std::string format_text_query(const TextQuery& query);

struct Search {
  enum class Rank { kNewest, kBest };
  const Collection* collection = nullptr;
  TextQuery text;
  Filter filter;
  std::optional<Window> window;
  Rank rank = Rank::kNewest;
  std::optional<Place> after;  // newest first only
  std::size_t limit = 20;
  Instant now;
  Budget budget;
};

struct Hit {
  Row row;
  double score = 0;
};

struct Hits {
  std::vector<Hit> hits;
  bool more = false;
  Cost cost;
};

// Best-first ranks at most this many of the newest rows that match.
constexpr std::size_t kMaxCandidates = 10'000;

// Whether rows match, and how well. Made once a question; one thread.
class TextMatcher {
 public:
  TextMatcher(const Collection& collection, const TextQuery& query);
  ~TextMatcher();
  bool matches(const Row& row);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Scores the rows (BM25, k1 = 1.2, b = 0.75, weights of the fields, over these rows as the corpus)
// and orders them best first, ties newest first.
void rank_hits(const Collection& collection, const TextQuery& query, std::vector<Hit>& hits);

// Up to `bytes` of the best matching field with the matching words in <em>, everything else escaped
// for HTML.
std::string snippet(const Collection& collection, const TextQuery& query, const Row& row,
                    std::size_t bytes = 160);

}  // namespace daybook
