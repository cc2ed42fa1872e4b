#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "store/columns/frame.h"
#include "store/index_key.h"
#include "store/sql/tables.h"
#include "store/sqlite/journal_reader.h"
#include "store/sqlite/part_space.h"
#include "store/sqlite/upkeep.h"

namespace daybook::sqlite {

namespace {

// The first of each kind is named, with how many there are.
class Findings {
 public:
  void add(const std::string& kind, std::string where, std::string what) {
    auto [it, is_new] = first_.try_emplace(kind, Finding{std::move(where), std::move(what)});
    if (!is_new) ++more_[kind];
  }

  std::vector<Finding> finish() && {
    std::vector<Finding> findings;
    for (auto& [kind, finding] : first_) {
      if (more_[kind] > 0) finding.what += " (and " + std::to_string(more_[kind]) + " more)";
      findings.push_back(std::move(finding));
    }
    return findings;
  }

 private:
  std::map<std::string, Finding> first_;
  std::map<std::string, std::uint64_t> more_;
};

Result<void> check_pages(Connection& db, Findings& findings) {
  DAYBOOK_ASSIGN(Query query, db.query("PRAGMA integrity_check(10)"));
  while (true) {
    DAYBOOK_ASSIGN(const bool more, query.step());
    if (!more) return {};
    if (query.text(0) != "ok") findings.add("page", "database", std::string(query.text(0)));
  }
}

Result<void> check_frames(Connection& db, Findings& findings) {
  DAYBOOK_ASSIGN(Query query, db.query("SELECT frame.id, frame.data, partition.id FROM frame LEFT "
                                       "JOIN partition ON partition.id = frame.partition"));
  while (true) {
    DAYBOOK_ASSIGN(const bool more, query.step());
    if (!more) return {};
    const std::string where = "frame " + std::to_string(query.integer(0));
    if (query.is_null(2)) findings.add("frame's partition", where, "its partition is not there");
    const auto checked = columns::check_frame(query.blob(1));
    if (!checked.ok()) findings.add("frame", where, checked.error().message());
  }
}

Result<void> check_blocks(Connection& db, Findings& findings) {
  std::map<std::int64_t, std::set<columns::PartNumber>> expected;
  std::set<std::int64_t> unread;
  {
    DAYBOOK_ASSIGN(Query query, db.query("SELECT id, header FROM block"));
    while (true) {
      DAYBOOK_ASSIGN(const bool more, query.step());
      if (!more) break;
      const auto header = columns::read_header(query.blob(1));
      if (header.ok()) {
        expected[query.integer(0)] = {header->parts.begin(), header->parts.end()};
      } else {
        unread.insert(query.integer(0));
        findings.add("header", "block " + std::to_string(query.integer(0)),
                     header.error().message());
      }
    }
  }
  DAYBOOK_ASSIGN(Query query, db.query("SELECT id, data FROM block_part"));
  while (true) {
    DAYBOOK_ASSIGN(const bool more, query.step());
    if (!more) break;
    const std::int64_t block = query.integer(0) >> 14;
    const auto part = columns::PartNumber::unpacked(
        static_cast<std::uint32_t>(query.integer(0) & (columns::kMaxPart - 1)));
    const std::string where = "block " + std::to_string(block) + ", " + columns::part_name(part);
    const auto checked = columns::check_part(query.blob(1));
    if (!checked.ok()) findings.add("part", where, checked.error().message());
    const auto it = expected.find(block);
    const bool is_listed = it != expected.end() && it->second.erase(part) > 0;
    if (!is_listed && !unread.contains(block)) {
      findings.add("part of no block", where, "no block says that it has it");
    }
  }
  for (const auto& [block, missing] : expected) {
    if (!missing.empty()) {
      findings.add("missing part", "block " + std::to_string(block),
                   columns::part_name(*missing.begin()) + " is not there");
    }
  }
  return {};
}

// Positions of an application grow by one; those of expired partitions are gone, none may overlap.
Result<void> check_positions(Snapshot& snapshot, Findings& findings) {
  DAYBOOK_ASSIGN(Query query, snapshot.db().query("SELECT application, first, last FROM change "
                                                  "ORDER BY application, first"));
  std::map<std::int64_t, Position> last;
  while (true) {
    DAYBOOK_ASSIGN(const bool more, query.step());
    if (!more) break;
    Position& before = last[query.integer(0)];
    const std::string where = "position " + std::to_string(query.integer(1));
    if (query.number(1) <= before) findings.add("position", where, "is there twice");
    before = query.number(2);
  }
  for (const auto& [application, position] : last) {
    const auto it = snapshot.view().positions.find(application);
    const Position newest = it == snapshot.view().positions.end() ? 0 : it->second;
    if (position > newest) {
      findings.add("position", "position " + std::to_string(position), "is newer than the newest");
    }
  }
  return {};
}

std::uint64_t file_bytes(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

void add_time(CollectionSpace& space, std::int64_t first, std::int64_t last) {
  space.oldest = std::min(space.oldest.value_or(from_micros(first)), from_micros(first));
  space.newest = std::max(space.newest.value_or(from_micros(last)), from_micros(last));
}

void add_open(const Collection& collection, const OpenRows& rows, Commit at,
              CollectionSpace& space) {
  if (rows.rows == 0) return;
  const columns::OpenBlock& block = *rows.block;
  const auto& times = block.column(collection.time_field).numbers();
  for (std::size_t i = 0; i < rows.rows; ++i) {
    if (block.deaths().is_dead(i, at)) continue;
    ++space.rows;
    add_time(space, times[i], times[i]);
  }
}

Result<CollectionSpace> journal_space(const Shelf& shelf, Snapshot& snapshot) {
  CollectionSpace space;
  const View& view = snapshot.view();
  for (const PartitionView& partition : *view.journals[shelf.index]) {
    ++space.partitions;
    for (const auto& block : *partition.sealed) {
      ++space.blocks;
      space.bytes += block->header.bytes;
      for (std::size_t i = 0; i < block->header.rows; ++i) {
        space.rows += block->deaths.is_dead(i, view.commit) ? 0 : 1;
      }
      add_time(space, block->header.first_time, block->header.last_time);
    }
    add_open(*shelf.collection, partition.frozen, view.commit, space);
    add_open(*shelf.collection, partition.open, view.commit, space);
  }
  DAYBOOK_ASSIGN(Query frames,
                 snapshot.db().query("SELECT ifnull(sum(length(frame.data)), 0) FROM frame JOIN "
                                     "partition ON partition.id = frame.partition WHERE "
                                     "partition.collection = ?1"));
  frames.bind(1, shelf.number);
  DAYBOOK_ASSIGN(const bool found, frames.step());
  if (found) space.bytes += frames.number(0);
  return space;
}

bool lacks_list(const columns::BlockHeader& header, std::uint32_t field) {
  return header.has({columns::PartKind::kColumn, field}) &&
         !header.has({columns::PartKind::kPostings, field});
}

bool is_built(const View& view, const Shelf& shelf, const Index& index) {
  const auto& journal = view.journals[shelf.index];
  if (!journal) return true;
  const std::uint32_t field = shelf.numbers.number_of(index.on.front().field);
  return std::ranges::none_of(*journal, [&](const PartitionView& partition) {
    return std::ranges::any_of(*partition.sealed,
                               [&](const auto& block) { return lacks_list(block->header, field); });
  });
}

}  // namespace

Result<std::vector<Finding>> verify(Snapshot& snapshot, const Shelves&) {
  Findings findings;
  DAYBOOK_TRY(check_pages(snapshot.db(), findings));
  DAYBOOK_TRY(check_frames(snapshot.db(), findings));
  DAYBOOK_TRY(check_blocks(snapshot.db(), findings));
  DAYBOOK_TRY(check_positions(snapshot, findings));
  return std::move(findings).finish();
}

Result<Space> measure_space(Snapshot& snapshot, const Shelves& shelves, SpaceDetail detail) {
  Space space;
  for (const auto& shelf : shelves.all()) {
    CollectionSpace& here = space.collections[shelf->collection->full_name()];
    if (shelf->collection->is_journal()) {
      DAYBOOK_ASSIGN(here, journal_space(*shelf, snapshot));
      if (detail == SpaceDetail::kParts) DAYBOOK_TRY(measure_parts(*shelf, snapshot, space.parts));
      continue;
    }
    const std::string table = sql::quote_name(shelf->collection->full_name());
    DAYBOOK_ASSIGN(const auto rows, snapshot.db().ask_integer("SELECT count(*) FROM " + table));
    here.rows = static_cast<std::uint64_t>(rows.value_or(0));
    std::string lengths = "ifnull(length(\"id\"), 0)";
    for (const Field& field : shelf->collection->fields) {
      lengths += " + ifnull(length(" + sql::quote_name(field.name) + "), 0)";
    }
    DAYBOOK_ASSIGN(const auto bytes,
                   snapshot.db().ask_integer("SELECT sum(" + lengths + ") FROM " + table));
    here.bytes = static_cast<std::uint64_t>(bytes.value_or(0));
  }
  DAYBOOK_ASSIGN(const auto page, snapshot.db().ask_integer("PRAGMA page_size"));
  DAYBOOK_ASSIGN(const auto free, snapshot.db().ask_integer("PRAGMA freelist_count"));
  space.free_bytes = static_cast<std::uint64_t>(page.value_or(0) * free.value_or(0));
  DAYBOOK_ASSIGN(const std::string path,
                 snapshot.db().ask_text("SELECT file FROM pragma_database_list WHERE seq = 0"));
  space.file_bytes = file_bytes(path) + file_bytes(path + "-wal");
  return space;
}

std::vector<IndexState> index_states(const View& view, const Shelves& shelves) {
  std::vector<IndexState> states;
  for (const auto& shelf : shelves.all()) {
    for (const Index& index : shelf->collection->indexes) {
      states.push_back({shelf->collection->full_name(), index.name,
                        describe_index(*shelf->collection, index), is_built(view, *shelf, index)});
    }
  }
  return states;
}

}  // namespace daybook::sqlite
