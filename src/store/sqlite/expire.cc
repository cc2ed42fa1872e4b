#include <algorithm>
#include <iterator>
#include <utility>

#include "query/row_size.h"
#include "store/columns/frame.h"
#include "store/sqlite/block_list.h"
#include "store/sqlite/buried.h"
#include "store/sqlite/past_keep.h"
#include "store/sqlite/past_rows.h"
#include "store/sqlite/register_table.h"
#include "store/sqlite/sealing.h"
#include "store/sqlite/stored_block.h"
#include "store/sqlite/upkeep.h"

namespace daybook::sqlite {

namespace {

// Rows of a partition that is there, by block; all or some of them are past their keep.
struct Doomed {
  bool is_whole = true;
  std::vector<columns::Positions> by_block;
  Removed removed;
  // What was found ahead is what goes: those blocks, and no row of them has died since.
  const PastAhead::Looked* summed = nullptr;
};

class Expirer {
 public:
  Expirer(WriteAccess& access, ColumnCache& cache, const Shelf& shelf, const Expiry& expiry,
          const PastAhead& ahead, Removed& removed)
      : access_(access),
        cache_(cache),
        shelf_(shelf),
        expiry_(expiry),
        ahead_(ahead),
        removed_(removed) {}

  Result<Settle> expire_journal() {
    std::vector<Settle> settles;
    Journal& journal = access_.journals[shelf_.index];
    for (auto& [key, partition] : journal.partitions) {
      if (!ahead_.covers(key) || !may_expire(shelf_, *partition->info, expiry_)) continue;
      auto blocks = blocks_of(shelf_, *partition, access_.db, cache_);
      DAYBOOK_ASSIGN(Doomed doomed, look(*partition, blocks));
      DAYBOOK_TRY(keep_sums(*partition, blocks, doomed));
      if (doomed.is_whole) {
        DAYBOOK_ASSIGN(Settle settle, drop_partition(access_, shelf_, key));
        settles.push_back(std::move(settle));
        doomed.removed.partitions = doomed.removed.rows > 0 ? 1 : 0;
      } else {
        DAYBOOK_TRY(kill(*partition, blocks, doomed));
      }
      add(removed_, doomed.removed);
    }
    return Settle([settles = std::move(settles), dying = std::move(dying_),
                   frames = std::move(frames_), commit = access_.commit] {
      for (const auto& [partition, frame] : frames) partition->frames.push_back(frame);
      for (const Dying& row : dying) {
        (row.open ? row.open->deaths() : row.sealed->deaths).kill(row.position, commit);
      }
      for (const Settle& settle : settles) settle();
    });
  }

  Result<Settle> expire_register() {
    for (const RowKey& key : ahead_.keys()) {
      DAYBOOK_ASSIGN(const auto row, find_row(access_.db, *shelf_.collection, key.id, key.tenant));
      if (!row || !is_expired(shelf_, *row, expiry_)) continue;
      ++removed_.rows;
      removed_.bytes += row_bytes(*row);
      DAYBOOK_TRY(remove_row(access_.db, *shelf_.collection, key.id, key.tenant));
    }
    return Settle();
  }

 private:
  // What goes stays in the rollups, for as long as they keep it.
  Result<void> keep_sums(const Partition& partition, std::vector<WriterBlock>& blocks,
                         const Doomed& doomed) {
    std::vector<GoingRows> going;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const bool is_summed = doomed.summed && blocks[i].sealed &&
                             doomed.summed->blocks.contains(blocks[i].sealed->number);
      if (is_summed || doomed.by_block[i].empty()) continue;
      going.push_back({blocks[i].opened.reader.get(), doomed.by_block[i]});
    }
    if (doomed.summed) {
      DAYBOOK_TRY(keep_past(access_.db, shelf_, *partition.info, doomed.summed->chunks));
    }
    DAYBOOK_ASSIGN(const auto chunks, roll_past(shelf_, *partition.info, going, expiry_.now));
    return keep_past(access_.db, shelf_, *partition.info, chunks);
  }

  Result<Doomed> look(const Partition& partition, std::vector<WriterBlock>& blocks) {
    Doomed doomed;
    const PastAhead::Looked* looked = ahead_.find(partition);
    std::size_t unchanged = 0;
    for (WriterBlock& block : blocks) {
      const ExpiredRows* ahead = nullptr;
      if (looked && block.sealed) {
        const auto known = looked->blocks.find(block.sealed->number);
        if (known != looked->blocks.end()) ahead = &known->second;
      }
      DAYBOOK_ASSIGN(ExpiredRows expired,
                     ahead ? what_lives(*ahead, block) : find(partition, block));
      block.opened.reader->forget();
      if (ahead && ahead->removed.rows == expired.removed.rows) ++unchanged;
      doomed.is_whole = doomed.is_whole && expired.is_all;
      add(doomed.removed, expired.removed);
      doomed.by_block.push_back(std::move(expired.positions));
    }
    if (looked && unchanged == looked->blocks.size()) doomed.summed = looked;
    if (doomed.is_whole) {
      DAYBOOK_ASSIGN(doomed.is_whole, goes_whole(access_.db, shelf_, *partition.info, expiry_));
    }
    return doomed;
  }

