#include <algorithm>
#include <numeric>
#include <utility>

#include "query/ranking.h"
#include "store/meter.h"
#include "store/sql/where.h"
#include "store/sqlite/journal_reader.h"
#include "store/sqlite/questions.h"
#include "store/sqlite/register_table.h"
#include "store/sqlite/text_walk.h"

namespace daybook::sqlite {

namespace {

Result<void> newest_in_journal(TextWalk& walk, const Search& search, Hits& hits) {
  while (true) {
    DAYBOOK_ASSIGN(const auto match, walk.next());
    if (!match) return {};
    hits.more = hits.hits.size() == search.limit;
    if (hits.more) return {};
    DAYBOOK_ASSIGN(Row row, walk.row(*match));
    hits.hits.push_back({std::move(row), 0});
  }
}

// The walk's own order settles ties: it is that of order_of_ties().
Result<void> best_in_journal(TextWalk& walk, const Search& search, Hits& hits) {
  Ranking ranking(*search.collection, search.text);
  std::vector<TextWalk::Match> candidates;
  while (candidates.size() < kMaxCandidates) {
    DAYBOOK_ASSIGN(const auto match, walk.next());
    if (!match) break;
    DAYBOOK_TRY(walk.rank(*match, ranking));
    candidates.push_back(*match);
  }
  const std::vector<double> scores = ranking.scores();
  std::vector<std::size_t> best(candidates.size());
  std::iota(best.begin(), best.end(), std::size_t{0});
  const std::size_t size = std::min(search.limit, best.size());
  std::partial_sort(best.begin(), best.begin() + static_cast<std::ptrdiff_t>(size), best.end(),
                    [&](std::size_t a, std::size_t b) {
                      return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
                    });
  hits.more = best.size() > size;
  for (std::size_t i = 0; i < size; ++i) {
    DAYBOOK_ASSIGN(Row row, walk.row(candidates[best[i]]));
    hits.hits.push_back({std::move(row), scores[best[i]]});
  }
  return {};
}

Result<Hits> search_journal(const Source& source, const Search& search) {
  Meter meter(search.budget);
  Hits hits;
  JournalReader reader(source.shelf, source.snapshot, source.cache);
  TextWalk walk(source.shelf, reader, search, meter, hits.cost);
  if (search.rank == Search::Rank::kBest) {
    DAYBOOK_TRY(best_in_journal(walk, search, hits));
  } else {
    DAYBOOK_TRY(newest_in_journal(walk, search, hits));
  }
  walk.add_cost();
  hits.cost.rows = meter.rows();
  hits.cost.plan = "newest first, by terms";
  return hits;
}

Result<Hits> search_register(const Source& source, const Search& search) {
  const Collection& collection = *search.collection;
  Meter meter(search.budget);
  TextMatcher matcher(collection, search.text);
  const Order order = default_order(collection);
  const bool is_best = search.rank == Search::Rank::kBest;
  const auto after = is_best ? std::nullopt : search.after;
  const std::size_t limit = is_best ? kMaxCandidates : search.limit + 1;
  Hits hits;
  const auto look = [&](Row&& row) -> Result<bool> {
    DAYBOOK_TRY(meter.row());
    if (is_hidden(source.shelf, row, search.now)) return true;
    if (after && compare_to_place(collection, order, row, *after) <= 0) return true;
    if (!matcher.matches(row)) return true;
    DAYBOOK_TRY(meter.hold(row_bytes(row)));
    hits.hits.push_back({std::move(row), 0});
    return hits.hits.size() < limit;
  };
  DAYBOOK_TRY(look_at_rows(source.snapshot.db(), collection, search.filter,
                           sql::order_by(collection, order).value_or(""), look));
  if (is_best) rank_hits(collection, search.text, hits.hits);
  hits.more = hits.hits.size() > search.limit;
  if (hits.more) hits.hits.resize(search.limit);
  hits.cost.rows = meter.rows();
  hits.cost.plan = "table in order, matched row by row";
  return hits;
}

}  // namespace

Result<Hits> answer_search(const Source& source, const Search& search) {
  if (!search.collection->text) {
    return Error(Code::kInvalid, search.collection->full_name() + " declares no text to search");
  }
  if (search.collection->is_journal()) return search_journal(source, search);
  return search_register(source, search);
}

}  // namespace daybook::sqlite
