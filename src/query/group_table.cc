#include <algorithm>
#include <numeric>

#include "query/group_index.h"
#include "query/measure_plan.h"
#include "query/summary.h"

namespace daybook {
namespace {

// Rows between two looks at the memory of states that grow.
constexpr std::uint64_t kRowsPerWeighing = 16'384;

std::size_t text_bytes(const std::vector<Value>& values) {
  std::size_t sum = 0;
  for (const Value& value : values) {
    if (const auto* text = value.get_if<std::string>()) sum += text->capacity();
  }
  return sum;
}

bool grows(Aggregate state) {
  return state == Aggregate::kP50 || state == Aggregate::kDistinct || state == Aggregate::kFirst ||
         state == Aggregate::kLast;
}

}  // namespace

struct GroupTable::State {
  explicit State(const Summary& asked) : summary(&asked), plan(asked) {
    for (const MeasurePlan::State& state : plan.states) {
      fresh.emplace_back(state.aggregate);
      has_growing = has_growing || grows(state.aggregate);
    }
  }

  Instant bucket_of(Instant time);
  Entry& entry_of(const Row& row, Instant time);
  std::uint32_t insert(Entry&& entry);
  void put(Entry&& entry);
  Result<void> weigh_sometimes(bool is_new);
  void fold(Entry& entry, const Row& row, Instant time) const;
  std::size_t weigh() const;
  bool is_within_budget();
  Error too_large() const;
  bool is_total() const { return summary->by.empty() && !summary->every; }
  Value result(const Entry& entry, std::size_t measure) const;
  Group group_of(Entry&& entry) const;
  std::vector<std::uint32_t> ordered(Groups& groups) const;

  const Summary* summary;
  MeasurePlan plan;
  std::vector<Accumulator> fresh;
  bool has_growing = false;

