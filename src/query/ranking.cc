#include "query/ranking.h"

#include <algorithm>
#include <cmath>

#include "query/term_finder.h"

namespace daybook {
namespace {

constexpr double kSaturation = 1.2;    // k1
constexpr double kLengthShare = 0.75;  // b

}  // namespace

Ranking::Ranking(const Collection& collection, const TextQuery& query)
    : fields_(searched_fields(collection)), leaves_(leaves_of(query)) {}

std::size_t Ranking::row_bytes() const {
  return fields_.size() * (1 + leaves_.size()) * sizeof(std::uint32_t);
}

std::size_t Ranking::add_row() {
  lengths_.resize(lengths_.size() + fields_.size());
  counts_.resize(counts_.size() + fields_.size() * leaves_.size());
  return rows_++;
}

void Ranking::look(std::size_t row, std::size_t field, const Value& value, TermFinder& finder) {
  finder.look(value);
  set_length(row, field, static_cast<std::uint32_t>(finder.words().size()));
  for (const TermFinder::Found& found : finder.found()) add_count(row, field, found.leaf, 1);
}

std::vector<double> Ranking::scores() const {
  std::vector<double> scores(rows_);
  std::vector<double> means;
  for (std::size_t field = 0; field < fields_.size(); ++field) means.push_back(mean_length(field));
  for (std::size_t leaf = 0; leaf < leaves_.size(); ++leaf) {
    if (!leaves_[leaf].is_wanted) continue;
    const double weight = rarity(leaf);
    for (std::size_t row = 0; row < rows_; ++row) {
      const double often = frequency(row, leaf, means);
      scores[row] += weight * often * (kSaturation + 1) / (kSaturation + often);
    }
  }
  return scores;
}

bool Ranking::has(std::size_t row, std::size_t leaf) const {
  for (std::size_t field = 0; field < fields_.size(); ++field) {
    if (count(row, field, leaf) > 0) return true;
  }
  return false;
}

// The inverse document frequency, never negative.
double Ranking::rarity(std::size_t leaf) const {
  double having = 0;
  for (std::size_t row = 0; row < rows_; ++row) having += has(row, leaf) ? 1 : 0;
  return std::log(1 + (static_cast<double>(rows_) - having + 0.5) / (having + 0.5));
}

double Ranking::mean_length(std::size_t field) const {
  double sum = 0;
  for (std::size_t row = 0; row < rows_; ++row) sum += lengths_[row * fields_.size() + field];
  return sum / static_cast<double>(std::max<std::size_t>(1, rows_));
}

// How often the leaf stands in the row's fields, by their weights and lengths.
double Ranking::frequency(std::size_t row, std::size_t leaf,
                          const std::vector<double>& means) const {
  double sum = 0;
  for (std::size_t field = 0; field < fields_.size(); ++field) {
    const std::uint32_t often = count(row, field, leaf);
    if (often == 0) continue;
    const double relative = lengths_[row * fields_.size() + field] / means[field];
    sum += fields_[field].second * often / (1 - kLengthShare + kLengthShare * relative);
  }
  return sum;
}

Order order_of_ties(const Collection& collection) {
  if (collection.is_journal()) return default_order(collection);
  return {{{FieldRef{}, true}}};
}

void score_hits(const Collection& collection, const TextQuery& query, std::vector<Hit>& hits) {
  Ranking ranking(collection, query);
  TermFinder finder(search_language(collection), query);
  const auto& fields = searched_fields(collection);
  for (const Hit& hit : hits) {
    const std::size_t row = ranking.add_row();
    for (std::size_t field = 0; field < fields.size(); ++field) {
      ranking.look(row, field, hit.row.values[fields[field].first], finder);
    }
  }
  const std::vector<double> scores = ranking.scores();
  for (std::size_t row = 0; row < hits.size(); ++row) hits[row].score = scores[row];
}

void rank_hits(const Collection& collection, const TextQuery& query, std::vector<Hit>& hits) {
  score_hits(collection, query, hits);
  const Order ties = order_of_ties(collection);
  std::sort(hits.begin(), hits.end(), [&](const Hit& a, const Hit& b) {
    if (a.score != b.score) return a.score > b.score;
    return compare_rows(collection, ties, a.row, b.row) < 0;
  });
}

std::size_t candidates_of(const Search& search) {
  return search.rank == Search::Rank::kBest ? kMaxCandidates : search.limit + 1;
}

Hits hits_of(const Search& search, std::vector<Row> newest) {
  Hits hits;
  for (Row& row : newest) hits.hits.push_back({std::move(row), 0});
  if (search.rank == Search::Rank::kBest) rank_hits(*search.collection, search.text, hits.hits);
  hits.more = hits.hits.size() > search.limit;
  if (hits.more) hits.hits.resize(search.limit);
  return hits;
}

}  // namespace daybook
