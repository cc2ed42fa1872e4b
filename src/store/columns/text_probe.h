// TextProbe: what the terms of one block say to a text query, without looking at a text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/ranking.h"
#include "query/search.h"
#include "query/text_leaves.h"
#include "store/columns/row_set.h"
#include "store/columns/terms.h"

namespace daybook::columns {

class TextProbe {
 public:
  enum class Need { kRows, kCounts };

  // `fields` as in searched_fields(): the terms of each, null for one that has no texts here. For a
  // ranking the counts are needed too. The query outlives the probe, the terms need not.
  static Result<TextProbe> look(const TextQuery& query, const std::vector<Terms*>& fields,
                                std::size_t rows, Need need);

  // Every row that matches is among these.
  const RowSet& rows() const { return matches_; }
  // Whether no other is. Of phrases the terms only say that their words are there.
  bool is_exact() const { return is_exact_; }

  // Forgets all rows but these, in ascending order.
  void narrow(const Positions& rows);
  // What a row holds, when exact and counts were needed.
  void tell(std::uint32_t row, Ranking& ranking, std::size_t ranked) const;
  // Roughly, of memory.
  std::size_t bytes() const;

 private:
  TextProbe(std::size_t fields, std::size_t rows) : fields_(fields), matches_(rows) {}
  Result<RowSet> find(const TextLeaf& leaf, const std::vector<Terms*>& fields, std::size_t rows,
                      Need need);

  std::size_t fields_;
  RowSet matches_;
  bool is_exact_ = true;
  std::vector<Occurrences> counts_;   // by leaf and field
  std::vector<Occurrences> lengths_;  // by field
};

}  // namespace daybook::columns
