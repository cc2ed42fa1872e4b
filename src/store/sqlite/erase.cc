// Erasing rewrites every block that holds a row of the subject, living or dead, and every open row
// of such a partition: the frames that held them go. Then the pages that were freed go, and the
// log.
#include <algorithm>
#include <set>
#include <utility>

#include "store/columns/predicate.h"
#include "store/sqlite/block_list.h"
#include "store/sqlite/change_log.h"
#include "store/sqlite/register_table.h"
#include "store/sqlite/sealing.h"
#include "store/sqlite/transaction.h"
#include "store/sqlite/upkeep.h"

namespace daybook::sqlite {

namespace {

using RowSet = std::vector<bool>;  // by position

class Eraser {
 public:
  Eraser(WriteAccess& access, ColumnCache& cache, const Shelf& shelf, const Erasure& erasure,
         Removed& removed)
      : access_(access), cache_(cache), shelf_(shelf), erasure_(erasure), removed_(removed) {}

  Result<std::vector<Settle>> erase_journal() {
    for (auto& [key, partition] : access_.journals[shelf_.index].partitions) {
      const std::uint64_t before = removed_.rows;
      auto blocks = blocks_of(shelf_, *partition, access_.db, cache_);
      std::vector<RowSet> subjects;
      for (WriterBlock& block : blocks) {
        DAYBOOK_ASSIGN(RowSet rows, find_subject(*partition, block));
        subjects.push_back(std::move(rows));
      }
      removed_.partitions += removed_.rows > before ? 1 : 0;
      if (erasure_.mode == Erasure::Mode::kRemove) {
        DAYBOOK_TRY(rewrite_blocks(*partition, blocks, subjects));
      }
    }
    return std::move(settles_);
  }

  Result<std::set<std::string>> erase_register() {
    std::set<std::string> ids;
    DAYBOOK_TRY(look_at_rows(access_.db, *shelf_.collection, erasure_.filter, "",
                             [&](Row&& row) -> Result<bool> {
                               ++removed_.rows;
                               removed_.bytes += row_bytes(row);
                               ids.insert(std::move(row.id));
                               return true;
                             }));
    if (erasure_.mode == Erasure::Mode::kPreview) return ids;
    for (const std::string& id : ids) DAYBOOK_TRY(remove_row(access_.db, *shelf_.collection, id));
    return ids;
  }

  // The change log names registers' rows by id; those of the subject are forgotten.
  Result<void> forget_ids(const std::set<std::string>& ids) {
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
        const auto is_subject = [&](const std::string& id) { return ids.contains(id); };
        if (std::ranges::none_of(record.ids, is_subject)) continue;
        for (std::string& id : record.ids) {
          if (is_subject(id)) id.clear();
        }
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

 private:
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
      if (!reader.is_dead(position)) count(row);
      if (erasure_.mode == Erasure::Mode::kPreview) continue;
      // A newer version of the row that is not the subject's any more lives on under its sequence.
      const auto sequence = static_cast<columns::Sequence>(sequences->numbers()[position]);
      if (!reader.is_dead(position)) DAYBOOK_TRY(bury(partition, sequence, row));
      DAYBOOK_TRY(forget_buried(partition, sequence));
    }
    return subject;
  }

  void count(const Row& row) {
    const Instant time = row_time(*shelf_.collection, row);
    ++removed_.rows;
    removed_.bytes += row_bytes(row);
    removed_.oldest = std::min(removed_.oldest.value_or(time), time);
    removed_.newest = std::max(removed_.newest.value_or(time), time);
  }

  Result<void> bury(Partition& partition, columns::Sequence sequence, const Row& row) {
    DAYBOOK_ASSIGN(Query query,
                   access_.db.query("INSERT OR REPLACE INTO buried (partition, sequence, hash, id) "
                                    "VALUES (?1, ?2, ?3, NULL)"));
    query.bind(1, partition.info->id).bind(2, sequence);
    query.bind(3, buried_hash(row_time(*shelf_.collection, row), row.id));
    DAYBOOK_TRY(query.run());
    settles_.emplace_back([&partition] { partition.has_buried = true; });
    return {};
  }

  Result<void> forget_buried(const Partition& partition, columns::Sequence sequence) {
    DAYBOOK_ASSIGN(Query query, access_.db.query("UPDATE buried SET id = NULL WHERE "
                                                 "partition = ?1 AND sequence = ?2"));
    query.bind(1, partition.info->id).bind(2, sequence);
    return query.run();
  }

  Result<void> rewrite_blocks(Partition& partition, const std::vector<WriterBlock>& blocks,
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
        DAYBOOK_ASSIGN(Settle settle,
                       rewrite(access_, cache_, shelf_, partition, *blocks[i].sealed, keeps));
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
};

Result<void> log_erasure(WriteAccess& access, const Shelf& shelf) {
  ChangeLog log;
  log.add_erased(shelf.application, ++access.positions[shelf.application], shelf.number);
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  return log.write(access.db, micros(now));
}

// Freed pages are given back, and the log, which has the old pages too, is emptied.
void scrub(Connection& db) {
  (void)db.run("PRAGMA incremental_vacuum").ok();
  (void)db.run("PRAGMA wal_checkpoint(TRUNCATE)").ok();
  (void)db.run("PRAGMA secure_delete = FAST").ok();
}

}  // namespace

Result<Settle> erase(WriteAccess& access, ColumnCache& cache, const Shelf& shelf,
                     const Erasure& erasure, Removed& removed) {
  const bool is_preview = erasure.mode == Erasure::Mode::kPreview;
  if (!is_preview) DAYBOOK_TRY(access.db.run("PRAGMA secure_delete = ON"));
  Eraser eraser(access, cache, shelf, erasure, removed);
  std::vector<Settle> settles;
  if (shelf.collection->is_journal()) {
    DAYBOOK_ASSIGN(settles, eraser.erase_journal());
  } else {
    DAYBOOK_ASSIGN(const auto ids, eraser.erase_register());
    if (!is_preview && !ids.empty()) DAYBOOK_TRY(eraser.forget_ids(ids));
  }
  if (is_preview) return Settle();
  if (removed.rows > 0) DAYBOOK_TRY(log_erasure(access, shelf));
  access.afterwards = [&db = access.db] { scrub(db); };
  return Settle([settles = std::move(settles), &cache] {
    for (const Settle& settle : settles) settle();
    cache.clear();
  });
}

}  // namespace daybook::sqlite