  Result<ExpiredRows> find(const Partition& partition, WriterBlock& block) {
    return find_expired(shelf_, *partition.info, expiry_, *block.opened.reader, bytes_of(block));
  }

  // Of what was found ahead. Rows of a sealed block can only have died since: a new version of one
  // is open.
  Result<ExpiredRows> what_lives(const ExpiredRows& ahead, WriterBlock& block) {
    columns::BlockReader& reader = *block.opened.reader;
    ExpiredRows expired{ahead.is_all, {}, ahead.removed};
    if (ahead.is_all) {
      expired.positions = living_rows(reader);
    } else {
      std::ranges::copy_if(ahead.positions, std::back_inserter(expired.positions),
                           [&](std::uint32_t position) { return !reader.is_dead(position); });
    }
    if (expired.positions.size() != ahead.removed.rows) {
      DAYBOOK_ASSIGN(expired.removed, count_removed(reader, expired.positions, bytes_of(block)));
    }
    return expired;
  }

  static std::uint64_t bytes_of(const WriterBlock& block) {
    return block.sealed ? block.sealed->header.bytes : block.open->bytes();
  }

  // Single rows of a partition that stays: they die, and their bytes go with the next rewriting.
  Result<void> kill(Partition& partition, std::vector<WriterBlock>& blocks, const Doomed& doomed) {
    std::string gone;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      for (const std::uint32_t position : doomed.by_block[i]) {
        dying_.push_back({blocks[i].open, blocks[i].sealed, position});
        if (!blocks[i].sealed) {
          columns::put_gone(gone, blocks[i].open->sequence(position));
          continue;
        }
        DAYBOOK_TRY(write_death(access_.db, blocks[i].sealed->number, position, access_.commit));
      }
    }
    if (gone.empty()) return {};
    columns::FrameWriter frame(columns::FrameKind::kChanges, 0);
    frame.add_packed(columns::pack(gone));
    const std::string bytes = std::move(frame).finish();
    const auto id = static_cast<std::int64_t>(access_.commit << 20) | next_frame_++;
    DAYBOOK_ASSIGN(Query query, access_.db.query("INSERT INTO frame (id, partition, data) VALUES "
                                                 "(?1, ?2, ?3)"));
    query.bind(1, id).bind(2, partition.info->id).bind_blob(3, bytes);
    DAYBOOK_TRY(query.run());
    frames_.emplace_back(&partition, id);
    access_.touched_journals[shelf_.index] = true;
    return {};
  }

  WriteAccess& access_;
  ColumnCache& cache_;
  const Shelf& shelf_;
  const Expiry& expiry_;
  const PastAhead& ahead_;
  Removed& removed_;
  std::int64_t next_frame_ = 0;
  // For after the COMMIT.
  struct Dying {
    std::shared_ptr<columns::OpenBlock> open;
    std::shared_ptr<SealedBlock> sealed;
    std::size_t position;
  };
  std::vector<Dying> dying_;
  std::vector<std::pair<Partition*, std::int64_t>> frames_;
};

// As many records as one transaction may take away without holding up those who write.
constexpr std::int64_t kPrunedAtOnce = 20'000;

// Changes are kept for a while only; up to where they went is remembered.
Result<void> prune_changes(Connection& db, std::int64_t application, std::int64_t before) {
  DAYBOOK_ASSIGN(Query old, db.query("SELECT max(last) FROM (SELECT last, at FROM change WHERE "
                                     "application = ?1 ORDER BY first LIMIT ?3) WHERE at < ?2"));
  old.bind(1, application).bind(2, before).bind(3, kPrunedAtOnce);
  DAYBOOK_ASSIGN(const bool found, old.step());
  if (!found || old.is_null(0)) return {};
  const std::int64_t gone = old.integer(0);
  DAYBOOK_ASSIGN(Query remove,
                 db.query("DELETE FROM change WHERE application = ?1 AND last <= ?2"));
  remove.bind(1, application).bind(2, gone);
  DAYBOOK_TRY(remove.run());
  DAYBOOK_ASSIGN(Query keep, db.query("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)"));
  const std::string key = "gap/" + std::to_string(application);
  const std::string value = std::to_string(gone);
  keep.bind(1, std::string_view(key)).bind(2, std::string_view(value));
  return keep.run();
}

}  // namespace

Result<Settle> expire(WriteAccess& access, ColumnCache& cache, const Shelf& shelf,
                      const Expiry& expiry, const PastAhead& ahead, Duration changes_kept,
                      Removed& removed) {
  Expirer expirer(access, cache, shelf, expiry, ahead, removed);
  DAYBOOK_ASSIGN(Settle settle, shelf.collection->is_journal() ? expirer.expire_journal()
                                                               : expirer.expire_register());
  DAYBOOK_TRY(forget_past(access.db, shelf, micros(expiry.now)));
  DAYBOOK_TRY(prune_changes(access.db, shelf.application, micros(expiry.now - changes_kept)));
  DAYBOOK_ASSIGN(Query once, access.db.query("DELETE FROM once WHERE expires <= ?1"));
  once.bind(1, micros(expiry.now));
  DAYBOOK_TRY(once.run());
  return Settle([settle = std::move(settle)] {
    if (settle) settle();
  });
}

}  // namespace daybook::sqlite
