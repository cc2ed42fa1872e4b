#include "store/memory/questions.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "query/rollup_plan.h"
#include "query/row_size.h"
#include "store/meter.h"

namespace daybook::memory {

namespace {

using Look = std::function<Result<void>(const Row&)>;
// Whether a row that is past its keep is still asked about.
using CountsPastKeep = std::function<bool(const Row&)>;

// Calls `look` for each row that a question is about, oldest first.
Result<void> look_at(const Table& table, const Filter& filter, const std::optional<Window>& window,
                     Instant now, Meter& meter, const Look& look,
                     const CountsPastKeep& counts_past_keep = nullptr) {
  const Collection& collection = table.collection();
  const bool has_window = window && collection.is_journal();
  auto it = has_window ? table.rows().lower_bound({window->start, {}, {}}) : table.rows().begin();
  for (; it != table.rows().end(); ++it) {
    if (has_window && it->first.time >= window->end) break;
    DAYBOOK_TRY(meter.row());
    const Row& row = it->second;
    const bool is_past = table.is_expired(row, now) && !(counts_past_keep && counts_past_keep(row));
    if (is_past || !matches(filter, row)) continue;
    DAYBOOK_TRY(look(row));
  }
  return {};
}

Cost cost_of(const Meter& meter) {
  Cost cost;
  cost.rows = meter.rows();
  cost.plan = "look at every row";
  return cost;
}

// The first `limit` rows of `rows` by `order`, in order.
void cut(const Collection& collection, const Order& order, std::size_t limit,
         std::vector<const Row*>& rows) {
  const auto before = [&](const Row* a, const Row* b) {
    return compare_rows(collection, order, *a, *b) < 0;
  };
  const std::size_t size = std::min(limit, rows.size());
  const auto middle = rows.begin() + static_cast<std::ptrdiff_t>(size);
  std::partial_sort(rows.begin(), middle, rows.end(), before);
  rows.resize(size);
}

Result<std::vector<Row>> copies(const std::vector<const Row*>& rows, Meter& meter) {
  std::vector<Row> answer;
  answer.reserve(rows.size());
  for (const Row* row : rows) {
    DAYBOOK_TRY(meter.hold(row_bytes(*row)));
    answer.push_back(*row);
  }
  return answer;
}

}  // namespace

Result<std::vector<Row>> scan(const Table& table, const Scan& scan, Cost& cost) {
  Meter meter(scan.budget);
  std::vector<const Row*> rows;
  const auto look = [&](const Row& row) -> Result<void> {
    if (scan.after && compare_to_place(table.collection(), scan.order, row, *scan.after) <= 0) {
      return {};
    }
    rows.push_back(&row);
    return {};
  };
  DAYBOOK_TRY(look_at(table, scan.filter, scan.window, scan.now, meter, look));
  cut(table.collection(), scan.order, scan.limit, rows);
  cost = cost_of(meter);
  return copies(rows, meter);
}

Result<Groups> summarize(const Table& table, const Summary& summary) {
  Meter meter(summary.budget);
  GroupTable groups(summary);
  const auto look = [&](const Row& row) { return groups.add(row); };
  const auto plan = RollupPlan::make(summary);
  const auto add_row = [&](const Row& row) {
    const bool is_left_out = plan && table.is_uncounted(table.key_of(row));
    return is_left_out ? Result<void>() : look(row);
  };
  const auto counts_past_keep = [&](const Row& row) {
    return plan && plan->counts_past_keep(micros(row_time(table.collection(), row)));
  };
  DAYBOOK_TRY(look_at(table, summary.filter, summary.window, summary.now, meter, add_row,
                      counts_past_keep));
  const auto add_unseen = [&](const Row& row) {
    const bool counts = counts_past_keep(row) && matches(summary.filter, row);
    return counts ? groups.add(row) : Result<void>();
  };
  for (const auto& [key, row] : table.counted()) DAYBOOK_TRY(add_unseen(row));
  for (const auto& [time, row] : table.expired()) DAYBOOK_TRY(add_unseen(row));
  Groups answer = std::move(groups).finish();
  answer.cost = cost_of(meter);
  return answer;
}

Result<Hits> search(const Table& table, const Search& search) {
  const Collection& collection = table.collection();
  if (!collection.text) {
    return Error(Code::kInvalid, collection.full_name() + " declares no text to search");
  }
  Meter meter(search.budget);
  TextMatcher matcher(collection, search.text);
  const Order order = default_order(collection);
  const bool is_best = search.rank == Search::Rank::kBest;
  std::vector<const Row*> rows;
  const auto look = [&](const Row& row) -> Result<void> {
    const bool is_before =
        !is_best && search.after && compare_to_place(collection, order, row, *search.after) <= 0;
    if (!is_before && matcher.matches(row)) rows.push_back(&row);
    return {};
  };
  DAYBOOK_TRY(look_at(table, search.filter, search.window, search.now, meter, look));
  cut(collection, order, candidates_of(search), rows);
  DAYBOOK_ASSIGN(std::vector<Row> found, copies(rows, meter));
  Hits hits = hits_of(search, std::move(found));
  hits.cost = cost_of(meter);
  return hits;
}

}  // namespace daybook::memory
