#include <algorithm>
#include <bit>
#include <cmath>
#include <map>

#include "query/rollup_cells.h"

namespace daybook {
namespace {

// Cells by what they are of, in an order of their own.
using CellNumbers = std::map<std::pair<std::int64_t, std::string>, std::uint32_t>;

CellNumbers number_cells(const RollupCells& cells) {
  CellNumbers numbers;
  for (std::uint32_t c = 0; c < cells.size(); ++c) {
    std::string key;
    for (std::size_t i = 0; i < cells.values.size(); ++i) {
      append_canonical(cells.values[i][cells.key(cells.key_of[c])[i]], key);
      key += '\n';
    }
    numbers[{cells.buckets[c], std::move(key)}] = c;
  }
  return numbers;
}

// Sums of the same numbers in another order.
bool is_near(double a, double b, double size) { return std::abs(a - b) <= 1e-12 * size; }

// A measure of one cell on both sides; null where no row of that side ever had it.
class MeasurePair {
 public:
  struct Side {
    const RollupCells* cells;
    const MeasureCells* measure;
    std::uint32_t cell;

    std::int64_t count() const { return measure == nullptr ? 0 : measure->counts[cell]; }
    bool same_place(const MeasureCells::Place& a, const Side& other,
                    const MeasureCells::Place& b) const {
      return a.time == b.time && a.value == b.value && cells->ids[a.id] == other.cells->ids[b.id];
    }
  };

  MeasurePair(Side expected, Side actual) : a_(expected), b_(actual) {}

  // What differs; null for nothing.
  const char* difference() const {
    if (a_.count() != b_.count()) return "count";
    if (a_.count() == 0) return nullptr;
    const MeasureCells& a = *a_.measure;
    const MeasureCells& b = *b_.measure;
    if (a.least[a_.cell] != b.least[b_.cell]) return "min";
    if (a.most[a_.cell] != b.most[b_.cell]) return "max";
    if (a.wholes[a_.cell] != b.wholes[b_.cell] || !are_sums_near()) return "sum";
    if (!is_near(a.squares[a_.cell], b.squares[b_.cell], a.squares[a_.cell])) {
      return "sum of squares";
    }
    if (!a_.same_place(a.first[a_.cell], b_, b.first[b_.cell])) return "first";
    if (!a_.same_place(a.last[a_.cell], b_, b.last[b_.cell])) return "last";
    if (a.slots.packed(a_.cell) != b.slots.packed(b_.cell)) return "histogram";
    return nullptr;
  }

 private:
  bool are_sums_near() const {
    const MeasureCells& a = *a_.measure;
    const FloatSum& x = a.sums[a_.cell];
    const FloatSum& y = b_.measure->sums[b_.cell];
    // By Cauchy and Schwarz no sum of sizes is greater.
    const double size = std::sqrt(static_cast<double>(a_.count())) * std::sqrt(a.squares[a_.cell]);
    return is_near(x.sum + x.rest, y.sum + y.rest, size);
  }

  Side a_, b_;
};

const MeasureCells* find_measure(const RollupCells& cells, const FieldRef& field) {
  const auto found = std::ranges::find(cells.measures, field, &MeasureCells::field);
  return found == cells.measures.end() ? nullptr : &*found;
}

std::vector<FieldRef> all_measures(const RollupCells& a, const RollupCells& b) {
  std::vector<FieldRef> fields;
  for (const RollupCells* cells : {&a, &b}) {
    for (const MeasureCells& measure : cells->measures) {
      if (std::ranges::find(fields, measure.field) == fields.end()) fields.push_back(measure.field);
    }
  }
  return fields;
}

std::string cell_name(const RollupCells& cells, std::uint32_t cell, const Collection& collection,
                      const Rollup& rollup) {
  std::string name = format_instant(from_micros(cells.buckets[cell]));
  const std::uint32_t* key = cells.key(cells.key_of[cell]);
  for (std::size_t i = 0; i < rollup.by.size(); ++i) {
    name += " " + collection.fields[rollup.by[i]].name + "=" + debug_text(cells.values[i][key[i]]);
  }
  return name;
}

template <typename T>
bool differs(const std::vector<T>& a, std::uint32_t cell_a, const std::vector<T>& b,
             std::uint32_t cell_b) {
  if (a.empty() || b.empty()) return a.empty() != b.empty();
  return !(a[cell_a] == b[cell_b]);
}

// What differs between two cells, with its field.
std::string cell_difference(const RollupCells& a, std::uint32_t cell_a, const RollupCells& b,
                            std::uint32_t cell_b, const Collection& collection,
                            const Rollup& rollup) {
  if (a.rows[cell_a] != b.rows[cell_b]) {
    return "count is " + std::to_string(b.rows[cell_b]) + ", of the rows " +
           std::to_string(a.rows[cell_a]);
  }
  for (const FieldRef& field : all_measures(a, b)) {
    const MeasurePair pair({&a, find_measure(a, field), cell_a},
                           {&b, find_measure(b, field), cell_b});
    if (const char* what = pair.difference()) {
      return std::string(what) + " of " + field_name(collection, field) + " is another";
    }
  }
  for (std::size_t i = 0; i < a.distinct.size(); ++i) {
    if (differs(a.distinct[i], cell_a, b.distinct[i], cell_b)) {
      return "distinct of " + collection.fields[rollup.distinct[i]].name + " is another";
    }
  }
  for (std::size_t i = 0; i < a.holding.size(); ++i) {
    if (differs(a.holding[i], cell_a, b.holding[i], cell_b)) {
      return "rate of " + format_expression(rollup.rates[i]) + " is another";
    }
  }
  return {};
}

}  // namespace

std::string first_difference(const RollupCells& expected, const RollupCells& actual,
                             const Collection& collection, const Rollup& rollup) {
  const CellNumbers a = number_cells(expected);
  const CellNumbers b = number_cells(actual);
  for (const auto& [key, cell] : a) {
    const std::string name = cell_name(expected, cell, collection, rollup);
    const auto found = b.find(key);
    if (found == b.end()) return name + ": is not there";
    const std::string what =
        cell_difference(expected, cell, actual, found->second, collection, rollup);
    if (!what.empty()) return name + ": " + what;
  }
  for (const auto& [key, cell] : b) {
    if (!a.contains(key)) return cell_name(actual, cell, collection, rollup) + ": has no rows";
  }
  return {};
}

}  // namespace daybook
