#include "store/sqlite/questions.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "store/columns/grouping.h"
#include "store/meter.h"
#include "store/sql/where.h"
#include "store/sqlite/journal_reader.h"
#include "store/sqlite/register_table.h"
#include "store/sqlite/rolled_summary.h"

namespace daybook::sqlite {

namespace {

// The way through a journal whose order is by time alone.
std::optional<JournalReader::Direction> time_direction(const Collection& collection,
                                                       const Order& order) {
  using Direction = JournalReader::Direction;
  if (order.keys.empty()) return Direction::kOldestFirst;
  const OrderBy& key = order.keys.front();
  if (order.keys.size() > 1 || key.ref != FieldRef{collection.time_field, ""}) return std::nullopt;
  return key.descending ? Direction::kNewestFirst : Direction::kOldestFirst;
}

// The first rows by an order, of any number that come: keeps at most twice as many as are wanted.
class FirstRows {
 public:
  FirstRows(const Scan& scan, Meter& meter) : scan_(scan), meter_(meter) {}

  Result<void> add(Row&& row) {
    const Collection& collection = *scan_.collection;
    if (scan_.after && compare_to_place(collection, scan_.order, row, *scan_.after) <= 0) return {};
    DAYBOOK_TRY(meter_.hold(row_bytes(row)));
    keep(std::move(row));
    return {};
  }

  // Those of another, of the same scan.
  Result<void> take(FirstRows&& other) {
    for (Row& row : std::move(other).finish()) keep(std::move(row));
    return {};
  }

  std::vector<Row> finish() && {
    cut();
    return std::move(rows_);
  }

 private:
  void keep(Row&& row) {
    rows_.push_back(std::move(row));
    if (rows_.size() >= 2 * std::max<std::size_t>(scan_.limit, 512)) cut();
  }

  void cut() {
    const auto before = [&](const Row& a, const Row& b) {
      return compare_rows(*scan_.collection, scan_.order, a, b) < 0;
    };
    const std::size_t size = std::min(scan_.limit, rows_.size());
    const auto middle = rows_.begin() + static_cast<std::ptrdiff_t>(size);
    std::partial_sort(rows_.begin(), middle, rows_.end(), before);
    for (std::size_t i = size; i < rows_.size(); ++i) meter_.release(row_bytes(rows_[i]));
    rows_.resize(size);
  }

