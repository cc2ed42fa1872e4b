#include "store/sqlite/replay.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "store/columns/frame.h"

namespace daybook::sqlite {

namespace {

class Replay {
 public:
  Replay(Connection& db, const Shelves& shelves) : db_(db), shelves_(shelves) {
    for (const auto& shelf : shelves.all()) state_.journals.push_back({shelf.get(), {}});
  }

  Result<Writer::State> run() && {
    DAYBOOK_TRY(read_counters());
    DAYBOOK_TRY(read_partitions());
    DAYBOOK_TRY(read_blocks());
    DAYBOOK_TRY(read_deaths());
    DAYBOOK_TRY(read_buried());
    DAYBOOK_TRY(read_frames());
    if (!damaged_.empty()) return damage();
    return std::move(state_);
  }

 private:
  // A partition and, of its open block, where each sequence lives.
  struct Known {
    Partition* partition;
    const Shelf* shelf;
    std::unordered_map<columns::Sequence, std::size_t> living;
  };

  // What cannot be read is named, all of it: one repair shall do.
  void note_damage(const Known& known, const std::string& what, const Error& error) {
    const PartitionInfo& info = *known.partition->info;
    damaged_.push_back(
        known.shelf->collection->full_name() + ", partition " + std::to_string(info.id) + " from " +
        format_instant(from_micros(info.start)) + ", " + what + ": " + error.message());
  }

  Error damage() const {
    constexpr std::size_t kNamed = 10;
    std::string all;
    for (std::size_t i = 0; i < std::min(damaged_.size(), kNamed); ++i) {
      all += (i == 0 ? "" : "; ") + damaged_[i];
    }
    if (damaged_.size() > kNamed) {
      all += "; and " + std::to_string(damaged_.size() - kNamed) + " more";
    }
    return {Code::kInternal, std::move(all)};
  }

  Result<void> read_counters() {
    DAYBOOK_ASSIGN(Query query, db_.query("SELECT id, value FROM counter"));
    while (true) {
      DAYBOOK_ASSIGN(const bool more, query.step());
      if (!more) return {};
      if (query.integer(0) == 0) {
        state_.commit = query.number(1);
      } else {
        state_.positions[query.integer(0)] = query.number(1);
      }
    }
  }

  Result<void> read_partitions() {
    DAYBOOK_ASSIGN(Query query, db_.query("SELECT id, collection, start, until, keep, rule, "
                                          "sequence FROM partition"));
    while (true) {
      DAYBOOK_ASSIGN(const bool more, query.step());
      if (!more) return {};
      // Of a collection that is not declared any more: stays as it is until it is dropped.
      const Shelf* shelf = shelves_.by_number(query.integer(1));
      if (shelf == nullptr || !shelf->collection->is_journal()) continue;
      auto partition = std::make_unique<Partition>();
      partition->info = std::make_shared<const PartitionInfo>(
          PartitionInfo{query.integer(0), shelf->index, query.integer(2), query.integer(3),
                        query.integer(4), std::string(query.text(5))});
      partition->next_sequence = query.number(6);
      known_[query.integer(0)] = {partition.get(), shelf, {}};
      const PartitionKey key{query.integer(2), query.integer(4)};
      state_.journals[shelf->index].partitions[key] = std::move(partition);
    }
  }

  Result<void> read_blocks() {
    std::unordered_map<Partition*, SealedBlocks> sealed;
    DAYBOOK_ASSIGN(Query query, db_.query("SELECT id, partition, header FROM block ORDER BY id"));
    while (true) {
      DAYBOOK_ASSIGN(const bool more, query.step());
      if (!more) break;
      const auto it = known_.find(query.integer(1));
      if (it == known_.end()) continue;
      auto header = columns::read_header(query.blob(2));
      if (!header.ok()) {
        note_damage(it->second, "block " + std::to_string(query.integer(0)), header.error());
        continue;
      }
      Partition& partition = *it->second.partition;
      partition.next_sequence = std::max(partition.next_sequence, header->last_sequence + 1);
      auto block = std::make_shared<SealedBlock>(query.integer(0), *std::move(header));
      blocks_[block->number] = block.get();
      sealed[&partition].push_back(std::move(block));
    }
    for (auto& [partition, blocks] : sealed) {
      partition->sealed = std::make_shared<const SealedBlocks>(std::move(blocks));
    }
    return {};
  }

  Result<void> read_deaths() {
    DAYBOOK_ASSIGN(Query query, db_.query("SELECT block, position, commit_number FROM death"));
    while (true) {
      DAYBOOK_ASSIGN(const bool more, query.step());
      if (!more) return {};
      const auto it = blocks_.find(query.integer(0));
      if (it == blocks_.end() || query.number(1) >= it->second->header.rows) continue;
      it->second->deaths.kill(query.number(1), query.number(2));
    }
  }

  Result<void> read_buried() {
    DAYBOOK_ASSIGN(Query query, db_.query("SELECT DISTINCT partition FROM buried"));
    while (true) {
      DAYBOOK_ASSIGN(const bool more, query.step());
      if (!more) return {};
      const auto it = known_.find(query.integer(0));
      if (it != known_.end()) it->second.partition->has_buried = true;
    }
  }

  Result<void> read_frames() {
    DAYBOOK_ASSIGN(Query query, db_.query("SELECT id, partition, data FROM frame ORDER BY id"));
    while (true) {
      DAYBOOK_ASSIGN(const bool more, query.step());
      if (!more) return {};
      const auto it = known_.find(query.integer(1));
      if (it == known_.end()) continue;
      Known& known = it->second;
      auto frame =
          columns::read_frame(query.blob(2), *known.shelf->collection, known.shelf->numbers);
      if (!frame.ok()) {
        note_damage(known, "frame " + std::to_string(query.integer(0)), frame.error());
        continue;
      }
      known.partition->frames.push_back(query.integer(0));
      add(known, *frame, static_cast<Commit>(query.integer(0)) >> 20);
    }
  }

  void add(Known& known, const columns::Frame& frame, Commit commit) {
    Partition& partition = *known.partition;
    partition.last_commit = commit;
    if (!partition.open) {
      partition.open = std::make_shared<columns::OpenBlock>(*known.shelf->collection);
    }
    columns::Sequence sequence = frame.first;
    for (const Row& row : frame.rows) {
      known.living[sequence] = partition.open->append(row, sequence);
      ++sequence;
    }
    partition.next_sequence = std::max(partition.next_sequence, sequence);
    for (const columns::RowChange& change : frame.changes) apply(known, change, commit);
  }

  void apply(Known& known, const columns::RowChange& change, Commit commit) {
    columns::OpenBlock& open = *known.partition->open;
    // A row that is not open lies in a sealed block, where its death was recorded with the commit.
    if (const auto it = known.living.find(change.sequence); it != known.living.end()) {
      open.deaths().kill(it->second, commit);
      known.living.erase(it);
    }
    if (change.kind == columns::RowChange::Kind::kVersion) {
      known.living[change.sequence] = open.append(change.row, change.sequence);
    }
  }

  Connection& db_;
  const Shelves& shelves_;
  Writer::State state_;
  std::unordered_map<std::int64_t, Known> known_;
  std::unordered_map<std::int64_t, SealedBlock*> blocks_;
  std::vector<std::string> damaged_;
};

}  // namespace

Result<Writer::State> replay(Connection& db, const Shelves& shelves) {
  return Replay(db, shelves).run();
}

}  // namespace daybook::sqlite
