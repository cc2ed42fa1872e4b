#include "store/sqlite/incoming.h"

#include <algorithm>
#include <utility>

#include "store/columns/frame.h"
#include "store/decide.h"

namespace daybook::sqlite {

namespace {

constexpr std::size_t kWorthPackingAhead = 4096;

bool is_certain(const Operation& operation) {
  return operation.verb == Verb::kInsert && operation.collection->is_journal() &&
         operation.sent.empty() && operation.condition.kind == Condition::Kind::kNone;
}

Error misfit(const Collection& collection, const Field& field) {
  return {Code::kInternal, collection.full_name() + ": '" + field.name +
                               "' does not hold what a field of type " +
                               std::string(type_name(field.type)) + " holds"};
}

Result<void> check_row(const Collection& collection, const Row& row) {
  for (std::size_t i = 0; i < row.values.size(); ++i) {
    const Field& field = collection.fields[i];
    if (!columns::fits(field.type, row.values[i])) return misfit(collection, field);
  }
  if (collection.is_journal() && row.values[collection.time_field].is_null()) {
    return misfit(collection, collection.time());
  }
  return {};
}

Result<void> check_assignments(const Collection& collection, const Operation& operation) {
  for (const Assignment& assignment : operation.assignments) {
    const Field& field = collection.fields[assignment.field];
    if (!columns::fits(field.type, assignment.value)) return misfit(collection, field);
  }
  return {};
}

void pack_ahead(Incoming& incoming) {
  std::vector<std::string> plain;
  for (std::size_t i = 0; i < incoming.rows.size(); ++i) {
    const auto is_mine = [&](const Incoming::Packed& packed) {
      return packed.shelf == incoming.shelves[i] && packed.key == incoming.rows[i].key;
    };
    // The row before went mostly to the same partition.
    auto it = incoming.packed.end();
    if (!incoming.packed.empty() && is_mine(incoming.packed.back())) {
      it = std::prev(it);
    } else {
      it = std::ranges::find_if(incoming.packed, is_mine);
    }
    if (it == incoming.packed.end()) {
      incoming.packed.push_back({incoming.shelves[i], incoming.rows[i].key, {}});
      plain.emplace_back();
      it = std::prev(incoming.packed.end());
    }
    plain[static_cast<std::size_t>(it - incoming.packed.begin())] += incoming.row_bytes(i);
  }
  for (std::size_t i = 0; i < plain.size(); ++i) {
    incoming.packed[i].section = columns::pack(plain[i]);
  }
}

}  // namespace

Result<Incoming> make_incoming(const Batch& batch, const Shelves& shelves) {
  DAYBOOK_TRY(check_batch(batch));
  Incoming incoming;
  incoming.batch = &batch;
  incoming.application = shelves.application(batch.application->name);
  incoming.shelves.reserve(batch.operations.size());
  incoming.rows.resize(batch.operations.size());
  incoming.is_certain = std::ranges::all_of(batch.operations, is_certain);
  for (std::size_t i = 0; i < batch.operations.size(); ++i) {
    const Operation& operation = batch.operations[i];
    DAYBOOK_ASSIGN(const Shelf* shelf, shelves.find(*operation.collection));
    incoming.shelves.push_back(shelf);
    if (operation.verb == Verb::kUpdate) {
      DAYBOOK_TRY(check_assignments(*shelf->collection, operation));
    }
    if (operation.verb != Verb::kInsert && operation.verb != Verb::kPut) continue;
    DAYBOOK_TRY(check_row(*shelf->collection, operation.row));
    if (!shelf->collection->is_journal()) continue;
    Incoming::NewRow& row = incoming.rows[i];
    row.key = partition_key(*shelf, operation.row, operation.presence);
    row.begin = incoming.bytes.size();
    columns::put_row(incoming.bytes, operation.row, shelf->numbers);
    row.end = incoming.bytes.size();
  }
  if (incoming.is_certain && incoming.bytes.size() >= kWorthPackingAhead) pack_ahead(incoming);
  return incoming;
}

}  // namespace daybook::sqlite
