// Erasing rewrites every block that holds a row of the subject, living or dead, and every open row
// of such a partition: the frames that held them go. Then the pages that were freed go, and the
// log.
#include <algorithm>
#include <chrono>
#include <limits>
#include <set>
#include <utility>

#include "catalog/row_key.h"
#include "query/row_size.h"
#include "store/columns/predicate.h"
#include "store/sqlite/block_list.h"
#include "store/sqlite/buried.h"
#include "store/sqlite/change_log.h"
#include "store/sqlite/journal_reader.h"
#include "store/sqlite/reclaim.h"
#include "store/sqlite/register_table.h"
#include "store/sqlite/sealing.h"
#include "store/sqlite/stored_block.h"
#include "store/sqlite/upkeep.h"

namespace daybook::sqlite {

namespace {

using RowSet = std::vector<bool>;  // by position
// The writer waits as long for readers that hold the log; then it is tried again in the background.
constexpr auto kPatience = std::chrono::milliseconds(500);

void count(Removed& removed, const Shelf& shelf, const Row& row) {
  ++removed.rows;
  removed.bytes += row_bytes(row);
  if (!shelf.collection->is_journal()) return;
  const Instant time = row_time(*shelf.collection, row);
  removed.oldest = std::min(removed.oldest.value_or(time), time);
  removed.newest = std::max(removed.newest.value_or(time), time);
}

class Eraser {
 public:
  Eraser(WriteAccess& access, ColumnCache& cache, const Shelf& shelf, const Erasure& erasure,
         Removed& removed)
      : access_(access), cache_(cache), shelf_(shelf), erasure_(erasure), removed_(removed) {}

  Result<std::vector<Settle>> erase_journal() {
    for (auto& [key, partition] : access_.journals[shelf_.index].partitions) {
      const std::uint64_t before = removed_.rows;
      auto blocks = blocks_of(shelf_, *partition, access_.db, cache_);
      known_.clear();
      subjects_.clear();
      std::vector<RowSet> subjects;
      for (WriterBlock& block : blocks) {
        DAYBOOK_ASSIGN(RowSet rows, find_subject(*partition, block));
        subjects.push_back(std::move(rows));
      }
      removed_.partitions += removed_.rows > before ? 1 : 0;
      DAYBOOK_TRY(forget_deleted(*partition));
      DAYBOOK_TRY(rewrite_blocks(key, *partition, blocks, subjects));
    }
    return std::move(settles_);
  }

  Result<void> erase_register() {
    DAYBOOK_TRY(look_at_rows(access_.db, *shelf_.collection, erasure_.filter, "",
                             [&](Row&& row) -> Result<bool> {
                               count(removed_, shelf_, row);
                               keys_.insert(key_of(*shelf_.collection, row));
                               ids_.insert(std::move(row.id));
                               return true;
                             }));
    if (ids_.empty()) return {};
    for (const RowKey& key : keys_) {
      DAYBOOK_TRY(remove_row(access_.db, *shelf_.collection, key.id, key.tenant));
    }
    return forget_changes();
  }

  // Answers that are kept for repeats name rows.
  Result<void> forget_answers() {
    std::vector<std::string> named;
    {
      DAYBOOK_ASSIGN(Query query, access_.db.query("SELECT key, answer FROM once"));
      while (true) {
        DAYBOOK_ASSIGN(const bool more, query.step());
        if (!more) break;
        const std::string_view key = query.text(0), answer = query.text(1);
        const auto is_named = [&](const std::string& id) {
          return answer.find(id) != answer.npos || key.find(id) != key.npos;
        };
        if (std::ranges::any_of(ids_, is_named)) named.emplace_back(key);
      }
    }
    DAYBOOK_ASSIGN(Query remove, access_.db.query("DELETE FROM once WHERE key = ?1"));
    for (const std::string& key : named) {
      remove.bind(1, std::string_view(key));
      DAYBOOK_TRY(remove.run());
    }
    return {};
  }

 private:
  // Who was written down without a tenant may be the subject.
  bool is_subject(const LoggedKey& key) const {
    if (!key.tenant) return ids_.contains(key.id);
    return keys_.contains(RowKey{Instant(), key.id, *key.tenant});
  }

