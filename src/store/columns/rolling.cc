#include "store/columns/rolling.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "query/distinct_counter.h"
#include "query/pair_numbers.h"
#include "store/columns/predicate.h"

namespace daybook::columns {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

using Numbers = std::vector<std::uint32_t>;

// Numbers the different values of a column at the positions, in the order in which they come.
class ColumnValues {
 public:
  ColumnValues(const Column& column, const Positions& positions) {
    numbers_.reserve(positions.size());
    for (const std::uint32_t position : positions) {
      std::uint32_t& number = place_of(column, position);
      if (number == kNone) {
        number = static_cast<std::uint32_t>(values_.size());
        values_.push_back(column.value(position));
      }
      numbers_.push_back(number);
    }
  }

  const Numbers& numbers() const { return numbers_; }
  const std::vector<Value>& values() const { return values_; }
  std::vector<Value> take_values() && { return std::move(values_); }

 private:
  // Equal texts may have several codes, and then several numbers: merging makes one of them.
  std::uint32_t& place_of(const Column& column, std::uint32_t position) {
    if (column.is_null(position)) return null_;
    switch (column.shape()) {
      case Shape::kText: {
        const std::uint32_t code = column.codes()[position];
        if (code >= by_code_.size()) by_code_.resize(std::size_t{code} * 2 + 64, kNone);
        return by_code_[code];
      }
      case Shape::kNumber:
        return by_number_.try_emplace(column.numbers()[position], kNone).first->second;
      case Shape::kUuid:
        return by_text_.try_emplace(column.text(position), kNone).first->second;
    }
    return null_;
  }

  Numbers numbers_;
  std::vector<Value> values_;
  std::uint32_t null_ = kNone;
  Numbers by_code_;
  std::unordered_map<std::int64_t, std::uint32_t> by_number_;
  std::unordered_map<std::string, std::uint32_t> by_text_;
};

// A few rows, each a cell of its own.
class Rolling {
 public:
  Rolling(BlockReader& block, const Positions& positions, const Rollup& rollup)
      : block_(block), positions_(positions), rollup_(rollup) {}

  // Empty when they have so many entries of maps that fewer rows are to be taken.
  Result<std::optional<RollupCells>> run() {
    const Collection& collection = block_.collection();
    cells_ = empty_cells(collection, rollup_, width_of(rollup_.tiers.front()));
    DAYBOOK_ASSIGN(times_, block_.column(collection.time_field));
    cells_.rows.assign(positions_.size(), 1);
    for (const std::uint32_t position : positions_) {
      cells_.buckets.push_back(bucket_start(times_->numbers()[position], cells_.width));
    }
    for (const std::size_t field : rollup_.measures) {
      DAYBOOK_ASSIGN(const bool fits, add_measure(field));
      if (!fits) return std::optional<RollupCells>();
    }
    DAYBOOK_TRY(add_keys());
    if (!rollup_.measures.empty()) DAYBOOK_TRY(add_ids());
    for (std::size_t i = 0; i < rollup_.distinct.size(); ++i) DAYBOOK_TRY(add_distinct(i));
    const auto rates = bind_rates(collection, rollup_);
    for (std::size_t i = 0; i < rates.size(); ++i) DAYBOOK_TRY(add_rate(rates[i], i));
    return std::optional(std::move(cells_));
  }

 private:
  Result<void> add_keys() {
    std::vector<ColumnValues> values;
    for (const std::size_t field : rollup_.by) {
      DAYBOOK_ASSIGN(const Column* column, block_.column(field));
      values.emplace_back(*column, positions_);
    }
    constexpr std::size_t kFewKeys = 256;
    TupleNumbers keys(values.size(), kFewKeys);
    cells_.key_of.reserve(positions_.size());
    for (std::size_t i = 0; i < positions_.size(); ++i) {
      cells_.key_of.push_back(keys.of([&](std::size_t by) { return values[by].numbers()[i]; }));
    }
    cells_.key_count = keys.size();
    cells_.keys = keys.parts();
    for (std::size_t by = 0; by < values.size(); ++by) {
      cells_.values[by] = std::move(values[by]).take_values();
    }
    return {};
  }

  Result<void> add_ids() {
    DAYBOOK_ASSIGN(const Column* ids, block_.column(block_.layout().id));
    for (const std::uint32_t position : positions_) (void)cells_.ids.add(ids->text(position));
    return {};
  }

