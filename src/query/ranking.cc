// BM25F: a word counts by how often it stands in each field, against how long the field is and how
// many of the rows have the word at all.
#include <algorithm>
#include <cmath>

#include "query/search.h"
#include "query/term_finder.h"

namespace daybook {
namespace {

constexpr double kSaturation = 1.2;    // k1
constexpr double kLengthShare = 0.75;  // b

// What the rows hold of the query, by row, field and leaf.
class Corpus {
 public:
  Corpus(const Collection& collection, const TextQuery& query, const std::vector<Hit>& hits)
      : fields_(searched_fields(collection)),
        finder_(search_language(collection), query),
        counts_(hits.size() * fields_.size() * finder_.leaves()),
        lengths_(hits.size() * fields_.size()),
        mean_lengths_(fields_.size()),
        weights_(finder_.leaves()) {
    for (std::size_t row = 0; row < hits.size(); ++row) read(row, hits[row].row);
    for (double& mean : mean_lengths_)
      mean /= static_cast<double>(std::max<std::size_t>(1, hits.size()));
    for (std::size_t leaf = 0; leaf < weights_.size(); ++leaf) {
      weights_[leaf] = finder_.is_wanted(leaf) ? rarity(leaf, hits.size()) : 0;
    }
  }

  double score(std::size_t row) const {
    double sum = 0;
    for (std::size_t leaf = 0; leaf < weights_.size(); ++leaf) {
      const double often = frequency(row, leaf);
      sum += weights_[leaf] * often * (kSaturation + 1) / (kSaturation + often);
    }
    return sum;
  }

 private:
  std::size_t at(std::size_t row, std::size_t field) const { return row * fields_.size() + field; }
  std::uint32_t count(std::size_t row, std::size_t field, std::size_t leaf) const {
    return counts_[at(row, field) * finder_.leaves() + leaf];
  }

  void read(std::size_t row, const Row& values) {
    for (std::size_t field = 0; field < fields_.size(); ++field) {
      finder_.look(values.values[fields_[field].first]);
      lengths_[at(row, field)] = static_cast<double>(finder_.tokens().size());
      mean_lengths_[field] += lengths_[at(row, field)];
      for (const TermFinder::Found& found : finder_.found()) {
        ++counts_[at(row, field) * finder_.leaves() + found.leaf];
      }
    }
  }

  bool has(std::size_t row, std::size_t leaf) const {
    for (std::size_t field = 0; field < fields_.size(); ++field) {
      if (count(row, field, leaf) > 0) return true;
    }
    return false;
  }

  // The inverse document frequency, never negative.
  double rarity(std::size_t leaf, std::size_t rows) const {
    double having = 0;
    for (std::size_t row = 0; row < rows; ++row) having += has(row, leaf) ? 1 : 0;
    return std::log(1 + (static_cast<double>(rows) - having + 0.5) / (having + 0.5));
  }

  // How often the leaf stands in the row's fields, by their weights and lengths.
  double frequency(std::size_t row, std::size_t leaf) const {
    double sum = 0;
    for (std::size_t field = 0; field < fields_.size(); ++field) {
      const std::uint32_t often = count(row, field, leaf);
      if (often == 0) continue;
      const double relative = lengths_[at(row, field)] / mean_lengths_[field];
      sum += fields_[field].second * often / (1 - kLengthShare + kLengthShare * relative);
    }
    return sum;
  }

  const std::vector<std::pair<std::size_t, double>>& fields_;
  TermFinder finder_;
  std::vector<std::uint32_t> counts_;
  std::vector<double> lengths_;
  std::vector<double> mean_lengths_;  // by field
  std::vector<double> weights_;       // by leaf
};

}  // namespace

void score_hits(const Collection& collection, const TextQuery& query, std::vector<Hit>& hits) {
  const Corpus corpus(collection, query, hits);
  for (std::size_t row = 0; row < hits.size(); ++row) hits[row].score = corpus.score(row);
}

void rank_hits(const Collection& collection, const TextQuery& query, std::vector<Hit>& hits) {
  score_hits(collection, query, hits);
  Order newest;
  if (collection.is_journal()) {
    newest = default_order(collection);
  } else {
    newest.keys.push_back({FieldRef{}, true});
  }
  std::sort(hits.begin(), hits.end(), [&](const Hit& a, const Hit& b) {
    if (a.score != b.score) return a.score > b.score;
    return compare_rows(collection, newest, a.row, b.row) < 0;
  });
}

}  // namespace daybook