  // The change log names registers' rows by key; those of the subject are forgotten.
  Result<void> forget_changes() {
    std::vector<ChangeRecord> changed;
    {
      DAYBOOK_ASSIGN(Query query,
                     access_.db.query("SELECT application, first, last, content FROM change "
                                      "WHERE collection = ?1"));
      query.bind(1, shelf_.number);
      while (true) {
        DAYBOOK_ASSIGN(const bool more, query.step());
        if (!more) break;
        ChangeRecord record;
        record.application = query.integer(0);
        record.first = query.number(1);
        record.last = query.number(2);
        DAYBOOK_TRY(read_content(query.blob(3), record));
        bool has_any = false;
        for (LoggedKey& key : record.keys) {
          if (!is_subject(key)) continue;
          key.id.clear();
          has_any = true;
        }
        if (!has_any) continue;
        changed.push_back(std::move(record));
      }
    }
    DAYBOOK_ASSIGN(Query update, access_.db.query("UPDATE change SET content = ?3 WHERE "
                                                  "application = ?1 AND first = ?2"));
    for (const ChangeRecord& record : changed) {
      const std::string content = write_content(record);
      update.bind(1, record.application).bind(2, record.first).bind_blob(3, content);
      DAYBOOK_TRY(update.run());
    }
    return {};
  }

  Result<RowSet> find_subject(Partition& partition, WriterBlock& block) {
    columns::BlockReader& reader = *block.opened.reader;
    RowSet subject(reader.rows(), false);
    auto chosen = columns::Chosen::all(reader.rows());
    DAYBOOK_TRY(columns::narrow(erasure_.filter, reader, chosen));
    DAYBOOK_TRY(reader.want_all());
    DAYBOOK_ASSIGN(const columns::Column* sequences, reader.column(reader.layout().sequence));
    for (const std::uint32_t position : std::move(chosen).positions()) {
      subject[position] = true;
      const Row row = reader.row(position);
      if (!reader.is_dead(position)) count(removed_, shelf_, row);
      // A newer version of the row that is not the subject's any more lives on under its sequence.
      const auto sequence = static_cast<columns::Sequence>(sequences->numbers()[position]);
      ids_.insert(row.id);
      subjects_.insert(sequence);
      if (reader.is_dead(position)) continue;
      DAYBOOK_TRY(
          bury(access_.db, shelf_, partition.info->id, sequence, row, Remembers::kHashOnly));
      settles_.emplace_back([&partition] { partition.has_buried = true; });
    }
    const auto& numbers = sequences->numbers();
    for (std::size_t i = 0; i < reader.rows(); ++i) {
      known_.insert(static_cast<columns::Sequence>(numbers[i]));
    }
    return subject;
  }

  // Of a deleted row whose bytes are gone nobody can say whose it was: its id goes too.
  Result<void> forget_deleted(const Partition& partition) {
    if (!partition.has_buried && subjects_.empty()) return {};
    return sqlite::forget_ids(access_.db, partition.info->id, [&](columns::Sequence sequence) {
      return known_.contains(sequence) && !subjects_.contains(sequence);
    });
  }

  Result<void> rewrite_blocks(const PartitionKey& key, Partition& partition,
                              const std::vector<WriterBlock>& blocks,
                              const std::vector<RowSet>& subjects) {
    const auto has_any = [](const RowSet& rows) {
      return std::ranges::find(rows, true) != rows.end();
    };
    KeepsRow keeps_in_frozen = [](std::size_t) { return true; };
    KeepsRow keeps_in_open = keeps_in_frozen;
    bool is_open_touched = false;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      if (!has_any(subjects[i])) continue;
      const KeepsRow keeps = [rows = subjects[i]](std::size_t position) {
        return position >= rows.size() || !rows[position];
      };
      if (blocks[i].sealed) {
        constexpr Commit kEver = std::numeric_limits<Commit>::max();
        DAYBOOK_ASSIGN(const Rewritten rewritten,
                       encode_anew(shelf_, {blocks[i].sealed}, access_.db, cache_, kEver, keeps));
        DAYBOOK_ASSIGN(Settle settle, exchange(access_, shelf_, key, rewritten));
        settles_.push_back(std::move(settle));
        continue;
      }
      is_open_touched = true;
      (blocks[i].is_frozen ? keeps_in_frozen : keeps_in_open) = keeps;
    }
    if (!is_open_touched) return {};
    DAYBOOK_ASSIGN(Settle settle,
                   seal_open(access_, shelf_, partition, keeps_in_frozen, keeps_in_open));
    settles_.push_back(std::move(settle));
    return {};
  }

