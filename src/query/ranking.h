// Ranking: what rows hold of a text query, and the scores that follow. Rows are told by their
// texts, or by counts that an index knows; equal counts give equal scores, to the bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "catalog/collection.h"
#include "query/search.h"
#include "query/text_leaves.h"

namespace daybook {

class TermFinder;

// BM25F: a word counts by how often it stands in each field, against how long the field is and how
// many of the rows have the word at all. Fields are numbered as in searched_fields(), leaves as in
// leaves_of(). Both given outlive it.
class Ranking {
 public:
  Ranking(const Collection& collection, const TextQuery& query);

  // Of memory, for each row.
  std::size_t row_bytes() const;
  // The number of another row, empty so far.
  std::size_t add_row();
  // How many words a field has.
  void set_length(std::size_t row, std::size_t field, std::uint32_t words) {
    lengths_[row * fields_.size() + field] = words;
  }
  void add_count(std::size_t row, std::size_t field, std::size_t leaf, std::uint32_t count) {
    counts_[(row * fields_.size() + field) * leaves_.size() + leaf] += count;
  }
  // Both, from the field's value.
  void look(std::size_t row, std::size_t field, const Value& value, TermFinder& finder);

  // By row; over these rows as the corpus.
  std::vector<double> scores() const;

 private:
  std::uint32_t count(std::size_t row, std::size_t field, std::size_t leaf) const {
    return counts_[(row * fields_.size() + field) * leaves_.size() + leaf];
  }
  bool has(std::size_t row, std::size_t leaf) const;
  double rarity(std::size_t leaf) const;
  double mean_length(std::size_t field) const;
  double frequency(std::size_t row, std::size_t leaf, const std::vector<double>& means) const;

  const std::vector<std::pair<std::size_t, double>>& fields_;
  const std::vector<TextLeaf> leaves_;
  std::size_t rows_ = 0;
  std::vector<std::uint32_t> lengths_;  // by row and field
  std::vector<std::uint32_t> counts_;   // by row, field and leaf
};

// What follows a score among equal ones: the newest first.
Order order_of_ties(const Collection& collection);

}  // namespace daybook
