// Summary: groups of rows and what is computed of each. A plain value bound to one collection.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/zone.h"
#include "catalog/application.h"
#include "query/aggregate.h"
#include "query/filter.h"
#include "query/scan.h"
#include "query/window.h"

namespace daybook {

struct Measure {
  std::string name;  // of the answer's member
  Aggregate aggregate = Aggregate::kCount;
  std::optional<FieldRef> field;  // none: rows
  Filter condition;               // count(condition), rate(condition); kTrue when none

  bool operator==(const Measure&) const = default;
};

struct GroupOrder {
  // kBucket; kKey: by[index]; kMeasure: measures[index].
  enum class What { kBucket, kKey, kMeasure };
  What what = What::kKey;
  std::size_t index = 0;
  bool descending = false;
  bool operator==(const GroupOrder&) const = default;
};

struct Summary {
  const Collection* collection = nullptr;
  Filter filter;
  std::optional<Window> window;
  std::vector<FieldRef> by;
  std::optional<Step> every;  // buckets of a journal's time, in `zone`
  Zone zone;
  std::vector<Measure> measures;
  std::vector<GroupOrder> order;  // then by bucket and key, so the order is total
  std::size_t limit = 1000;
  bool is_of_rows_seen = false;  // no rollup answers: rows past their keep or only counted are out
  Instant now;
  Budget budget;
};

// A row without a value of a `by` field stands in the group whose key is null there.
struct Group {
  std::optional<Instant> bucket;
  std::vector<Value> key;       // by Summary::by
  std::vector<Value> measures;  // by Summary::measures
  bool operator==(const Group&) const = default;
};

struct Groups {
  std::vector<Group> groups;
  bool more = false;          // the limit cut some off
  std::uint64_t rollups = 0;  // rollup groups used
  std::uint64_t rows = 0;     // rows folded
  double quantile_error = 0;  // relative; 0 when exact
  double distinct_error = 0;
  Cost cost;
};

// The expression of an aggregate as a measure: "avg(duration_ms)", "count(status = 'failed')".
Result<Measure> bind_measure(const Collection& collection, std::string name,
                             const Expression& expression, const Arguments& arguments);

// Whether the aggregate may read the field: sums, averages and percentiles need a number that is
// declared as a measure, least and greatest an order. kInvalid is a sentence that begins with the
// call.
Result<void> check_measure(const Collection& collection, Aggregate aggregate, const FieldRef& ref);

// Folds rows into groups: the definition of what a summary answers. One thread; partial ones of
// several threads merge. Choosing rows by filter, window and keep is the store's; it adds those
// that the summary is about.
class GroupTable {
 public:
  // The summary must outlive it.
  explicit GroupTable(const Summary& summary);
  ~GroupTable();
  GroupTable(GroupTable&&) noexcept;
  GroupTable& operator=(GroupTable&&) noexcept;

  // kTooLarge once the groups pass the budget's bytes, percentiles having become histograms.
  Result<void> add(const Row& row);
  // Rows of one group that were folded elsewhere: its states in the order of MeasurePlan::states.
  struct Partial {
    Instant bucket;
    std::vector<Value> key;
    std::int64_t rows = 0;
    std::vector<Accumulator> states;
  };
  Result<void> add(Partial&& partial);
  Result<void> merge(GroupTable&& other);  // of the same summary
  // Ordered and cut to the limit. Without `by` and `every` there is exactly one group, also of no
  // rows. Of Groups, the cost and the use of rollups are the store's to fill in.
  Groups finish() &&;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace daybook
