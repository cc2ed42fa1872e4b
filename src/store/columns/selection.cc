#include "store/columns/selection.h"

#include <algorithm>
#include <utility>

#include "store/columns/postings.h"
#include "store/columns/predicate.h"

namespace daybook::columns {

namespace {

// What the filter reads of a row; the rest is null.
Result<Row> part_of_row(BlockReader& block, const std::vector<std::size_t>& numbers,
                        std::uint32_t position) {
  Row row;
  row.values.resize(block.collection().fields.size());
  for (const std::size_t number : numbers) {
    DAYBOOK_ASSIGN(Value value, block.value(number, position));
    if (number < row.values.size()) {
      row.values[number] = std::move(value);
    } else if (const auto* id = value.get_if<std::string>()) {
      row.id = *id;
    }
  }
  return row;
}

Result<Chosen> judge_one_by_one(const Filter& filter, BlockReader& block,
                                const Positions& positions) {
  std::vector<std::size_t> numbers;
  add_columns_of(filter, block.layout(), numbers);
  Positions kept;
  for (const std::uint32_t position : positions) {
    DAYBOOK_ASSIGN(const Row row, part_of_row(block, numbers, position));
    if (matches(filter, row)) kept.push_back(position);
  }
  return Chosen(std::move(kept));
}

// The rows for which the filter holds, found by posting lists where they tell.
Result<Chosen> choose(BlockReader& block, const Filter& filter) {
  // Where many are listed, looking at all codes of a column is quicker than sorting the list.
  const std::size_t most = std::max<std::size_t>(block.rows() / 8, kFewRows);
  DAYBOOK_ASSIGN(auto listed, candidates(filter, block, most));
  if (listed && listed->empty()) block.rule_out(BlockReader::RuledOut::kByPostings);
  if (listed && listed->size() <= kFewRows) return judge_one_by_one(filter, block, *listed);
  Chosen chosen = listed ? Chosen(*std::move(listed)) : Chosen::all(block.rows());
  DAYBOOK_TRY(narrow(filter, block, chosen));
  return chosen;
}

Result<void> narrow_by_time(BlockReader& block, const Selection& selection, Chosen& chosen) {
  const std::size_t field = block.collection().time_field;
  if (chosen.size() <= kFewRows) {
    Positions kept;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      DAYBOOK_ASSIGN(const Value time, block.value(field, chosen[i]));
      const std::int64_t at = micros(time.get<Instant>());
      if (at >= selection.start && at < selection.end) kept.push_back(chosen[i]);
    }
    chosen = Chosen(std::move(kept));
    return {};
  }
  DAYBOOK_ASSIGN(const Column* times, block.column(field));
  chosen.keep(times->numbers(), [&](std::int64_t time) {
    return (time >= selection.start) & (time < selection.end);
  });
  return {};
}

}  // namespace

Result<void> narrow(BlockReader& block, const Selection& selection, Chosen& chosen) {
  if (selection.is_empty()) chosen.clear();
  if (!chosen.empty() && !selection.covers(block.times().first, block.times().last)) {
    DAYBOOK_TRY(narrow_by_time(block, selection, chosen));
  }
  if (block.has_deaths()) {
    chosen.keep_if([&](std::uint32_t position) { return !block.is_dead(position); });
  }
  if (selection.expires_field && !chosen.empty()) {
    DAYBOOK_ASSIGN(const Column* ends, block.column(*selection.expires_field));
    chosen.keep_if([&](std::uint32_t position) {
      return ends->is_null(position) || ends->numbers()[position] > selection.now;
    });
  }
  if (selection.rule != nullptr && !chosen.empty()) {
    DAYBOOK_TRY(block.want_all());
    chosen.keep_if([&](std::uint32_t position) {
      const auto until = selection.rule->expires_at(block.row(position), {});
      return !until || micros(*until) > selection.now;
    });
  }
  return {};
}

Result<Chosen> choose(BlockReader& block, const Selection& selection, const Filter& filter) {
  if (selection.is_empty()) return Chosen();
  DAYBOOK_ASSIGN(Chosen chosen, choose(block, filter));
  DAYBOOK_TRY(narrow(block, selection, chosen));
  return chosen;
}

}  // namespace daybook::columns
