#include "store/sqlite/staging.h"

#include <algorithm>
#include <iterator>

#include "store/sqlite/stored_block.h"

namespace daybook::sqlite {

Staging::Staging(Connection& db, Journals& journals, Commit commit)
    : db_(db), journals_(journals), commit_(commit), touched_(journals.size(), false) {}

Result<Partition*> Staging::partition(const Shelf& shelf, const PartitionKey& key) {
  if (last_partition_ != nullptr && last_shelf_ == &shelf && last_key_ == key) {
    return last_partition_;
  }
  Journal& journal = journals_[shelf.index];
  auto it = journal.partitions.find(key);
  if (it == journal.partitions.end()) {
    const std::int64_t until = period_end(*shelf.collection, key.start);
    DAYBOOK_ASSIGN(Query query,
                   db_.query("INSERT INTO partition (collection, start, until, keep, rule, "
                             "sequence) VALUES (?1, ?2, ?3, ?4, ?5, 1) RETURNING id"));
    query.bind(1, shelf.number).bind(2, key.start).bind(3, until).bind(4, key.keep);
    query.bind(5, std::string_view(shelf.keep_words));
    DAYBOOK_TRY(query.step());
    auto made = std::make_unique<Partition>();
    made->info = std::make_shared<const PartitionInfo>(
        PartitionInfo{query.integer(0), shelf.index, key.start, until, key.keep, shelf.keep_words});
    DAYBOOK_TRY(query.run());
    it = journal.partitions.emplace(key, std::move(made)).first;
    (batch_kind_ == Batch::kCertain ? all_ : batch_).made.emplace_back(&journal, key);
  }
  last_shelf_ = &shelf;
  last_key_ = key;
  return last_partition_ = it->second.get();
}

columns::OpenBlock& Staging::open_block(const Shelf& shelf, Partition& partition) {
  if (!partition.open) {
    partition.open = std::make_shared<columns::OpenBlock>(*shelf.collection);
  }
  return *partition.open;
}

void Staging::touch(const Shelf& shelf, Partition& partition) {
  Partition::Staged& staged = partition.staged;
  if (!staged.is_touched) {
    all_.marks.push_back(mark_of(partition));
    staged.is_touched = true;
    touched_[shelf.index] = true;
  }
  if (batch_kind_ == Batch::kCertain || staged.is_marked) return;
  batch_.marks.push_back(mark_of(partition));
  staged.is_marked = true;
}

Staging::Mark Staging::mark_of(Partition& partition) {
  const Partition::Staged& staged = partition.staged;
  return {&partition,
          partition.open != nullptr,
          partition.open_rows(),
          partition.next_sequence,
          partition.has_buried,
          staged.packed.size(),
          staged.rows.size(),
          staged.changes.size()};
}

void Staging::restore(const Mark& mark) {
  Partition& partition = *mark.partition;
  if (!mark.had_open) {
    partition.open.reset();
  } else {
    partition.open->truncate(mark.rows);
  }
  partition.next_sequence = mark.next_sequence;
  partition.has_buried = mark.had_buried;
  partition.staged.packed.resize(mark.packed);
  partition.staged.rows.resize(mark.plain);
  partition.staged.changes.resize(mark.changes);
  if (mark.packed == 0 && mark.plain == 0) partition.staged.first = 0;
}

void Staging::roll_back_batch() {
  for (const auto& [deaths, position] : batch_.killed) deaths->revive(position);
  for (const Mark& mark : batch_.marks) {
    restore(mark);
    mark.partition->staged.is_marked = false;
  }
  for (const auto& [journal, key] : batch_.made) {
    const Partition* gone = journal->partitions.at(key).get();
    std::erase_if(all_.marks, [&](const Mark& mark) { return mark.partition == gone; });
    journal->partitions.erase(key);
  }
  batch_ = {};
  last_partition_ = nullptr;
}

void Staging::keep_batch() {
  for (const Mark& mark : batch_.marks) mark.partition->staged.is_marked = false;
  std::ranges::move(batch_.killed, std::back_inserter(all_.killed));
  std::ranges::move(batch_.made, std::back_inserter(all_.made));
  batch_ = {};
}

Result<void> Staging::kill(RowPlace& place) {
  place.deaths().kill(place.position, commit_);
  (batch_kind_ == Batch::kCertain ? all_ : batch_)
      .killed.emplace_back(&place.deaths(), place.position);
  if (!place.sealed) return {};
  return write_death(db_, place.sealed->number, place.position, commit_);
}

Result<void> Staging::write() {
  for (const Mark& mark : all_.marks) {
    Partition& partition = *mark.partition;
    Partition::Staged& staged = partition.staged;
    if (!staged.packed.empty() || !staged.rows.empty()) {
      columns::FrameWriter frame(columns::FrameKind::kRows, staged.first);
      frame.add_packed(staged.packed);
      if (!staged.rows.empty()) frame.add_packed(columns::pack(staged.rows));
      DAYBOOK_TRY(write_frame(partition, std::move(frame).finish()));
    }
    if (staged.changes.empty()) continue;
    columns::FrameWriter frame(columns::FrameKind::kChanges, 0);
    frame.add_packed(columns::pack(staged.changes));
    DAYBOOK_TRY(write_frame(partition, std::move(frame).finish()));
  }
  return {};
}

Result<void> Staging::write_frame(Partition& partition, const std::string& bytes) {
  const auto id = static_cast<std::int64_t>(commit_ << 20) | frames_++;
  DAYBOOK_ASSIGN(Query query,
                 db_.query("INSERT INTO frame (id, partition, data) VALUES (?1, ?2, ?3)"));
  query.bind(1, id).bind(2, partition.info->id).bind_blob(3, bytes);
  DAYBOOK_TRY(query.run());
  partition.frames.push_back(id);
  return {};
}

std::vector<Partition*> Staging::touched_partitions() const {
  std::vector<Partition*> touched;
  for (const Mark& mark : all_.marks) touched.push_back(mark.partition);
  return touched;
}

void Staging::settle() {
  const auto now = std::chrono::steady_clock::now();
  for (const Mark& mark : all_.marks) {
    mark.partition->staged = {};
    mark.partition->last_commit = commit_;
    mark.partition->last_touched = now;
  }
}

void Staging::undo() {
  roll_back_batch();
  for (const auto& [deaths, position] : all_.killed) deaths->revive(position);
  for (const Mark& mark : all_.marks) {
    restore(mark);
    std::erase_if(mark.partition->frames,
                  [&](std::int64_t id) { return static_cast<Commit>(id) >> 20 == commit_; });
    mark.partition->staged = {};
  }
  for (const auto& [journal, key] : all_.made) journal->partitions.erase(key);
}

}  // namespace daybook::sqlite
