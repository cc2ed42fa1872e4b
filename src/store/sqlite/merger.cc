#include "store/sqlite/merger.h"

#include <utility>

#include "store/sqlite/sealing.h"

namespace daybook::sqlite {

namespace {

// A block is worn when one row in so many is dead. While a partition is being changed, dead rows
// come one after another, and a block would be written again for every few of them.
constexpr std::size_t kWornWhenQuiet = 20;
constexpr std::size_t kWornWhenBusy = 4;

std::size_t living_rows(const SealedBlock& block) {
  return block.header.rows - std::as_const(block.deaths).count();
}

bool is_worn(const SealedBlock& block, bool is_quiet) {
  return block.deaths.count() * (is_quiet ? kWornWhenQuiet : kWornWhenBusy) > block.header.rows;
}

}  // namespace

SealedBlocks choose_blocks(const PartitionView& partition, bool is_quiet, std::size_t block_rows) {
  SealedBlocks run;
  std::size_t rows = 0;
  const auto is_worth_it = [&] {
    return run.size() > 1 || (run.size() == 1 && is_worn(*run.front(), is_quiet));
  };
  for (const auto& block : *partition.sealed) {
    const std::size_t living = living_rows(*block);
    const bool is_small = is_quiet && living < block_rows / 2;
    const bool fits = rows + living <= block_rows;
    const bool is_candidate = is_small || is_worn(*block, is_quiet);
    if ((!is_candidate || !fits) && is_worth_it()) return run;
    if (!is_candidate || !fits) {
      run.clear();
      rows = 0;
    }
    if (!is_candidate) continue;
    run.push_back(block);
    rows += living;
  }
  return is_worth_it() ? run : SealedBlocks();
}

Merger::Choice Merger::choose(const View& view) const {
  const auto now = std::chrono::steady_clock::now();
  for (const auto& journal : view.journals) {
    if (!journal) continue;
    for (const PartitionView& partition : *journal) {
      if (partition.sealed->empty()) continue;
      const bool is_quiet = now - partition.last_touched >= options_.quiet;
      auto blocks = choose_blocks(partition, is_quiet, options_.block_rows);
      if (!blocks.empty()) return {&partition, std::move(blocks)};
    }
  }
  return {};
}

Result<bool> Merger::step() {
  if (choose(*views_.newest()).blocks.empty()) return false;
  Result<Rewritten> rewritten = Rewritten();
  PartitionKey key;
  const Shelf* shelf = nullptr;
  {
    DAYBOOK_ASSIGN(Snapshot snapshot, Snapshot::open(readers_, views_, {}));
    Choice choice = choose(snapshot.view());
    if (choice.blocks.empty()) return false;
    const PartitionInfo& info = *choice.partition->info;
    shelf = shelves_.all()[info.shelf].get();
    key = {info.start, info.keep};
    rewritten = encode_anew(*shelf, std::move(choice.blocks), snapshot.db(), cache_,
                            snapshot.view().commit, [](std::size_t) { return true; });
  }
  DAYBOOK_TRY(rewritten);
  tell(options_, Moment::kEncoded);
  DAYBOOK_TRY(
      writer_.run([&](WriteAccess& access) { return exchange(access, *shelf, key, *rewritten); }));
  return true;
}

}  // namespace daybook::sqlite