  std::vector<Entry> entries;
  EntryIndex index;
  std::size_t bytes = 0;  // of entries, their growth aside
  std::uint64_t rows = 0;
  std::uint64_t next_weighing = kRowsPerWeighing;
  bool is_compact = false;
  Instant bucket_start, bucket_end;  // of the last row: rows come roughly in order of time
  std::string scratch;
};

Instant GroupTable::State::bucket_of(Instant time) {
  if (bucket_start <= time && time < bucket_end) return bucket_start;
  bucket_start = summary->zone.floor(time, *summary->every);
  bucket_end = summary->zone.next(time, *summary->every);
  return bucket_start;
}

Entry& GroupTable::State::entry_of(const Row& row, Instant time) {
  scratch.clear();
  Instant bucket;
  if (summary->every) {
    bucket = bucket_of(time);
    append_bucket(bucket, scratch);
  }
  for (const FieldRef& ref : summary->by) {
    if (ref.is_id()) {
      append_text_key(row.id, scratch);
    } else {
      append_key(peek(ref, row), scratch);
    }
  }
  const std::size_t hash = hash_of_key(scratch);
  const std::uint32_t at = index.find(scratch, hash, entries);
  if (at != EntryIndex::kFree) return entries[at];

  Entry entry;
  entry.key = scratch;
  entry.hash = hash;
  entry.bucket = bucket;
  for (const FieldRef& ref : summary->by) entry.values.push_back(read(ref, row));
  entry.states = fresh;
  return entries[insert(std::move(entry))];
}

// Adds it to the entry of its key, or keeps it where there is none.
void GroupTable::State::put(Entry&& theirs) {
  const std::uint32_t at = index.find(theirs.key, theirs.hash, entries);
  if (at == EntryIndex::kFree) {
    insert(std::move(theirs));
    return;
  }
  Entry& ours = entries[at];
  ours.rows += theirs.rows;
  for (std::size_t i = 0; i < ours.states.size(); ++i) ours.states[i].merge(theirs.states[i]);
}

std::uint32_t GroupTable::State::insert(Entry&& entry) {
  const auto number = static_cast<std::uint32_t>(entries.size());
  bytes += sizeof(Entry) + entry.key.capacity() + entry.values.capacity() * sizeof(Value) +
           text_bytes(entry.values) + entry.states.size() * sizeof(Accumulator);
  index.find(entry.key, entry.hash, entries) = number;
  entries.push_back(std::move(entry));
  index.grow_for(entries);
  return number;
}

void GroupTable::State::fold(Entry& entry, const Row& row, Instant time) const {
  static const Value kNull;
  ++entry.rows;
  for (std::size_t i = 0; i < plan.states.size(); ++i) {
    const MeasurePlan::State& state = plan.states[i];
    Accumulator& accumulator = entry.states[i];
    const bool holds = matches(state.condition, row);
    if (!state.field) {
      accumulator.add(kNull, holds, time, row.id);
    } else if (state.field->is_id()) {
      accumulator.add(Value(row.id), holds, time, row.id);
    } else {
      const Value* value = peek(*state.field, row);
      accumulator.add(value == nullptr ? kNull : *value, holds && value != nullptr, time, row.id);
    }
  }
}

std::size_t GroupTable::State::weigh() const {
  std::size_t sum = bytes + index.bytes();
  if (!has_growing) return sum;
  for (const Entry& entry : entries) {
    for (const Accumulator& state : entry.states) sum += state.bytes() - sizeof(Accumulator);
  }
  return sum;
}

// Percentiles give up being exact before a question is refused.
bool GroupTable::State::is_within_budget() {
  if (weigh() <= summary->budget.bytes) return true;
  if (!is_compact) {
    is_compact = true;
    for (Accumulator& state : fresh) state.compact();
    for (Entry& entry : entries) {
      for (Accumulator& state : entry.states) state.compact();
    }
  }
  return weigh() <= summary->budget.bytes;
}

Error GroupTable::State::too_large() const {
  std::string message = "the question makes more than " + std::to_string(entries.size()) +
                        " groups, which do not fit into " +
                        std::to_string(summary->budget.bytes >> 20) +
                        " MiB: narrow the window or the filter";
  if (!summary->by.empty()) {
    message += ", group by fewer fields than ";
    for (std::size_t i = 0; i < summary->by.size(); ++i) {
      message += (i == 0 ? "" : ",") + field_name(*summary->collection, summary->by[i]);
    }
  }
  if (summary->every) message += ", or take buckets wider than " + format_step(*summary->every);
  return {Code::kTooLarge, std::move(message)};
}

Value GroupTable::State::result(const Entry& entry, std::size_t measure) const {
  const MeasurePlan::Source& source = plan.sources[measure];
  if (source.state == MeasurePlan::Source::kRows) return entry.rows;
  return entry.states[source.state].result(source.aggregate);
}

Group GroupTable::State::group_of(Entry&& entry) const {
  Group group;
  if (summary->every) group.bucket = entry.bucket;
  for (std::size_t i = 0; i < plan.sources.size(); ++i) group.measures.push_back(result(entry, i));
  group.key = std::move(entry.values);
  return group;
}

GroupTable::GroupTable(const Summary& summary) : state_(std::make_unique<State>(summary)) {}
GroupTable::~GroupTable() = default;
GroupTable::GroupTable(GroupTable&&) noexcept = default;
GroupTable& GroupTable::operator=(GroupTable&&) noexcept = default;

// New entries are weighed at once when they alone are too many; what grows is looked at every so
// often: weighing looks at every group, so it may not come more often than there are groups.
Result<void> GroupTable::State::weigh_sometimes(bool is_new) {
  const bool is_over = is_new && bytes + index.bytes() > summary->budget.bytes;
  if (!is_over && rows < next_weighing) return {};
  next_weighing = rows + std::max<std::uint64_t>(kRowsPerWeighing, entries.size());
  if (!is_within_budget()) return too_large();
  return {};
}

Result<void> GroupTable::add(const Row& row) {
  State& state = *state_;
  const Collection& collection = *state.summary->collection;
  const Instant time = collection.is_journal() ? row_time(collection, row) : Instant();
  const std::size_t before = state.entries.size();
  state.fold(state.entry_of(row, time), row, time);
  ++state.rows;
  return state.weigh_sometimes(state.entries.size() != before);
}

Result<void> GroupTable::add(Partial&& partial) {
  State& state = *state_;
  Entry entry;
  if (state.summary->every) append_bucket(partial.bucket, entry.key);
  for (const Value& value : partial.key) {
    append_key(value.is_null() ? nullptr : &value, entry.key);
  }
  entry.hash = hash_of_key(entry.key);
  entry.bucket = partial.bucket;
  entry.values = std::move(partial.key);
  entry.rows = partial.rows;
  entry.states = std::move(partial.states);
  state.rows += static_cast<std::uint64_t>(partial.rows);
  state.put(std::move(entry));
  return state.weigh_sometimes(true);
}

Result<void> GroupTable::merge(GroupTable&& other) {
  State& state = *state_;
  for (Entry& theirs : other.state_->entries) state.put(std::move(theirs));
  state.rows += other.state_->rows;
  state.is_compact = state.is_compact || other.state_->is_compact;
  other.state_.reset();
  return state.weigh_sometimes(true);
}

namespace {

int directed(std::strong_ordering order, bool descending) {
  const int sign = order < 0 ? -1 : order > 0 ? 1 : 0;
  return descending ? -sign : sign;
}

int compare_keys(const Entry& a, const Entry& b) {
  if (a.bucket != b.bucket) return a.bucket < b.bucket ? -1 : 1;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    if (const int sign = directed(compare(a.values[i], b.values[i]), false); sign != 0) return sign;
  }
  return 0;
}

}  // namespace

