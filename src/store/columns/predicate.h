// Predicate: a Filter made ready for one block. Texts are judged once per dictionary entry, numbers
// as they lie; what matches() of query/ says of a value is what counts everywhere.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "base/result.h"
#include "query/filter.h"
#include "store/columns/block_reader.h"

namespace daybook::columns {

class Predicate {
 public:
  // Fetches the columns that the filter reads. Filter and reader outlive it.
  static Result<Predicate> bind(const Filter& filter, BlockReader& block);
  ~Predicate();
  Predicate(Predicate&&) noexcept;
  Predicate& operator=(Predicate&&) noexcept;

  // Keeps the positions for which the filter holds.
  void narrow(Positions& positions);
  bool holds(std::size_t position);

 private:
  struct Node;
  explicit Predicate(std::unique_ptr<Node> root);
  static Result<std::unique_ptr<Node>> make(const Filter& filter, BlockReader& block);

  std::unique_ptr<Node> root_;
};

// The columns that a filter reads, appended; the id by its Layout number.
void add_columns_of(const Filter& filter, const Layout& layout, std::vector<std::size_t>& numbers);

}  // namespace daybook::columns
