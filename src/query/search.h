// Text search: the query language, the matching of rows, and ranking; the definition for every
// store.
//
//   help OR support      either            payment failed     both (words are AND-ed)
//   -draft  NOT draft    without           "out of stock"     a phrase, in one field
//   deliv*               a prefix          (a OR b) c         brackets
//
// OR, AND and NOT are words of the language in capitals only; AND binds closer than OR. A word that
// the analyser takes apart ("e-mail") is a phrase.
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
  // Analysed: one, or the words of a phrase. Of a prefix: itself, folded and not stemmed, then its
  // stem where that does not begin with it; see fits().
  std::vector<std::string> words;
  std::vector<TextQuery> parts;  // kAnd, kOr: two or more; kNot: one
  std::string typed;             // the leaf as the user wrote it
  bool operator==(const TextQuery&) const = default;
};

constexpr std::size_t kMaxTextQueryBytes = 1024;
constexpr std::size_t kMaxTextQueryWords = 64;

// kInvalid when nothing is asked for, or only what is not ("-draft"), or a bracket or quote is
// open, or a limit is passed. In what it gives, a kNot stands only beside something to look for: as
// a part of a kAnd that has another part.
Result<TextQuery> parse_text_query(std::string_view text, std::string_view language);
// As it was understood, in the words as the user typed them: "(help OR support) -draft".
std::string format_text_query(const TextQuery& query);

// Whether an indexed word is what a kWord or kPrefix asks for: the word itself; one that begins
// with the prefix, or is its stem ("delivery*" finds "deliveri", which delivery and deliveries are
// indexed as).
bool fits(const TextQuery& leaf, std::string_view word);

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

// Whether rows match: the definition. Made once a question; one thread. The collection must outlive
// it.
class TextMatcher {
 public:
  TextMatcher(const Collection& collection, const TextQuery& query);
  ~TextMatcher();
  TextMatcher(TextMatcher&&) noexcept;
  TextMatcher& operator=(TextMatcher&&) noexcept;
  bool matches(const Row& row);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Scores the rows in place: BM25, k1 = 1.2, b = 0.75, weights of the fields, over these rows as the
// corpus.
void score_hits(const Collection& collection, const TextQuery& query, std::vector<Hit>& hits);
// Scores the rows and orders them best first, ties newest first.
void rank_hits(const Collection& collection, const TextQuery& query, std::vector<Hit>& hits);

// How many of the newest rows that match a search is answered from, and the answer they give. The
// cost is the store's to fill in.
std::size_t candidates_of(const Search& search);
Hits hits_of(const Search& search, std::vector<Row> newest);

// About `bytes` of the best matching field, cut between words, with the matching words in <em> and
// everything else escaped for HTML. Empty when there is no text.
std::string snippet(const Collection& collection, const TextQuery& query, const Row& row,
                    std::size_t bytes = 160);

}  // namespace daybook
