// RolledSummary: a summary from the stored sums of a rollup, as far as they go: first those of rows
// that are gone, then those of many blocks in one, then those of single blocks, each from its
// coarsest tier to its finest. What no stored sum stands for is left to be read as rows: the edges
// of the window, open blocks, blocks in which rows have died since.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/rollup_plan.h"
#include "query/summary.h"
#include "store/sqlite/journal_reader.h"
#include "store/sqlite/questions.h"
#include "store/sqlite/rollup_tables.h"

namespace daybook::sqlite {

// For one question and one thread.
class RolledSummary {
 public:
  // All given outlive it.
  RolledSummary(const Source& source, const Summary& summary, const RollupPlan& plan,
                JournalReader& reader, GroupTable& groups);

  // Folds what is stored into the groups; gives what is left.
  Result<std::vector<BlockPlace>> fold(Cost& cost);
  // Cells that were folded, and the rows that they stand for.
  std::uint64_t cells() const { return cells_; }
  std::uint64_t rows() const { return rows_; }

 private:
  using Spans = std::vector<RollupPlan::Span>;
  struct Gathered {
    std::string place;  // which stored sums, and which spans of them; empty where those still grow
    std::shared_ptr<const RollupCells> cells;
    Spans spans;
  };

  // What of the window lies within whole buckets around [start, end).
  Spans spans_around(std::int64_t start, std::int64_t end) const;
  Result<void> fold_past();
  Result<void> fold_chunks(const PastSums& past);
  Result<void> fold_partition(const PartitionView& partition, Cost& cost);
  Result<void> fold_block(const SealedBlock& block, Spans spans, const PartitionInfo& info,
                          Cost& cost);
  // The blocks of the partition that its sums are still right about; none when one is not.
  std::vector<std::int64_t> covered(const PartitionView& partition,
                                    const PartitionSums& sums) const;
  // Takes out of the spans what the tiers cover. `read` gives a tier's stored bytes, which stay
  // until it is called again. The name is never used again for other sums.
  template <typename Read>
  Result<void> fold_tiers(const std::string& name, const std::vector<Duration>& widths,
                          const Read& read, Spans& spans);
  // What of the stored cells is asked for. Null: they are of another declaration, or not of this
  // width.
  Result<std::shared_ptr<const RollupCells>> narrowed(std::string_view bytes, Duration width,
                                                      const Spans& taken) const;
  // To be folded with others: a group of many cells is summed once.
  Result<void> gather(Gathered part);
  Result<void> fold_gathered();
  // The sums of all the parts, in these buckets. Who asks again finds them made.
  Result<std::shared_ptr<const RollupCells>> summed(const std::vector<Gathered>& parts,
                                                    const Spans& buckets) const;
  // Of those sums; empty where they are not to be remembered.
  std::string sum_name(const std::vector<Gathered>& parts, const Spans& buckets) const;
  Result<void> fold_cells(const RollupCells& cells, const Spans& taken);
  void leave(const SealedBlock* sealed, const OpenRows* open, const Spans& spans,
             const PartitionInfo& info);

  const Source& source_;
  const Summary& summary_;
  const RollupPlan& plan_;
  const WantedCells wanted_;
  const std::vector<bool> wanted_by_;
  const std::string asked_;  // what makes the cells of one tier others than another question's
  JournalReader& reader_;
  GroupTable& groups_;
  std::vector<BlockPlace> places_;
  std::vector<Gathered> gathered_;
  std::size_t gathered_bytes_ = 0;
  std::uint64_t cells_ = 0, rows_ = 0;
};

}  // namespace daybook::sqlite