// The numbers of the entries that are answered, in order.
std::vector<std::uint32_t> GroupTable::State::ordered(Groups& groups) const {
  // By order key, then by entry; empty where the entry holds the value itself.
  std::vector<std::vector<Value>> results(summary->order.size());
  for (std::size_t k = 0; k < results.size(); ++k) {
    if (summary->order[k].what != GroupOrder::What::kMeasure) continue;
    for (const Entry& entry : entries) results[k].push_back(result(entry, summary->order[k].index));
  }
  const auto compare_by = [&](std::size_t k, std::uint32_t a, std::uint32_t b) {
    const GroupOrder& key = summary->order[k];
    switch (key.what) {
      case GroupOrder::What::kBucket:
        return directed(entries[a].bucket <=> entries[b].bucket, key.descending);
      case GroupOrder::What::kKey:
        return directed(compare(entries[a].values[key.index], entries[b].values[key.index]),
                        key.descending);
      case GroupOrder::What::kMeasure:
        return directed(compare(results[k][a], results[k][b]), key.descending);
    }
    return 0;
  };
  const auto comes_before = [&](std::uint32_t a, std::uint32_t b) {
    for (std::size_t k = 0; k < results.size(); ++k) {
      if (const int sign = compare_by(k, a, b); sign != 0) return sign < 0;
    }
    return compare_keys(entries[a], entries[b]) < 0;
  };
  std::vector<std::uint32_t> numbers(entries.size());
  std::iota(numbers.begin(), numbers.end(), 0U);
  const std::size_t shown = std::min(summary->limit, numbers.size());
  std::partial_sort(numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(shown),
                    numbers.end(), comes_before);
  groups.more = shown < numbers.size();
  numbers.resize(shown);
  return numbers;
}

Groups GroupTable::finish() && {
  State& state = *state_;
  if (state.is_total() && state.entries.empty()) {
    Entry total;
    total.states = state.fresh;
    state.insert(std::move(total));
  }
  for (Entry& entry : state.entries) {
    for (Accumulator& accumulator : entry.states) accumulator.settle();
  }
  Groups groups;
  groups.rows = state.rows;
  for (const std::uint32_t number : state.ordered(groups)) {
    Entry& entry = state.entries[number];
    for (std::size_t i = 0; i < entry.states.size(); ++i) {
      double& error = state.plan.states[i].aggregate == Aggregate::kDistinct
                          ? groups.distinct_error
                          : groups.quantile_error;
      error = std::max(error, entry.states[i].error());
    }
    groups.groups.push_back(state.group_of(std::move(entry)));
  }
  return groups;
}

}  // namespace daybook
