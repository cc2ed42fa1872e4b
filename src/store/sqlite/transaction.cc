#include "store/sqlite/transaction.h"

#include <algorithm>

#include "base/bug.h"
#include "catalog/row_key.h"
#include "store/index_key.h"
#include "store/sqlite/buried.h"
#include "store/sqlite/register_table.h"

namespace daybook::sqlite {

namespace {

bool is_hidden(const Shelf& shelf, const Row& row, Instant at) {
  const auto until = shelf.keep.expires_at(row, {});
  return until && *until <= at;
}

// As the change log needs it, a verb that puts a row there or takes it away.
bool has_row(const Operation& operation) {
  return operation.verb == Verb::kInsert || operation.verb == Verb::kPut;
}

// Among what an insert may be a repeat. The two halves of a sample are told apart.
RowFinder::Among repeats_of(const Operation& operation) {
  switch (operation.presence) {
    case Presence::kWhole:
      return RowFinder::Among::kAll;
    case Presence::kCountedOnly:
      return RowFinder::Among::kCounted;
    case Presence::kSeenOnly:
      return RowFinder::Among::kSeen;
  }
  bug("unknown presence");
}

}  // namespace

Transaction::Transaction(Connection& db, Journals& journals, ColumnCache& cache, Commit commit,
                         Positions positions)
    : db_(db),
      journals_(journals),
      finder_(db, cache),
      staging_(db, journals, commit),
      commit_(commit),
      before_(positions),
      positions_(std::move(positions)) {}

Result<Result<Committed>> Transaction::apply(const Incoming& incoming) {
  if (incoming.batch->once) {
    DAYBOOK_ASSIGN(const bool is_taken, is_once_taken(*incoming.batch));
    if (is_taken) return Result<Committed>(once_taken());
  }
  is_certain_ = incoming.is_certain;
  is_packed_ = !incoming.packed.empty();
  application_ = incoming.application;
  staging_.begin_batch(is_certain_ ? Staging::Batch::kCertain : Staging::Batch::kRevocable);
  return apply_all(incoming);
}

Result<Result<Committed>> Transaction::apply_all(const Incoming& incoming) {
  const Batch& batch = *incoming.batch;
  const Position before = positions_[application_];
  const ChangeLog::Mark log = changes_.mark();
  const bool may_roll_back = batch.mode == Batch::Mode::kAtomic && !is_certain_;
  if (may_roll_back) DAYBOOK_TRY(db_.run("SAVEPOINT batch"));
  Committed committed;
  committed.verdicts.reserve(batch.operations.size());
  for (std::size_t i = 0; i < batch.operations.size(); ++i) {
    DAYBOOK_ASSIGN(Verdict verdict, apply_one(incoming, i));
    committed.verdicts.push_back(std::move(verdict));
    if (may_roll_back && !committed.verdicts.back().is_good()) {
      DAYBOOK_TRY(db_.run("ROLLBACK TO batch; RELEASE batch"));
      staging_.roll_back_batch();
      changes_.roll_back(log);
      committed.last = positions_[application_] = before;
      return Result<Committed>(std::move(committed));
    }
  }
  for (const Incoming::Packed& packed : incoming.packed) {
    DAYBOOK_ASSIGN(Partition * to, staging_.partition(*packed.shelf, packed.key));
    to->staged.add_packed(packed.section);
  }
  if (may_roll_back) DAYBOOK_TRY(db_.run("RELEASE batch"));
  staging_.keep_batch();
  committed.applied = true;
  committed.last = positions_[application_];
  committed.first = committed.last > before ? before + 1 : 0;
  if (batch.once) DAYBOOK_TRY(keep_once(*batch.once, committed));
  return Result<Committed>(std::move(committed));
}

Result<Verdict> Transaction::apply_one(const Incoming& incoming, std::size_t index) {
  const Operation& operation = incoming.batch->operations[index];
  if (!incoming.shelves[index]->collection->is_journal()) return change_register(incoming, index);
  if (has_row(operation)) return insert(incoming, index);
  return change(incoming, index);
}

Result<Verdict> Transaction::insert(const Incoming& incoming, std::size_t index) {
  const Operation& operation = incoming.batch->operations[index];
  const Shelf& shelf = *incoming.shelves[index];
  const Journal& journal = journals_[shelf.index];
  const PartitionKey& key = incoming.rows[index].key;
  if (!is_certain_) {
    std::optional<RowPlace> place;
    if (!operation.sent.empty()) {
      const Row& row = operation.row;
      const columns::Sought sought{row.id, row_time(*shelf.collection, row),
                                   &tenant_of(*shelf.collection, row)};
      DAYBOOK_ASSIGN(place, finder_.find(journal, sought, repeats_of(operation)));
      if (place && is_hidden(shelf, place->row, incoming.batch->at)) place.reset();
      if (!place) {
        DAYBOOK_ASSIGN(const bool was_there, is_buried(journal, key, operation.row));
        if (was_there) return deleted_before();
      }
    }
    if (place || operation.condition.kind != Condition::Kind::kNone) {
      const Row* there = place ? &place->row : nullptr;
      Decision decision = decide(operation, there, incoming.batch->at);
      if (place) decision.verdict.presence = presence_in(*place->partition->info);
      if (decision.verdict.kind != Verdict::Kind::kStored) return std::move(decision.verdict);
    }
  }
  DAYBOOK_TRY(store_new(shelf, key, operation.row, incoming.row_bytes(index), Verb::kInsert));
  Verdict verdict;
  verdict.presence = operation.presence;
  return verdict;
}

Result<Verdict> Transaction::change(const Incoming& incoming, std::size_t index) {
  const Operation& operation = incoming.batch->operations[index];
  const Shelf& shelf = *incoming.shelves[index];
  const Journal& journal = journals_[shelf.index];
  const columns::Sought sought{operation.id, operation.time,
                               operation.tenant ? &*operation.tenant : nullptr};
  std::optional<RowPlace> place;
  if (operation.time) {
    DAYBOOK_ASSIGN(place, finder_.find(journal, sought, RowFinder::Among::kSeen));
    if (place && is_hidden(shelf, place->row, incoming.batch->at)) place.reset();
  } else {
    DAYBOOK_ASSIGN(place, finder_.find_newest(journal, sought, incoming.batch->at));
  }
  Decision decision = decide(operation, place ? &place->row : nullptr, incoming.batch->at);
  if (decision.verdict.kind != Verdict::Kind::kStored) return std::move(decision.verdict);
  if (decision.row) {
    DAYBOOK_TRY(store_version(shelf, *place, decision));
  } else {
    DAYBOOK_TRY(remove(shelf, *place));
  }
  return std::move(decision.verdict);
}

Result<Verdict> Transaction::change_register(const Incoming& incoming, std::size_t index) {
  const Operation& operation = incoming.batch->operations[index];
  const Shelf& shelf = *incoming.shelves[index];
  const Collection& collection = *shelf.collection;
  const Instant at = incoming.batch->at;
  DAYBOOK_ASSIGN(const auto rows, meant(shelf, operation, at));
  if (rows.size() > 1) return several_tenants();
  Decision decision = decide(operation, rows.empty() ? nullptr : &rows.front(), at);
  if (decision.verdict.kind != Verdict::Kind::kStored) return std::move(decision.verdict);
  const Row& row = decision.row ? *decision.row : rows.front();
  if (decision.row) {
    DAYBOOK_ASSIGN(const auto index_taken, taken(collection, row, at));
    if (index_taken) return key_taken(collection, **index_taken);
    DAYBOOK_TRY(put_row(db_, collection, row));
  } else {
    DAYBOOK_TRY(remove_row(db_, collection, row.id, tenant_of(collection, row)));
  }
  changes_.add_key(application_, ++positions_[application_], *shelf.collection, shelf.number,
                   operation.verb, row);
  return std::move(decision.verdict);
}

// The rows of a register that an operation may mean, which are there at `at`.
Result<std::vector<Row>> Transaction::meant(const Shelf& shelf, const Operation& operation,
                                            Instant at) {
  const Collection& collection = *shelf.collection;
  std::vector<Row> rows;
  if (has_row(operation) || operation.tenant || !key_tenant(collection)) {
    const Value whose = has_row(operation) ? tenant_of(collection, operation.row)
                                           : operation.tenant.value_or(Value());
    const std::string& id = has_row(operation) ? operation.row.id : operation.id;
    DAYBOOK_ASSIGN(auto row, find_row(db_, collection, id, whose));
    if (row) rows.push_back(*std::move(row));
  } else {
    DAYBOOK_ASSIGN(rows, find_rows(db_, collection, operation.id));
  }
  std::erase_if(rows, [&](const Row& row) { return is_hidden(shelf, row, at); });
  return rows;
}

Result<std::optional<const Index*>> Transaction::taken(const Collection& collection, const Row& row,
                                                       Instant at) {
  // What is unique in a collection with tenants is so within one of them.
  const Value& whose = tenant_of(collection, row);
  for (const Index& index : collection.indexes) {
    if (!index.unique) continue;
    // A row past its keep gives its key up.
    while (true) {
      DAYBOOK_ASSIGN(const auto holder, key_holder(db_, collection, index, row));
      if (!holder) break;
      DAYBOOK_ASSIGN(const auto held, find_row(db_, collection, *holder, whose));
      const auto until = held ? expires_at(collection, *held, {}) : std::nullopt;
      if (!until || *until > at) return std::optional<const Index*>(&index);
      DAYBOOK_TRY(remove_row(db_, collection, *holder, whose));
    }
  }
  return std::optional<const Index*>();
}

Result<void> Transaction::store_new(const Shelf& shelf, const PartitionKey& key, const Row& row,
                                    std::string_view bytes, Verb verb) {
  DAYBOOK_ASSIGN(Partition * to, staging_.partition(shelf, key));
  staging_.touch(shelf, *to);
  const columns::Sequence sequence = to->next_sequence++;
  // Rows of a batch that comes packed are not in `rows` yet.
  if (to->staged.first == 0) to->staged.first = sequence;
  if (!is_packed_) to->staged.rows += bytes;
  staging_.open_block(shelf, *to).append(row, sequence);
  if (!to->info->is_seen()) return {};
  changes_.add_row(application_, ++positions_[application_], shelf.number, verb, to->info->id,
                   sequence);
  return {};
}

Result<void> Transaction::store_version(const Shelf& shelf, RowPlace& place,
                                        const Decision& decision) {
  Partition& partition = *place.partition;
  const PartitionKey key = partition_key(shelf, *decision.row, presence_in(*partition.info));
  staging_.touch(shelf, partition);
  if (key.start != partition.info->start || key.keep != partition.info->keep) {
    DAYBOOK_TRY(staging_.kill(place));
    columns::put_gone(partition.staged.changes, place.sequence);
    std::string bytes;
    columns::put_row(bytes, *decision.row, shelf.numbers);
    return store_new(shelf, key, *decision.row, bytes, Verb::kUpdate);
  }
  columns::OpenBlock& open = staging_.open_block(shelf, partition);
  if (place.open.get() == &open) {
    open.append_version(place.position, *decision.row, decision.fields);
  } else {
    open.append(*decision.row, place.sequence);
  }
  DAYBOOK_TRY(staging_.kill(place));
  columns::put_version(partition.staged.changes, place.sequence, *decision.row, shelf.numbers);
  changes_.add_row(application_, ++positions_[application_], shelf.number, Verb::kUpdate,
                   partition.info->id, place.sequence);
  return {};
}

Result<void> Transaction::remove(const Shelf& shelf, RowPlace& place) {
  Partition& partition = *place.partition;
  staging_.touch(shelf, partition);
  DAYBOOK_TRY(staging_.kill(place));
  columns::put_gone(partition.staged.changes, place.sequence);
  partition.has_buried = true;
  DAYBOOK_TRY(bury(db_, shelf, partition.info->id, place.sequence, place.row, Remembers::kId));
  changes_.add_row(application_, ++positions_[application_], shelf.number, Verb::kDelete,
                   partition.info->id, place.sequence);
  return {};
}

Result<bool> Transaction::is_buried(const Journal& journal, const PartitionKey& key,
                                    const Row& row) {
  for (const Partition* partition : journal.of_period(key.start)) {
    if (!partition->has_buried) continue;
    DAYBOOK_ASSIGN(const bool found,
                   sqlite::is_buried(db_, *journal.shelf, partition->info->id, row));
    if (found) return true;
  }
  return false;
}

Result<bool> Transaction::is_once_taken(const Batch& batch) {
  DAYBOOK_ASSIGN(Query query, db_.query("SELECT 1 FROM once WHERE key = ?1 AND expires > ?2"));
  query.bind(1, std::string_view(batch.once->key)).bind(2, micros(batch.at));
  return query.step();
}

Result<void> Transaction::keep_once(const Batch::Once& once, const Committed& committed) {
  const std::string answer = once.answer_of ? once.answer_of(committed) : once.answer;
  DAYBOOK_ASSIGN(Query query, db_.query("INSERT OR REPLACE INTO once (key, fingerprint, answer, "
                                        "expires) VALUES (?1, ?2, ?3, ?4)"));
  query.bind(1, std::string_view(once.key)).bind(2, std::string_view(once.fingerprint));
  query.bind(3, std::string_view(answer)).bind(4, micros(once.expires));
  return query.run();
}

Result<void> Transaction::write(Instant now) {
  DAYBOOK_TRY(staging_.write());
  DAYBOOK_TRY(changes_.write(db_, micros(now)));
  DAYBOOK_ASSIGN(Query counter,
                 db_.query("INSERT OR REPLACE INTO counter (id, value) VALUES (?1, ?2)"));
  for (const auto& [application, position] : positions_) {
    const auto it = before_.find(application);
    if (it != before_.end() && it->second == position) continue;
    counter.bind(1, application).bind(2, position);
    DAYBOOK_TRY(counter.run());
  }
  counter.bind(1, std::int64_t{0}).bind(2, commit_);
  return counter.run();
}

}  // namespace daybook::sqlite