  Result<bool> add_measure(std::size_t field) {
    DAYBOOK_ASSIGN(const Column* column, block_.column(field));
    if (column->type() == Type::kMap) return add_entries(field, *column);
    MeasureCells& measure = fresh_measure({field, ""});
    for (std::uint32_t i = 0; i < positions_.size(); ++i) {
      if (column->is_null(positions_[i])) {
        measure.add_empty();
      } else {
        measure.add(column->numbers()[positions_[i]], time(i), i);
      }
    }
    return true;
  }

  // A number in a map, and in which row.
  struct Entry {
    std::uint32_t row;
    std::int64_t bits;
  };

  // The entries of maps, each a measure of its own. False: they are too many.
  bool add_entries(std::size_t field, const Column& column) {
    const ColumnValues values(column, positions_);
    std::unordered_map<std::string_view, std::size_t> numbers;
    std::vector<std::pair<std::string_view, std::vector<Entry>>> of_key;
    for (std::uint32_t i = 0; i < positions_.size(); ++i) {
      const Map* map = values.values()[values.numbers()[i]].get_if<Map>();
      if (map == nullptr) continue;
      for (const MapEntry& entry : *map) {
        const auto [known, is_new] = numbers.try_emplace(entry.key, of_key.size());
        if (is_new) of_key.emplace_back(entry.key, std::vector<Entry>());
        if (!entry.value.is_number()) continue;
        const auto* whole = entry.value.get_if<std::int64_t>();
        const auto bits = whole ? *whole : std::bit_cast<std::int64_t>(entry.value.number());
        of_key[known->second].second.push_back({i, bits});
      }
    }
    if (positions_.size() > 1 && of_key.size() * positions_.size() > kMostEntries) return false;
    for (const auto& [key, entries] : of_key) {
      MeasureCells& measure = cells_.measures.emplace_back();
      measure.field = {field, std::string(key)};
      measure.is_whole = field_of(block_.collection(), measure.field).type == Type::kInt;
      measure.reserve(positions_.size());
      for (const Entry& entry : entries) {
        while (measure.counts.size() < entry.row) measure.add_empty();
        measure.add(entry.bits, time(entry.row), entry.row);
      }
      while (measure.counts.size() < positions_.size()) measure.add_empty();
    }
    return true;
  }

  MeasureCells& fresh_measure(const FieldRef& field) {
    MeasureCells& measure = measure_of(cells_, block_.collection(), field);
    const bool is_whole = measure.is_whole;
    measure = {};
    measure.field = field;
    measure.is_whole = is_whole;
    measure.reserve(positions_.size());
    return measure;
  }

  Result<void> add_distinct(std::size_t number) {
    DAYBOOK_ASSIGN(const Column* column, block_.column(rollup_.distinct[number]));
    const ColumnValues values(*column, positions_);
    std::vector<std::uint64_t> hashes;
    for (const Value& value : values.values()) hashes.push_back(distinct_hash(value));
    auto& counters = cells_.distinct[number];
    counters.assign(positions_.size(), DistinctCounter(Accumulator::kExactDistinct));
    for (std::size_t i = 0; i < positions_.size(); ++i) {
      const std::uint32_t value = values.numbers()[i];
      if (!values.values()[value].is_null()) counters[i].add(hashes[value]);
    }
    return {};
  }

  Result<void> add_rate(const Filter& rate, std::size_t number) {
    DAYBOOK_ASSIGN(const auto verdicts, judge(rate, block_, Chosen(positions_)));
    for (const std::uint8_t verdict : verdicts) cells_.holding[number].push_back(verdict);
    return {};
  }

  std::int64_t time(std::uint32_t i) const { return times_->numbers()[positions_[i]]; }

  BlockReader& block_;
  const Positions& positions_;
  const Rollup& rollup_;
  RollupCells cells_;
  const Column* times_ = nullptr;
};

std::vector<const RollupCells*> pointers(const std::vector<RollupCells>& cells) {
  std::vector<const RollupCells*> all;
  for (const RollupCells& part : cells) all.push_back(&part);
  return all;
}

// Rows summed a few at a time, so that what each of them has of every entry is never there at once.
class Pieces {
 public:
  Pieces(BlockReader& block, const Positions& positions, const Rollup& rollup, Duration width,
         Entries entries)
      : block_(block),
        positions_(positions),
        rollup_(rollup),
        width_(width),
        most_(entries == Entries::kAll ? std::numeric_limits<std::size_t>::max() : kMostEntries) {
    sums_.push_back(empty_cells(block.collection(), rollup, width));
  }

