// The query language of search:
//
//   or    = and { OR and }
//   and   = not { [ AND ] not }
//   not   = ( NOT | '-' ) not | '(' or ')' | '"' words '"' | word [ '*' ]
#include <algorithm>
#include <optional>

#include "base/text.h"
#include "query/analyser.h"
#include "query/search.h"
#include "query/text_leaves.h"

namespace daybook {
namespace {

using QueryKind = TextQuery::Kind;

constexpr int kMaxDepth = 32;

Error invalid(std::string message) { return {Code::kInvalid, std::move(message)}; }

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool ends_word(char c) { return is_blank(c) || c == '(' || c == ')' || c == '"'; }

// A kAnd or kOr of the parts; of one, itself. Nested ones of the same kind are taken up.
TextQuery joined(QueryKind kind, std::vector<TextQuery> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  TextQuery query;
  query.kind = kind;
  for (TextQuery& part : parts) {
    if (part.kind != kind) {
      query.parts.push_back(std::move(part));
      continue;
    }
    for (TextQuery& inner : part.parts) query.parts.push_back(std::move(inner));
  }
  return query;
}

TextQuery negated(TextQuery query) {
  if (query.kind == QueryKind::kNot) {
    TextQuery inner = std::move(query.parts.front());
    return inner;
  }
  TextQuery outer;
  outer.kind = QueryKind::kNot;
  outer.parts.push_back(std::move(query));
  return outer;
}

class Parser {
 public:
  Parser(std::string_view text, std::string_view language) : text_(text), analyser_(language) {}

  // Empty when there are no words to look for.
  Result<std::optional<TextQuery>> run() {
    DAYBOOK_ASSIGN(auto query, parse_or(0));
    skip_blanks();
    if (at_ < text_.size()) return invalid("a bracket is closed that was not opened");
    return query;
  }

 private:
  using Part = std::optional<TextQuery>;

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  bool at_end() {
    skip_blanks();
    return at_ == text_.size() || text_[at_] == ')';
  }

  bool take_keyword(std::string_view keyword) {
    skip_blanks();
    const std::string_view rest = text_.substr(at_);
    if (!rest.starts_with(keyword)) return false;
    if (rest.size() > keyword.size() && !ends_word(rest[keyword.size()])) return false;
    at_ += keyword.size();
    return true;
  }

  Result<Part> parse_or(int depth) {
    std::vector<TextQuery> parts;
    do {
      if (at_end() && !parts.empty())
        return invalid("OR stands between words; there is none after it");
      DAYBOOK_ASSIGN(Part part, parse_and(depth));
      if (part) parts.push_back(*std::move(part));
    } while (take_keyword("OR"));
    if (parts.empty()) return Part();
    return Part(joined(QueryKind::kOr, std::move(parts)));
  }

  bool at_or() {
    const std::size_t here = at_;
    const bool is_or = take_keyword("OR");
    at_ = here;
    return is_or;
  }

  Result<Part> parse_and(int depth) {
    std::vector<TextQuery> parts;
    if (at_or()) return invalid("OR stands between words; there is none before it");
    while (!at_end() && !at_or()) {
      if (take_keyword("AND") && (parts.empty() || at_end() || at_or())) {
        return invalid("AND stands between words; there is none on one side of it");
      }
      DAYBOOK_ASSIGN(Part part, parse_not(depth));
      if (part) parts.push_back(*std::move(part));
    }
    if (parts.empty()) return Part();
    return Part(joined(QueryKind::kAnd, std::move(parts)));
  }

  bool take_minus() {
    const bool is_minus = text_[at_] == '-' && at_ + 1 < text_.size() &&
                          !is_blank(text_[at_ + 1]) && text_[at_ + 1] != ')';
    if (is_minus) ++at_;
    return is_minus;
  }

  Result<Part> parse_not(int depth) {
    if (depth > kMaxDepth)
      return invalid("brackets are nested deeper than " + std::to_string(kMaxDepth));
    if (take_keyword("NOT") || take_minus()) {
      if (at_end()) return invalid("NOT stands before a word; there is none after it");
      DAYBOOK_ASSIGN(Part part, parse_not(depth + 1));
      if (!part) return Part();
      return Part(negated(*std::move(part)));
    }
    if (text_[at_] == '(') return parse_brackets(depth);
    if (text_[at_] == '"') return parse_quoted();
    return parse_word();
  }

  Result<Part> parse_brackets(int depth) {
    ++at_;
    DAYBOOK_ASSIGN(Part inner, parse_or(depth + 1));
    skip_blanks();
    if (at_ == text_.size()) return invalid("a bracket is not closed");
    ++at_;
    return inner;
  }

  Result<Part> parse_quoted() {
    const std::size_t end = text_.find('"', at_ + 1);
    if (end == std::string_view::npos) return invalid("a quote is not closed");
    const std::string_view typed = text_.substr(at_, end + 1 - at_);
    at_ = end + 1;
    return leaf(typed, typed.substr(1, typed.size() - 2));
  }

