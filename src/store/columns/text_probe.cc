#include "store/columns/text_probe.h"

#include <numeric>
#include <utility>

namespace daybook::columns {

namespace {

RowSet set_of(const Occurrences& postings, std::size_t rows) {
  RowSet set(rows);
  for (const std::uint32_t row : postings.rows) set.add(row);
  return set;
}

// Rows where all words of a phrase stand in one field.
Result<RowSet> rows_with_words(const TextQuery& phrase, Terms& terms, std::size_t rows) {
  RowSet all(rows);
  all.invert();
  for (const std::string& word : phrase.words) {
    DAYBOOK_ASSIGN(const Occurrences postings, terms.find(word));
    all.intersect(set_of(postings, rows));
    if (postings.rows.empty()) break;
  }
  return all;
}

void keep_only(const Positions& rows, Occurrences& postings) {
  std::size_t kept = 0;
  auto next = rows.begin();
  for (std::size_t i = 0; i < postings.rows.size(); ++i) {
    while (next != rows.end() && *next < postings.rows[i]) ++next;
    if (next == rows.end()) break;
    if (*next != postings.rows[i]) continue;
    postings.rows[kept] = postings.rows[i];
    postings.counts[kept++] = postings.counts[i];
  }
  postings.rows.resize(kept);
  postings.counts.resize(kept);
  postings.rows.shrink_to_fit();
  postings.counts.shrink_to_fit();
}

RowSet evaluate(const TextQuery& query, const std::vector<RowSet>& leaves, std::size_t& leaf) {
  if (is_leaf(query)) return leaves[leaf++];
  RowSet met = evaluate(query.parts.front(), leaves, leaf);
  for (std::size_t i = 1; i < query.parts.size(); ++i) {
    const RowSet next = evaluate(query.parts[i], leaves, leaf);
    query.kind == TextQuery::Kind::kOr ? met.unite(next) : met.intersect(next);
  }
  if (query.kind == TextQuery::Kind::kNot) met.invert();
  return met;
}

}  // namespace

Result<TextProbe> TextProbe::look(const TextQuery& query, const std::vector<Terms*>& fields,
                                  std::size_t rows, Need need) {
  TextProbe probe(fields.size(), rows);
  std::vector<RowSet> sets;
  for (const TextLeaf& leaf : leaves_of(query)) {
    DAYBOOK_ASSIGN(RowSet set, probe.find(leaf, fields, rows, need));
    sets.push_back(std::move(set));
  }
  std::size_t leaf = 0;
  probe.matches_ = evaluate(query, sets, leaf);
  if (need == Need::kRows || !probe.is_exact_ || probe.matches_.is_empty()) return probe;
  probe.lengths_.resize(fields.size());
  for (std::size_t field = 0; field < fields.size(); ++field) {
    if (fields[field] == nullptr) continue;
    Occurrences& lengths = probe.lengths_[field];
    DAYBOOK_ASSIGN(lengths.counts, fields[field]->lengths());
    lengths.rows.resize(rows);
    std::iota(lengths.rows.begin(), lengths.rows.end(), 0u);
  }
  return probe;
}

// A phrase that is not wanted is found nowhere yet, so that no row is lost by it.
Result<RowSet> TextProbe::find(const TextLeaf& leaf, const std::vector<Terms*>& fields,
                               std::size_t rows, Need need) {
  const bool is_phrase = leaf.query->kind == TextQuery::Kind::kPhrase;
  if (is_phrase) is_exact_ = false;
  RowSet found(rows);
  for (Terms* terms : fields) {
    Occurrences postings;
    if (terms != nullptr && is_phrase && leaf.is_wanted) {
      DAYBOOK_ASSIGN(const RowSet words, rows_with_words(*leaf.query, *terms, rows));
      found.unite(words);
    } else if (terms != nullptr && !is_phrase) {
      DAYBOOK_ASSIGN(postings, terms->find(*leaf.query));
      found.unite(set_of(postings, rows));
    }
    if (need == Need::kCounts) counts_.push_back(std::move(postings));
  }
  return found;
}

void TextProbe::narrow(const Positions& rows) {
  for (Occurrences& postings : counts_) keep_only(rows, postings);
  for (Occurrences& lengths : lengths_) keep_only(rows, lengths);
}

void TextProbe::tell(std::uint32_t row, Ranking& ranking, std::size_t ranked) const {
  for (std::size_t field = 0; field < fields_; ++field) {
    ranking.set_length(ranked, field, lengths_[field].count_at(row));
    for (std::size_t leaf = 0; leaf * fields_ < counts_.size(); ++leaf) {
      ranking.add_count(ranked, field, leaf, counts_[leaf * fields_ + field].count_at(row));
    }
  }
}

std::size_t TextProbe::bytes() const {
  std::size_t bytes = 0;
  for (const Occurrences& postings : counts_) bytes += postings.bytes();
  for (const Occurrences& lengths : lengths_) bytes += lengths.bytes();
  return bytes;
}

}  // namespace daybook::columns
