#include "store/columns/selection.h"

#include "store/columns/predicate.h"

namespace daybook::columns {

namespace {

Positions inside(const Column& times, const Selection& selection, std::size_t rows) {
  Positions positions(rows);
  std::size_t found = 0;
  times.numbers().for_each_run(0, rows, [&](std::size_t begin, const auto& run) {
    for (std::size_t i = 0; i < run.size; ++i) {
      // Written always and counted when it fits: no branch to guess wrong.
      positions[found] = static_cast<std::uint32_t>(begin + i);
      found += run.data[i] >= selection.start && run.data[i] < selection.end;
    }
  });
  positions.resize(found);
  return positions;
}

}  // namespace

Result<Positions> select(BlockReader& block, const Selection& selection) {
  if (selection.is_empty() || block.rows() == 0) return Positions();
  DAYBOOK_ASSIGN(const Column* times, block.column(block.collection().time_field));
  Positions positions = inside(*times, selection, block.rows());
  if (block.has_deaths()) {
    std::erase_if(positions, [&](std::uint32_t position) { return block.is_dead(position); });
  }
  if (selection.expires_field && !positions.empty()) {
    DAYBOOK_ASSIGN(const Column* ends, block.column(*selection.expires_field));
    std::erase_if(positions, [&](std::uint32_t position) {
      return !ends->is_null(position) && ends->numbers()[position] <= selection.now;
    });
  }
  if (selection.rule != nullptr && !positions.empty()) {
    DAYBOOK_TRY(block.want_all());
    std::erase_if(positions, [&](std::uint32_t position) {
      const auto until = selection.rule->expires_at(block.row(position), {});
      return until && micros(*until) <= selection.now;
    });
  }
  return positions;
}

Result<Positions> select(BlockReader& block, const Selection& selection, const Filter& filter) {
  DAYBOOK_ASSIGN(Positions positions, select(block, selection));
  if (positions.empty()) return positions;
  DAYBOOK_ASSIGN(Predicate predicate, Predicate::bind(filter, block));
  predicate.narrow(positions);
  return positions;
}

}  // namespace daybook::columns
