#include "engine/counter_keeper.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/own.h"

namespace daybook {

namespace {

constexpr std::size_t kMostCounters = 500'000;
constexpr std::size_t kMostInABatch = 1'000;

Counter counter_of(const Collection& collection, const Row& row) {
  Counter counter;
  counter.until = time_at(collection, row, "until").value_or(Instant());
  const auto* map = value_at(collection, row, "counts").get_if<Map>();
  if (map == nullptr) return counter;
  for (const MapEntry& entry : *map) counter.counts[entry.key] = entry.value.get<std::int64_t>();
  return counter;
}

std::string json_of(const std::string& id, const Counter& counter) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("id").value(id).key("until").value(format_instant(counter.until));
  out.key("counts").begin_object();
  for (const auto& [name, count] : counter.counts) out.key(name).value(count);
  out.end_object().end_object();
  return text;
}

Result<Operation> put_of(const Collection& collection, const std::string& id,
                         const Counter& counter, Instant now) {
  Stamp stamp;
  stamp.now = now;
  stamp.speaks_for_others = true;
  DAYBOOK_ASSIGN(Row row, make_row(collection, json_of(id, counter), stamp));
  Operation operation = insert_of(collection, std::move(row));
  operation.verb = Verb::kPut;
  return operation;
}

}  // namespace

Result<void> CounterKeeper::restore() {
  const Collection* collection = engine_.own().counters;
  if (collection == nullptr) return {};
  DAYBOOK_ASSIGN(const auto rows,
                 find_rows(engine_.store(), *collection, Filter(), engine_.now(), kMostCounters));
  for (const Row& row : rows) stored_[row.id] = counter_of(*collection, row);
  engine_.sign_in_throttle().restore(stored_);
  engine_.quotas().restore(stored_);
  return {};
}

Result<void> CounterKeeper::save() {
  const Collection* collection = engine_.own().counters;
  if (collection == nullptr) return {};
  const Instant now = engine_.now();
  Counters current = engine_.sign_in_throttle().counters(now);
  current.merge(engine_.quotas().counters(now));

  std::vector<Operation> changes;
  for (const auto& [id, counter] : current) {
    const auto there = stored_.find(id);
    if (there != stored_.end() && there->second == counter) continue;
    DAYBOOK_ASSIGN(Operation put, put_of(*collection, id, counter, now));
    changes.push_back(std::move(put));
  }
  for (const auto& [id, counter] : stored_) {
    const bool is_over = counter.until <= now;  // the store has forgotten it by itself
    if (!is_over && !current.contains(id)) changes.push_back(delete_of(*collection, id));
  }
  DAYBOOK_TRY(apply(std::move(changes)));
  stored_ = std::move(current);
  return {};
}

Result<void> CounterKeeper::apply(std::vector<Operation> changes) {
  for (std::size_t first = 0; first < changes.size(); first += kMostInABatch) {
    const std::size_t end = std::min(first + kMostInABatch, changes.size());
    Batch batch;
    batch.application = engine_.catalog().find(engine_.own().counters->application);
    batch.at = engine_.now();
    batch.operations.assign(std::make_move_iterator(changes.begin() + static_cast<long>(first)),
                            std::make_move_iterator(changes.begin() + static_cast<long>(end)));
    // Past commit(): it changes nobody's rights.
    DAYBOOK_ASSIGN([[maybe_unused]] const Committed committed, engine_.store().apply(batch));
  }
  return {};
}

}  // namespace daybook
