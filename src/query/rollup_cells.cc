#include "query/rollup_cells.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

namespace daybook {
namespace {

std::size_t own_entry(RollupCells& cells, std::size_t by, const Value& value) {
  auto& values = cells.values[by];
  values.push_back(value);
  return values.size() - 1;
}

std::int64_t bits_of(const Value& value) {
  if (const auto* whole = value.get_if<std::int64_t>()) return *whole;
  return std::bit_cast<std::int64_t>(value.number());
}

}  // namespace

void FloatSum::add(double value) {
  const double next = sum + value;
  rest += std::abs(sum) >= std::abs(value) ? (sum - next) + value : (value - next) + sum;
  sum = next;
}

void FloatSum::add(const FloatSum& other) {
  add(other.sum);
  rest += other.rest;
}

std::uint32_t TextList::add(std::string_view text) {
  bytes_ += text;
  ends_.push_back(bytes_.size());
  return static_cast<std::uint32_t>(ends_.size() - 1);
}

double MeasureCells::number(std::int64_t value) const {
  return is_whole ? static_cast<double>(value) : std::bit_cast<double>(value);
}

bool MeasureCells::is_less(std::int64_t a, std::int64_t b) const {
  return is_whole ? a < b : std::bit_cast<double>(a) < std::bit_cast<double>(b);
}

void MeasureCells::reserve(std::size_t cells) {
  counts.reserve(cells);
  wholes.reserve(cells);
  sums.reserve(cells);
  squares.reserve(cells);
  least.reserve(cells);
  most.reserve(cells);
  first.reserve(cells);
  last.reserve(cells);
  slots.reserve(cells);
}

void MeasureCells::grow_to(std::size_t cells) {
  counts.resize(cells);
  wholes.resize(cells);
  sums.resize(cells);
  squares.resize(cells);
  least.resize(cells);
  most.resize(cells);
  first.resize(cells);
  last.resize(cells);
  while (slots.size() < cells) slots.add({});
}

void MeasureCells::add_empty() { grow_to(counts.size() + 1); }

void MeasureCells::add(std::int64_t value, std::int64_t time, std::uint32_t id) {
  const double amount = number(value);
  counts.push_back(1);
  wholes.push_back(is_whole ? value : 0);
  sums.push_back({is_whole ? 0 : amount, 0});
  squares.push_back(amount * amount);
  least.push_back(value);
  most.push_back(value);
  first.push_back({time, id, value});
  last.push_back({time, id, value});
  const Histogram::Slot slot{Histogram::slot_of(amount), 1};
  slots.add({&slot, 1});
}

std::uint64_t RollupCells::total_rows() const {
  return static_cast<std::uint64_t>(std::accumulate(rows.begin(), rows.end(), std::int64_t{0}));
}

std::size_t RollupCells::bytes() const {
  const auto of = [](const auto& column) { return column.capacity() * sizeof(column[0]); };
  std::size_t sum = sizeof(*this) + of(keys) + of(buckets) + of(key_of) + of(rows) + of(measured) +
                    of(narrowed) + ids.bytes();
  for (const auto& some : values) {
    sum += of(some);
    for (const Value& value : some) {
      if (const auto* text = value.get_if<std::string>()) sum += text->capacity();
    }
  }
  for (const MeasureCells& measure : measures) {
    sum += sizeof(measure) + of(measure.counts) + of(measure.wholes) + of(measure.sums) +
           of(measure.squares) + of(measure.least) + of(measure.most) + of(measure.first) +
           of(measure.last) + measure.slots.memory();
  }
  for (const auto& counters : distinct) {
    for (const DistinctCounter& counter : counters) sum += sizeof(counter) + counter.bytes();
  }
  for (const auto& rates : holding) sum += of(rates);
  return sum;
}

RollupCells empty_cells(const Collection& collection, const Rollup& rollup, Duration width) {
  RollupCells cells;
  cells.width = width;
  cells.values.resize(rollup.by.size());
  cells.distinct.resize(rollup.distinct.size());
  cells.holding.resize(rollup.rates.size());
  cells.measured = rollup.measures;
  for (const std::size_t measure : rollup.measures) {
    if (collection.fields[measure].type != Type::kMap) {
      (void)measure_of(cells, collection, {measure, ""});
    }
  }
  return cells;
}

MeasureCells& measure_of(RollupCells& cells, const Collection& collection, const FieldRef& field) {
  const auto known = std::ranges::find(cells.measures, field, &MeasureCells::field);
  if (known != cells.measures.end()) return *known;
  MeasureCells& made = cells.measures.emplace_back();
  made.field = field;
  made.is_whole = field_of(collection, field).type == Type::kInt;
  made.grow_to(cells.size());
  return made;
}

std::int64_t bucket_start(std::int64_t time, Duration width) {
  const std::int64_t step = width.count();
  const std::int64_t rest = time % step;
  return time - (rest < 0 ? rest + step : rest);
}

Duration width_of(const Step& tier) { return Zone().next(Instant(), tier) - Instant(); }

std::vector<Filter> bind_rates(const Collection& collection, const Rollup& rollup) {
  std::vector<Filter> rates;
  for (const Expression& rate : rollup.rates) {
    auto bound = bind_filter(collection, rate, {});
    rates.push_back(bound.ok() ? *std::move(bound) : Filter{Filter::Kind::kFalse, {}, {}, {}, {}});
  }
  return rates;
}

RowCells::RowCells(const Collection& collection, const Rollup& rollup, Duration width)
    : collection_(collection),
      rollup_(rollup),
      rates_(bind_rates(collection, rollup)),
      cells_(empty_cells(collection, rollup, width)) {}

void RowCells::add(const Row& row) {
  const std::int64_t time = micros(row_time(collection_, row));
  const std::uint32_t id = cells_.ids.add(row.id);
  // Entries of maps that are new begin with the cells there are: before this one is counted.
  for (const std::size_t field : cells_.measured) {
    if (const Map* map = row.values[field].get_if<Map>()) {
      for (const MapEntry& entry : *map) (void)measure_of(cells_, collection_, {field, entry.key});
    }
  }
  cells_.buckets.push_back(bucket_start(time, cells_.width));
  cells_.rows.push_back(1);
  cells_.key_of.push_back(static_cast<std::uint32_t>(cells_.key_count++));
  for (std::size_t i = 0; i < rollup_.by.size(); ++i) {
    cells_.keys.push_back(
        static_cast<std::uint32_t>(own_entry(cells_, i, row.values[rollup_.by[i]])));
  }
  for (MeasureCells& measure : cells_.measures) {
    const Value* value = peek(measure.field, row);
    if (value == nullptr) {
      measure.add_empty();
    } else {
      measure.add(bits_of(*value), time, id);
    }
  }
  for (std::size_t i = 0; i < rollup_.distinct.size(); ++i) {
    const Value& value = row.values[rollup_.distinct[i]];
    auto& counter = cells_.distinct[i].emplace_back(Accumulator::kExactDistinct);
    if (!value.is_null()) counter.add(distinct_hash(value));
  }
  for (std::size_t i = 0; i < rates_.size(); ++i) {
    cells_.holding[i].push_back(matches(rates_[i], row) ? 1 : 0);
  }
}

}  // namespace daybook