  WriteAccess& access_;
  ColumnCache& cache_;
  const Shelf& shelf_;
  const Erasure& erasure_;
  Removed& removed_;
  std::vector<Settle> settles_;
  std::set<std::string> ids_;  // of the subject's rows
  std::set<RowKey> keys_;      // of those in a register
  // Of the partition at hand, by the rows whose bytes are there.
  std::set<columns::Sequence> known_, subjects_;
};

Result<void> log_erasure(WriteAccess& access, const Shelf& shelf) {
  ChangeLog log;
  log.add_erased(shelf.application, ++access.positions[shelf.application], shelf.number);
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  return log.write(access.db, micros(now));
}

// What expired waits for its turn no longer: it may hold the subject's bytes too.
Result<void> remove_all_discarded(Connection& db) {
  while (true) {
    DAYBOOK_ASSIGN(const bool more, remove_discarded(db));
    if (!more) return {};
  }
}

Result<void> count_in_block(const Shelf& shelf, columns::BlockReader& block, const Filter& filter,
                            Removed& removed) {
  auto chosen = columns::Chosen::all(block.rows());
  DAYBOOK_TRY(columns::narrow(filter, block, chosen));
  chosen.keep_if([&](std::uint32_t position) { return !block.is_dead(position); });
  if (chosen.empty()) return {};
  DAYBOOK_TRY(block.want_all());
  for (const std::uint32_t position : std::move(chosen).positions()) {
    count(removed, shelf, block.row(position));
  }
  return {};
}

}  // namespace

Result<Removed> preview_erasure(const Shelf& shelf, Snapshot& snapshot, const Erasure& erasure) {
  Removed removed;
  if (!shelf.collection->is_journal()) {
    const auto look = [&](Row&& row) -> Result<bool> {
      count(removed, shelf, row);
      return true;
    };
    DAYBOOK_TRY(look_at_rows(snapshot.db(), *shelf.collection, erasure.filter, "", look));
    return removed;
  }
  ColumnCache cache(0);  // nobody is going to ask for these again
  JournalReader journal(shelf, snapshot, cache);
  for (const PartitionView& partition : *snapshot.view().journals[shelf.index]) {
    const std::uint64_t before = removed.rows;
    const auto look = [&](columns::BlockReader& block, std::uint64_t) {
      return count_in_block(shelf, block, erasure.filter, removed);
    };
    DAYBOOK_TRY(journal.for_each_block(partition, look));
    removed.partitions += removed.rows > before ? 1 : 0;
  }
  return removed;
}

Result<Settle> erase(WriteAccess& access, ColumnCache& cache, const Shelf& shelf,
                     const Erasure& erasure, Removed& removed) {
  DAYBOOK_TRY(access.db.run("PRAGMA secure_delete = ON"));
  Eraser eraser(access, cache, shelf, erasure, removed);
  std::vector<Settle> settles;
  if (shelf.collection->is_journal()) {
    DAYBOOK_ASSIGN(settles, eraser.erase_journal());
  } else {
    DAYBOOK_TRY(eraser.erase_register());
  }
  DAYBOOK_TRY(eraser.forget_answers());
  DAYBOOK_TRY(remove_all_discarded(access.db));
  if (removed.rows > 0) DAYBOOK_TRY(log_erasure(access, shelf));
  DAYBOOK_TRY(remember_to_scrub(access.db));
  access.afterwards = [&db = access.db, &removed] {
    removed.is_scrubbed = scrub(db, kPatience).ok();
  };
  return Settle([settles = std::move(settles), &cache] {
    for (const Settle& settle : settles) settle();
    cache.clear();
  });
}

}  // namespace daybook::sqlite
