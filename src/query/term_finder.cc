#include "query/term_finder.h"

namespace daybook {
namespace {

// Many different spellings are forgotten now and then: a question may look at any number of texts.
constexpr std::size_t kMaxSpellings = 1 << 16;

}  // namespace

TermFinder::TermFinder(std::string_view language, const TextQuery& query)
    : query_(query), leaves_(leaves_of(query_)), vocabulary_(language), phrases_(leaves_.size()) {
  forget_words();
}

void TermFinder::forget_words() {
  vocabulary_.clear();
  roles_.clear();
  for (std::size_t leaf = 0; leaf < leaves_.size(); ++leaf) {
    phrases_[leaf].clear();
    if (leaves_[leaf].query->kind == TextQuery::Kind::kPrefix) continue;
    for (const std::string& word : leaves_[leaf].query->words) {
      phrases_[leaf].push_back(vocabulary_.number_of(word));
    }
  }
}

const TermFinder::Roles& TermFinder::roles_of(std::uint32_t word) {
  for (auto next = static_cast<std::uint32_t>(roles_.size()); next <= word; ++next) {
    Roles& roles = roles_.emplace_back();
    for (std::uint32_t leaf = 0; leaf < leaves_.size(); ++leaf) {
      const TextQuery& query = *leaves_[leaf].query;
      const bool fits = query.kind == TextQuery::Kind::kPrefix
                            ? daybook::fits(query, vocabulary_.word(next))
                            : phrases_[leaf].front() == next;
      if (fits) roles.push_back(leaf);
    }
  }
  return roles_[word];
}

void TermFinder::look(const Value& field) {
  if (vocabulary_.spellings() > kMaxSpellings) forget_words();
  found_.clear();
  words_ = &vocabulary_.look(field);
  for (std::size_t at = 0; at < words_->size(); ++at) look_from(at);
}

void TermFinder::look_from(std::size_t at) {
  const Word& first = (*words_)[at];
  for (const std::uint32_t leaf : roles_of(first.number)) {
    const std::size_t more = phrases_[leaf].empty() ? 0 : phrases_[leaf].size() - 1;
    if (more > 0 && !is_phrase_at(at, phrases_[leaf])) continue;
    found_.push_back({leaf, first.begin, (*words_)[at + more].end});
  }
}

bool TermFinder::is_phrase_at(std::size_t at, const std::vector<std::uint32_t>& phrase) const {
  const std::vector<Word>& words = *words_;
  if (phrase.size() > words.size() - at) return false;
  for (std::size_t i = 1; i < phrase.size(); ++i) {
    const Word& next = words[at + i];
    if (next.position != words[at].position + i || next.number != phrase[i]) return false;
  }
  return true;
}

const std::vector<std::pair<std::size_t, double>>& searched_fields(const Collection& collection) {
  static const std::vector<std::pair<std::size_t, double>> kNone;
  return collection.text ? collection.text->fields : kNone;
}

std::string_view search_language(const Collection& collection) {
  return collection.text ? std::string_view(collection.text->language) : "none";
}

}  // namespace daybook
