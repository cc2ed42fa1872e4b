#include "store/sqlite/part_space.h"

#include <map>
#include <memory>
#include <string>

#include "store/columns/rolling.h"
#include "store/sqlite/sealed_block.h"

namespace daybook::sqlite {

namespace {

using columns::PartKind;
using columns::PartNumber;

// By number; also those of fields that are not declared any more.
using Names = std::map<std::uint32_t, std::string>;

Result<Names> names_of_columns(Connection& db, const Shelf& shelf) {
  Names names = {{columns::kIdNumber, "(id)"},
                 {columns::kExtraNumber, "(extra)"},
                 {columns::kSequenceNumber, "(sequence)"}};
  DAYBOOK_ASSIGN(Query query, db.query("SELECT number, name FROM field WHERE collection = ?1"));
  query.bind(1, shelf.number);
  while (true) {
    DAYBOOK_ASSIGN(const bool more, query.step());
    if (!more) return names;
    names.emplace(static_cast<std::uint32_t>(query.integer(0)), query.text(1));
  }
}

std::string name_of_rollup(const Collection& collection, std::uint32_t number) {
  const columns::RollupTier tier = columns::rollup_tier(number);
  const bool is_declared = tier.rollup < collection.rollups.size() &&
                           tier.tier < collection.rollups[tier.rollup].tiers.size();
  if (!is_declared) return "(not declared any more)";
  const Rollup& rollup = collection.rollups[tier.rollup];
  return rollup.name + ", " + format_step(rollup.tiers[tier.tier]);
}

struct Parts {
  std::map<PartNumber, std::uint64_t> bytes;
  std::uint64_t rows = 0;
  std::shared_ptr<const SealedBlock> newest;
};

Result<void> add_block(Connection& db, const std::shared_ptr<SealedBlock>& block, Parts& parts) {
  parts.rows += block->header.rows;
  if (!parts.newest || block->number > parts.newest->number) parts.newest = block;
  DAYBOOK_ASSIGN(Query query, db.query("SELECT id, length(data) FROM block_part WHERE id >= "
                                       "?1 << 14 AND id < (?1 + 1) << 14"));
  query.bind(1, block->number);
  while (true) {
    DAYBOOK_ASSIGN(const bool more, query.step());
    if (!more) return {};
    const auto packed = static_cast<std::uint32_t>(query.integer(0) & (columns::kMaxPart - 1));
    parts.bytes[PartNumber::unpacked(packed)] += query.number(1);
  }
}

Result<std::string> encoding_of(SealedColumns& block, std::uint64_t rows, PartNumber part) {
  if (part.kind != PartKind::kColumn) return std::string();
  DAYBOOK_ASSIGN(const auto content, block.part(part));
  if (!content) return std::string();
  return columns::describe_column(rows, *content);
}

}  // namespace

Result<void> measure_parts(const Shelf& shelf, Snapshot& snapshot, std::vector<PartSpace>& parts) {
  Connection& db = snapshot.db();
  Parts found;
  for (const PartitionView& partition : *snapshot.view().journals[shelf.index]) {
    for (const auto& block : *partition.sealed) DAYBOOK_TRY(add_block(db, block, found));
  }
  if (!found.newest) return {};
  DAYBOOK_ASSIGN(Names names, names_of_columns(db, shelf));
  ColumnCache cache(0);  // nothing is decoded
  SealedColumns newest(shelf, *found.newest, db, cache);
  for (const auto& [part, bytes] : found.bytes) {
    PartSpace& space = parts.emplace_back();
    space.collection = shelf.collection->full_name();
    space.part = columns::kind_name(part.kind);
    space.of = part.kind == PartKind::kRollup ? name_of_rollup(*shelf.collection, part.number)
                                              : names[part.number];
    space.bytes = bytes;
    space.rows = found.rows;
    DAYBOOK_ASSIGN(space.encoding, encoding_of(newest, found.newest->header.rows, part));
  }
  return {};
}

}  // namespace daybook::sqlite
