#include "query/term_finder.h"

#include <algorithm>

#include "base/bug.h"

namespace daybook {

TermFinder::TermFinder(std::string_view language, const TextQuery& query) : analyser_(language) {
  root_ = take(query, true);
  for (std::size_t i = 0; i < leaves_.size(); ++i) {
    const TextQuery& leaf = leaves_[i].query;
    if (leaf.kind == TextQuery::Kind::kPrefix) {
      prefixes_.push_back(i);
    } else {
      by_word_[leaf.words.front()].push_back(i);
    }
  }
}

TermFinder::Node TermFinder::take(const TextQuery& query, bool is_wanted) {
  Node node;
  node.kind = query.kind;
  if (query.parts.empty()) {
    node.leaf = leaves_.size();
    leaves_.push_back({query, is_wanted});
    return node;
  }
  const bool wants_parts = query.kind == TextQuery::Kind::kNot ? !is_wanted : is_wanted;
  for (const TextQuery& part : query.parts) node.parts.push_back(take(part, wants_parts));
  return node;
}

void TermFinder::look(const Value& field) {
  found_.clear();
  analyser_.analyse_field(field, tokens_);
  for (std::size_t i = 0; i < tokens_.size(); ++i) look_from(i);
}

void TermFinder::look_from(std::size_t token) {
  const Token& first = tokens_[token];
  for (const std::size_t leaf : prefixes_) {
    if (fits(leaves_[leaf].query, first.word)) found_.push_back({leaf, first.begin, first.end});
  }
  const auto begun = by_word_.find(std::string_view(first.word));
  if (begun == by_word_.end()) return;
  for (const std::size_t leaf : begun->second) {
    const auto& words = leaves_[leaf].query.words;
    if (!is_phrase_at(token, words)) continue;
    found_.push_back({leaf, first.begin, tokens_[token + words.size() - 1].end});
  }
}

bool TermFinder::is_phrase_at(std::size_t token, const std::vector<std::string>& words) const {
  if (words.size() > tokens_.size() - token) return false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const Token& next = tokens_[token + i];
    if (next.position != tokens_[token].position + i || next.word != words[i]) return false;
  }
  return true;
}

bool TermFinder::is_met(const Node& node, const std::vector<bool>& leaves_found) {
  const auto met = [&](const Node& part) { return is_met(part, leaves_found); };
  switch (node.kind) {
    case TextQuery::Kind::kWord:
    case TextQuery::Kind::kPrefix:
    case TextQuery::Kind::kPhrase:
      return leaves_found[node.leaf];
    case TextQuery::Kind::kAnd:
      return std::all_of(node.parts.begin(), node.parts.end(), met);
    case TextQuery::Kind::kOr:
      return std::any_of(node.parts.begin(), node.parts.end(), met);
    case TextQuery::Kind::kNot:
      return !met(node.parts.front());
  }
  bug("a text query of no kind");
}

const std::vector<std::pair<std::size_t, double>>& searched_fields(const Collection& collection) {
  static const std::vector<std::pair<std::size_t, double>> kNone;
  return collection.text ? collection.text->fields : kNone;
}

std::string_view search_language(const Collection& collection) {
  return collection.text ? std::string_view(collection.text->language) : "none";
}

}  // namespace daybook
