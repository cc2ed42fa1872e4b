// TextWalk: the rows of a journal that match a text query, newest first. What sealed blocks know of
// their words decides where that is enough; texts are read only of open blocks and for phrases,
// and only as far as the walk goes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "query/ranking.h"
#include "query/search.h"
#include "query/term_finder.h"
#include "store/columns/selection.h"
#include "store/columns/text_probe.h"
#include "store/meter.h"
#include "store/sqlite/journal_reader.h"
#include "store/sqlite/shelf.h"

namespace daybook::sqlite {

class TextWalk {
 public:
  // A row that was met; good as long as the walk.
  struct Match {
    std::size_t source;
    std::uint32_t position;
  };

  // All given outlive it.
  TextWalk(const Shelf& shelf, JournalReader& reader, const Search& search, Meter& meter,
           Cost& cost);

  // The next match; empty after the last.
  Result<std::optional<Match>> next();
  // Adds what reading the blocks has cost to the cost given; once, at the end.
  void add_cost();
  // What the match that next() gave last holds of the query.
  Result<void> rank(const Match& match, Ranking& ranking);
  Result<Row> row(const Match& match);

 private:
  // A block whose time has come.
  struct Source {
    OpenedBlock block;
    // Rows that may match, the newest first; until `at` they were given out.
    columns::Positions rows;
    std::size_t at = 0;
    const columns::Column* times = nullptr;
    const columns::Column* ids = nullptr;
    const columns::Column* tenants = nullptr;  // where the journal has them
    std::optional<columns::TextProbe> probe;   // null: texts tell

    bool is_exact() const { return probe && probe->is_exact(); }
    std::int64_t time() const { return times->numbers()[rows[at]]; }
  };

  Result<void> load_due();
  Result<void> load(const BlockPlace& place, Source& source);
  Result<std::optional<columns::TextProbe>> probe(columns::BlockReader& reader);
  Result<void> sort(Source& source);
  Result<void> drop_given(Source& source);
  Result<Source*> newest();
  Result<bool> is_newer(Source& a, Source& b);
  // What tells rows of one time apart, by id, then tenant.
  Result<void> want_keys(Source& source);
  static int compare_keys(const Source& a, std::uint32_t in_a, const Source& b, std::uint32_t in_b);
  // Looks at the row's texts.
  Result<bool> matches(Source& source, std::uint32_t position);
  void leave(Source& source);

  const Shelf& shelf_;
  JournalReader& reader_;
  const Search& search_;
  const Asked asked_;
  const bool is_ranked_;
  const std::optional<std::size_t> tenant_;  // the field
  Meter& meter_;
  Cost& cost_;
  TermFinder finder_;
  std::vector<BlockPlace> places_;  // those to come, the next one last
  std::deque<Source> sources_;
  std::size_t first_ = 0;  // source that is not at its end
};

}  // namespace daybook::sqlite
