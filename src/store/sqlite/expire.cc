#include <algorithm>
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

bool is_expired(const Shelf& shelf, const Row& row, const Expiry& expiry) {
  const auto until = shelf.keep.expires_at(row, expiry.tenants);
  return until && *until <= expiry.now;
}

void count(Removed& removed, Instant time, std::uint64_t bytes) {
  ++removed.rows;
  removed.bytes += bytes;
  removed.oldest = std::min(removed.oldest.value_or(time), time);
  removed.newest = std::max(removed.newest.value_or(time), time);
}

// A block in which every row lives needs no reading.
void count_header(Removed& removed, const columns::BlockHeader& header) {
  removed.rows += header.rows - 1;
  count(removed, from_micros(header.first_time), 0);
  removed.newest = std::max(*removed.newest, from_micros(header.last_time));
}

// Rows of a partition that is there, by block; all or some of them are past their keep.
struct Doomed {
  bool is_whole = true;
  std::vector<columns::Positions> by_block;
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
      if (!may_expire(shelf_, *partition->info, expiry_)) continue;
      if (is_past(shelf_, *partition->info, expiry_)) {
        DAYBOOK_TRY(count_whole(*partition));
        if (expiry_.mode == Expiry::Mode::kPreview) continue;
        DAYBOOK_TRY(keep_all_sums(*partition));
        DAYBOOK_ASSIGN(Settle settle, drop_partition(access_, shelf_, key));
        settles.push_back(std::move(settle));
        continue;
      }
      auto blocks = blocks_of(shelf_, *partition, access_.db, cache_);
      DAYBOOK_ASSIGN(const Doomed doomed, look(*partition, blocks));
      if (expiry_.mode == Expiry::Mode::kPreview) continue;
      DAYBOOK_TRY(keep_sums(*partition, blocks, doomed.by_block));
      if (doomed.is_whole) {
        DAYBOOK_ASSIGN(Settle settle, drop_partition(access_, shelf_, key));
        settles.push_back(std::move(settle));
      } else {
        DAYBOOK_TRY(kill(*partition, blocks, doomed));
      }
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
    std::vector<std::string> ids;
    DAYBOOK_TRY(
        look_at_rows(access_.db, *shelf_.collection, {}, "", [&](Row&& row) -> Result<bool> {
          if (!is_expired(shelf_, row, expiry_)) return true;
          ++removed_.rows;
          removed_.bytes += row_bytes(row);
          ids.push_back(std::move(row.id));
          return true;
        }));
    if (expiry_.mode == Expiry::Mode::kPreview) return Settle();
    for (const std::string& id : ids) DAYBOOK_TRY(remove_row(access_.db, *shelf_.collection, id));
    return Settle();
  }

 private:
  // What was deleted there must stay known until its own keep is over, as long as the longest of
  // the tenants' may be.
  Result<bool> may_forget(const Partition& partition) {
    if (!partition.has_buried) return true;
    DAYBOOK_ASSIGN(const bool is_known, has_unexpired(access_.db, partition.info->id, expiry_.now));
    if (is_known || !shelf_.collection->keep.per_tenant) return !is_known;
    return std::ranges::all_of(expiry_.tenants, [&](const auto& tenant) {
      return from_micros(partition.info->until - 1) + tenant.second <= expiry_.now;
    });
  }

  // What goes stays in the rollups, for as long as they keep it.
  Result<void> keep_sums(const Partition& partition, std::vector<WriterBlock>& blocks,
                         const std::vector<columns::Positions>& positions) {
    std::vector<GoingRows> going;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      if (!positions[i].empty()) going.push_back({blocks[i].opened.reader.get(), positions[i]});
    }
    DAYBOOK_ASSIGN(const auto chunks, roll_past(shelf_, *partition.info, going, expiry_.now));
    return keep_past(access_.db, shelf_, *partition.info, chunks);
  }

  Result<void> keep_all_sums(const Partition& partition) {
    if (shelf_.collection->rollups.empty()) return {};
    if (const auto* chunks = ahead_.find(partition)) {
      return keep_past(access_.db, shelf_, *partition.info, *chunks);
    }
    auto blocks = blocks_of(shelf_, partition, access_.db, cache_);
    std::vector<columns::Positions> living;
    for (const WriterBlock& block : blocks) {
      const columns::BlockReader& reader = *block.opened.reader;
      auto& positions = living.emplace_back();
      for (std::uint32_t position = 0; position < reader.rows(); ++position) {
        if (!reader.is_dead(position)) positions.push_back(position);
      }
    }
    return keep_sums(partition, blocks, living);
  }

  Result<void> count_whole(const Partition& partition) {
    Removed here;
    for (WriterBlock& block : blocks_of(shelf_, partition, access_.db, cache_)) {
      here.bytes += block.sealed ? block.sealed->header.bytes : block.open->bytes();
      if (block.sealed && !block.sealed->deaths.any()) {
        count_header(here, block.sealed->header);
        continue;
      }
      columns::BlockReader& reader = *block.opened.reader;
      DAYBOOK_ASSIGN(const columns::Column* times, reader.column(shelf_.collection->time_field));
      for (std::uint32_t position = 0; position < reader.rows(); ++position) {
        if (!reader.is_dead(position)) count(here, from_micros(times->numbers()[position]), 0);
      }
    }
    add(here, true);
    return {};
  }

  Result<Doomed> look(const Partition& partition, std::vector<WriterBlock>& blocks) {
    Doomed doomed;
    Removed here;
    for (WriterBlock& block : blocks) {
      columns::BlockReader& reader = *block.opened.reader;
      DAYBOOK_TRY(reader.want_all());
      auto& positions = doomed.by_block.emplace_back();
      for (std::uint32_t position = 0; position < reader.rows(); ++position) {
        if (reader.is_dead(position)) continue;
        const Row row = reader.row(position);
        if (!is_expired(shelf_, row, expiry_)) {
          doomed.is_whole = false;
          continue;
        }
        positions.push_back(position);
        count(here, row_time(*shelf_.collection, row), row_bytes(row));
      }
    }
    if (doomed.is_whole) {
      DAYBOOK_ASSIGN(doomed.is_whole, may_forget(partition));
    }
    add(here, doomed.is_whole);
    return doomed;
  }

  void add(const Removed& here, bool is_whole) {
    removed_.rows += here.rows;
    removed_.bytes += here.bytes;
    removed_.partitions += is_whole && here.rows > 0 ? 1 : 0;
    if (here.oldest)
      removed_.oldest = std::min(removed_.oldest.value_or(*here.oldest), *here.oldest);
    if (here.newest)
      removed_.newest = std::max(removed_.newest.value_or(*here.newest), *here.newest);
  }

  // Single rows of a partition that stays: they die, and their bytes go with the next rewriting.
  Result<void> kill(Partition& partition, std::vector<WriterBlock>& blocks, const Doomed& doomed) {
    std::string gone;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      columns::BlockReader& reader = *blocks[i].opened.reader;
      DAYBOOK_ASSIGN(const columns::Column* sequences, reader.column(reader.layout().sequence));
      for (const std::uint32_t position : doomed.by_block[i]) {
        dying_.push_back({blocks[i].open, blocks[i].sealed, position});
        if (!blocks[i].sealed) {
          columns::put_gone(gone, static_cast<columns::Sequence>(sequences->numbers()[position]));
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
  if (expiry.mode == Expiry::Mode::kPreview) return Settle();
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