  const Scan& scan_;
  Meter& meter_;
  std::vector<Row> rows_;
};

void give_out(std::vector<Row> rows, const RowSink& sink) {
  for (Row& row : rows) {
    if (!sink(std::move(row))) return;
  }
}

Result<Cost> scan_journal(const Source& source, const Scan& scan, const RowSink& sink) {
  Meter meter(scan.budget);
  Cost cost;
  JournalReader reader(source.shelf, source.snapshot, source.cache);
  const Asked asked{scan.filter, scan.window, scan.now};
  if (const auto direction = time_direction(*scan.collection, scan.order)) {
    std::size_t given = 0;
    cost.plan = "partitions by time";
    const auto look = [&](Row&& row) -> Result<bool> {
      // The page is somebody's memory, though not ours.
      DAYBOOK_TRY(meter.hold(row_bytes(row)));
      return sink(std::move(row)) && ++given < scan.limit;
    };
    if (scan.limit > 0) {
      DAYBOOK_TRY(reader.walk(asked, *direction, scan.after, meter, cost, look));
    }
  } else {
    cost.plan = "partitions, sorted";
    FirstRows first(scan, meter);
    const auto look = [&](columns::BlockReader& block,
                          const columns::Chosen& chosen) -> Result<BlockFold::Add> {
      const auto here = std::make_shared<FirstRows>(scan, meter);
      DAYBOOK_TRY(block.want_all());
      for (std::size_t i = 0; i < chosen.size(); ++i) DAYBOOK_TRY(here->add(block.row(chosen[i])));
      return BlockFold::Add([&first, here] { return first.take(std::move(*here)); });
    };
    DAYBOOK_TRY(reader.fold(asked, source.threads, meter, cost, look));
    give_out(std::move(first).finish(), sink);
  }
  cost.rows = meter.rows();
  return cost;
}

Result<Cost> scan_register(const Source& source, const Scan& scan, const RowSink& sink) {
  Meter meter(scan.budget);
  Cost cost;
  const Collection& collection = *scan.collection;
  const auto order = sql::order_by(collection, scan.order);
  cost.plan = order ? "table in order" : "table, sorted";
  FirstRows first(scan, meter);
  std::size_t given = 0;
  const auto look = [&](Row&& row) -> Result<bool> {
    DAYBOOK_TRY(meter.row());
    if (is_hidden(source.shelf, row, scan.now)) return true;
    if (!order) {
      DAYBOOK_TRY(first.add(std::move(row)));
      return true;
    }
    if (scan.after && compare_to_place(collection, scan.order, row, *scan.after) <= 0) return true;
    DAYBOOK_TRY(meter.hold(row_bytes(row)));
    return sink(std::move(row)) && ++given < scan.limit;
  };
  if (scan.limit > 0) {
    DAYBOOK_TRY(
        look_at_rows(source.snapshot.db(), collection, scan.filter, order.value_or(""), look));
  }
  if (!order) give_out(std::move(first).finish(), sink);
  cost.rows = meter.rows();
  return cost;
}

Result<Groups> summarize_journal(const Source& source, const Summary& summary) {
  Meter meter(summary.budget);
  Cost cost;
  GroupTable groups(summary);
  const columns::Grouping grouping(summary);
  JournalReader reader(source.shelf, source.snapshot, source.cache);
  const auto look = [&](columns::BlockReader& block,
                        const columns::Chosen& chosen) -> Result<BlockFold::Add> {
    const auto here = std::make_shared<GroupTable>(summary);
    DAYBOOK_TRY(grouping.fold(block, chosen, *here));
    return BlockFold::Add([&groups, here] { return groups.merge(std::move(*here)); });
  };
  const auto plan = RollupPlan::make(summary);
  std::uint64_t cells = 0, summed = 0;
  if (plan) {
    RolledSummary rolled(source, summary, *plan, reader, groups);
    DAYBOOK_ASSIGN(const auto places, rolled.fold(cost));
    DAYBOOK_TRY(reader.fold(places, summary.filter, source.threads, meter, cost, look));
    cells = rolled.cells();
    summed = rolled.rows();
    cost.plan = "rollup " + plan->rollup().name + ", the rest grouped";
  } else {
    const Asked asked{summary.filter, summary.window, summary.now};
    DAYBOOK_TRY(reader.fold(asked, source.threads, meter, cost, look));
    cost.plan = "partitions, grouped";
  }
  if (grouping.is_by_columns()) cost.plan += " by columns";
  Groups answer = std::move(groups).finish();
  answer.rollups = cells;
  answer.rows -= summed;
  cost.rows = meter.rows();
  answer.cost = cost;
  return answer;
}

Result<Groups> summarize_register(const Source& source, const Summary& summary) {
  Meter meter(summary.budget);
  GroupTable groups(summary);
  const auto look = [&](Row&& row) -> Result<bool> {
    DAYBOOK_TRY(meter.row());
    if (!is_hidden(source.shelf, row, summary.now)) DAYBOOK_TRY(groups.add(row));
    return true;
  };
  DAYBOOK_TRY(look_at_rows(source.snapshot.db(), *summary.collection, summary.filter, "", look));
  Groups answer = std::move(groups).finish();
  answer.cost.plan = "table, grouped";
  answer.cost.rows = meter.rows();
  return answer;
}

}  // namespace

bool is_hidden(const Shelf& shelf, const Row& row, Instant now) {
  const auto until = shelf.keep.expires_at(row, {});
  return until && *until <= now;
}

Result<Cost> answer_scan(const Source& source, const Scan& scan, const RowSink& sink) {
  if (scan.collection->is_journal()) return scan_journal(source, scan, sink);
  return scan_register(source, scan, sink);
}

Result<Groups> answer_summary(const Source& source, const Summary& summary) {
  if (summary.collection->is_journal()) return summarize_journal(source, summary);
  return summarize_register(source, summary);
}

Result<std::vector<std::optional<Row>>> answer_find(const Source& source,
                                                    const std::vector<std::string>& ids,
                                                    Instant now, const Filter& among) {
  std::vector<std::optional<Row>> found(ids.size());
  if (source.shelf.collection->is_journal()) {
    JournalReader reader(source.shelf, source.snapshot, source.cache);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      DAYBOOK_ASSIGN(found[i], reader.find(ids[i], now, among));
    }
    return found;
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    DAYBOOK_ASSIGN(auto rows, find_rows(source.snapshot.db(), *source.shelf.collection, ids[i]));
    const auto seen = std::ranges::find_if(rows, [&](const Row& row) {
      return !is_hidden(source.shelf, row, now) && matches(among, row);
    });
    if (seen != rows.end()) found[i] = std::move(*seen);
  }
  return found;
}

}  // namespace daybook::sqlite