  // Empty when there are too many entries.
  Result<std::optional<RollupCells>> run() {
    constexpr std::size_t kRows = 4096;
    for (std::size_t begin = 0; begin < positions_.size(); begin += kRows) {
      DAYBOOK_ASSIGN(const bool fits, add(begin, std::min(begin + kRows, positions_.size())));
      if (!fits) return std::optional<RollupCells>();
    }
    if (!put_together()) return std::optional<RollupCells>();
    return std::optional(std::move(sums_.front()));
  }

 private:
  Result<bool> add(std::size_t begin, std::size_t end) {
    const Positions rows(positions_.begin() + static_cast<std::ptrdiff_t>(begin),
                         positions_.begin() + static_cast<std::ptrdiff_t>(end));
    DAYBOOK_ASSIGN(const auto cells, Rolling(block_, rows, rollup_).run());
    if (!cells) {
      const std::size_t middle = begin + (end - begin) / 2;
      DAYBOOK_ASSIGN(const bool fits, add(begin, middle));
      return fits ? add(middle, end) : Result<bool>(false);
    }
    sums_.push_back(merge_cells({&*cells}, width_));
    waiting_ += sums_.back().size() + entries_in(sums_.back());
    return waiting_ < kMostEntries || put_together();
  }

  bool put_together() {
    RollupCells all = merge_cells(pointers(sums_), width_);
    sums_.clear();
    sums_.push_back(std::move(all));
    waiting_ = 0;
    return entries_in(sums_.front()) <= most_;
  }

  BlockReader& block_;
  const Positions& positions_;
  const Rollup& rollup_;
  const Duration width_;
  const std::size_t most_;
  std::vector<RollupCells> sums_;  // the first of all but those that wait
  std::size_t waiting_ = 0;        // cells and entries
};

}  // namespace

std::size_t entries_in(const RollupCells& cells) {
  const auto is_entry = [](const MeasureCells& measure) { return !measure.field.key.empty(); };
  return cells.size() * static_cast<std::size_t>(std::ranges::count_if(cells.measures, is_entry));
}

Result<std::optional<RollupCells>> cells_of(BlockReader& block, const Positions& positions,
                                            const Rollup& rollup, Entries entries) {
  const auto is_map = [&](std::size_t field) {
    return block.collection().fields[field].type == Type::kMap;
  };
  if (std::ranges::none_of(rollup.measures, is_map)) {
    return Rolling(block, positions, rollup).run();
  }
  for (const Step& tier : rollup.tiers) {
    DAYBOOK_ASSIGN(auto cells, Pieces(block, positions, rollup, width_of(tier), entries).run());
    if (cells) return cells;
  }
  return std::optional<RollupCells>();
}

std::vector<RollupCells> paying_tiers(const std::vector<const RollupCells*>& cells,
                                      const Rollup& rollup) {
  std::vector<RollupCells> tiers;
  tiers.reserve(rollup.tiers.size());
  std::uint64_t rows = 0;
  Duration finest{};
  for (const RollupCells* part : cells) {
    rows += part->total_rows();
    finest = std::max(finest, part->width);
  }
  for (const Step& tier : rollup.tiers) {
    const Duration width = width_of(tier);
    if (width < finest) continue;
    const std::vector<const RollupCells*> finer =
        tiers.empty() ? cells : std::vector<const RollupCells*>{&tiers.back()};
    if (count_merged(finer, width) * kRowsPerCell > rows) continue;
    tiers.push_back(merge_cells(finer, width));
  }
  return tiers;
}

Result<void> seal_rollups(BlockReader& block, const Positions& positions,
                          std::vector<StoredPart>& parts) {
  const Collection& collection = block.collection();
  for (std::size_t r = 0; r < collection.rollups.size(); ++r) {
    const Rollup& rollup = collection.rollups[r];
    if (rollup.tiers.empty()) continue;
    DAYBOOK_ASSIGN(const auto cells, cells_of(block, positions, rollup, Entries::kBounded));
    if (!cells) continue;
    for (const RollupCells& tier : paying_tiers({&*cells}, rollup)) {
      const auto declared = std::ranges::find(rollup.tiers, tier.width, width_of);
      const auto number = static_cast<std::size_t>(declared - rollup.tiers.begin());
      parts.push_back({{PartKind::kRollup, rollup_number(r, number)},
                       pack_part(write_cells(tier, collection, rollup))});
    }
  }
  return {};
}

}  // namespace daybook::columns