  Result<Part> parse_word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && !ends_word(text_[at_])) ++at_;
    const std::string_view typed = text_.substr(begin, at_ - begin);
    if (typed.ends_with('*')) return prefix(typed);
    // Where a keyword can only be a word ("-OR"), it is one; in quotes it stays so wherever it is
    // echoed.
    const bool is_keyword = typed == "OR" || typed == "AND" || typed == "NOT";
    return leaf(is_keyword ? "\"" + std::string(typed) + "\"" : typed, typed);
  }

  Result<std::vector<Token>> analyse(std::string_view text) {
    std::vector<Token> tokens = analyser_.analyse(text);
    words_ += tokens.size();
    if (words_ <= kMaxTextQueryWords) return tokens;
    return invalid("more than " + std::to_string(kMaxTextQueryWords) + " words are asked for");
  }

  // One word, or a phrase where there are more; nothing where there is only punctuation.
  Result<Part> leaf(std::string_view typed, std::string_view text) {
    DAYBOOK_ASSIGN(const std::vector<Token> tokens, analyse(text));
    if (tokens.empty()) return Part();
    TextQuery query;
    query.kind = tokens.size() == 1 ? QueryKind::kWord : QueryKind::kPhrase;
    for (const Token& token : tokens) query.words.push_back(token.word);
    query.typed = typed;
    return Part(std::move(query));
  }

  // Of several words ("e-mai*") the last one is the prefix.
  Result<Part> prefix(std::string_view typed) {
    const std::string_view text = typed.substr(0, typed.find_last_not_of('*') + 1);
    DAYBOOK_ASSIGN(const std::vector<Token> tokens, analyse(text));
    if (tokens.empty()) return Part();
    const Token& last = tokens.back();
    if (last.end < text.size()) return leaf(typed, text);  // "e-*" ends in no word
    TextQuery query;
    query.kind = QueryKind::kPrefix;
    query.typed = std::string(text.substr(last.begin)) + "*";
    query.words.push_back(analyser_.fold(text.substr(last.begin)));
    if (!last.word.starts_with(query.words.front())) query.words.push_back(last.word);
    if (tokens.size() == 1) return Part(std::move(query));
    words_ -= tokens.size() - 1;  // analysed again
    // In quotes, or its own end may look like a prefix, a keyword or a minus to who reads it again.
    const std::string_view words = text.substr(0, last.begin);
    DAYBOOK_ASSIGN(Part before, leaf("\"" + std::string(words) + "\"", words));
    std::vector<TextQuery> parts;
    parts.push_back(*std::move(before));
    parts.push_back(std::move(query));
    return Part(joined(QueryKind::kAnd, std::move(parts)));
  }

  std::string_view text_;
  Analyser analyser_;
  std::size_t at_ = 0;
  std::size_t words_ = 0;
};

bool is_not(const TextQuery& query) { return query.kind == QueryKind::kNot; }

// Whether everything that is left out is left out of something.
bool has_enough(const TextQuery& query) {
  const auto& parts = query.parts;
  if (!std::all_of(parts.begin(), parts.end(), has_enough)) return false;
  if (query.kind == QueryKind::kAnd) return !std::all_of(parts.begin(), parts.end(), is_not);
  return std::none_of(parts.begin(), parts.end(), is_not);
}

std::string format_inside(const TextQuery& inner) {
  const std::string text = format_text_query(inner);
  return is_leaf(inner) || is_not(inner) ? text : "(" + text + ")";
}

}  // namespace

Result<TextQuery> parse_text_query(std::string_view text, std::string_view language) {
  if (text.size() > kMaxTextQueryBytes) {
    return invalid("a search holds at most " + std::to_string(kMaxTextQueryBytes) + " bytes");
  }
  if (find_invalid_utf8(text) != std::string_view::npos)
    return invalid("a search must be valid UTF-8");
  DAYBOOK_ASSIGN(std::optional<TextQuery> query, Parser(text, language).run());
  if (!query) return invalid("a search needs at least one word");
  if (is_not(*query) || !has_enough(*query)) {
    return invalid("a search needs something to look for beside what it is without");
  }
  return *std::move(query);
}

std::string format_text_query(const TextQuery& query) {
  if (is_leaf(query)) return query.typed;
  if (is_not(query)) return "-" + format_inside(query.parts.front());
  std::string out;
  for (const TextQuery& part : query.parts) {
    if (!out.empty()) out += query.kind == QueryKind::kOr ? " OR " : " ";
    out += format_inside(part);
  }
  return out;
}

bool fits(const TextQuery& leaf, std::string_view word) {
  if (leaf.kind == QueryKind::kWord) return word == leaf.words.front();
  if (word.starts_with(leaf.words.front())) return true;
  return leaf.words.size() > 1 && word == leaf.words.back();
}

}  // namespace daybook
