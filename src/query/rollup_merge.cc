#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "query/pair_numbers.h"
#include "query/rollup_cells.h"
#include "query/slot_sums.h"

namespace daybook {
namespace {

using Numbers = std::vector<std::uint32_t>;

constexpr std::size_t kFewKeys = 256;

// Numbers the different values of one `by` field.
class ValueNumbers {
 public:
  std::uint32_t of(const Value& value) {
    text_.clear();
    append_canonical(value, text_);
    const auto [it, is_new] =
        numbers_.try_emplace(text_, static_cast<std::uint32_t>(values_.size()));
    if (is_new) values_.push_back(value);
    return it->second;
  }
  std::vector<Value> take() && { return std::move(values_); }

 private:
  std::string text_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<Value> values_;
};

// Which cell of the result each cell of each part goes to.
class Targets {
 public:
  // The start of the result's bucket for a part's.
  using BucketOf = std::function<std::int64_t(std::int64_t)>;

  // `by`: as in Narrowing.
  Targets(const std::vector<const RollupCells*>& parts, const std::vector<bool>& by,
          const BucketOf& bucket_of, RollupCells& out);

  const Numbers& of(std::size_t part) const { return of_part_[part]; }

 private:
  // The part's keys as keys of the result.
  Numbers renumber_keys(const RollupCells& part);
  void number_cells(const RollupCells& part);
  void sort(const std::vector<std::int64_t>& buckets, RollupCells& out);

  const std::vector<bool>& by_;
  const BucketOf& bucket_of_;
  std::vector<ValueNumbers> values_;
  TupleNumbers keys_;
  PairNumbers cells_;  // bucket and key
  std::unordered_map<std::int64_t, std::uint32_t> bucket_numbers_;
  std::vector<std::int64_t> buckets_;
  std::vector<Numbers> of_part_;
};

std::size_t cells_in(const std::vector<const RollupCells*>& parts) {
  std::size_t sum = 0;
  for (const RollupCells* part : parts) sum += part->size();
  return sum;
}

std::vector<bool> all_by(const std::vector<const RollupCells*>& parts) {
  return std::vector<bool>(parts.empty() ? 0 : parts.front()->values.size(), true);
}

Targets::Targets(const std::vector<const RollupCells*>& parts, const std::vector<bool>& by,
                 const BucketOf& bucket_of, RollupCells& out)
    : by_(by),
      bucket_of_(bucket_of),
      values_(by.size()),
      keys_(by.size(), kFewKeys),
      cells_(cells_in(parts) / 4) {
  for (const RollupCells* part : parts) number_cells(*part);
  out.values.clear();
  for (ValueNumbers& values : values_) out.values.push_back(std::move(values).take());
  sort(buckets_, out);
}

Numbers Targets::renumber_keys(const RollupCells& part) {
  static const Value kNull;
  std::vector<Numbers> renamed(part.values.size());
  for (std::size_t i = 0; i < part.values.size(); ++i) {
    for (const Value& value : part.values[i]) {
      renamed[i].push_back(values_[i].of(by_[i] ? value : kNull));
    }
  }
  Numbers keys;
  keys.reserve(part.key_count);
  for (std::size_t k = 0; k < part.key_count; ++k) {
    keys.push_back(keys_.of([&](std::size_t i) { return renamed[i][part.key(k)[i]]; }));
  }
  return keys;
}

void Targets::number_cells(const RollupCells& part) {
  const Numbers keys = renumber_keys(part);
  Numbers& cells = of_part_.emplace_back();
  cells.reserve(part.size());
  std::uint32_t number = 0;
  for (std::size_t c = 0; c < part.size(); ++c) {
    if (c == 0 || part.buckets[c] != part.buckets[c - 1]) {
      const std::int64_t start = bucket_of_(part.buckets[c]);
      const auto [it, is_new] =
          bucket_numbers_.try_emplace(start, static_cast<std::uint32_t>(buckets_.size()));
      if (is_new) buckets_.push_back(start);
      number = it->second;
    }
    cells.push_back(cells_.of(number, keys[part.key_of[c]]));
  }
}

void Targets::sort(const std::vector<std::int64_t>& buckets, RollupCells& out) {
  Numbers order(cells_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {}, [&](std::uint32_t cell) {
    return std::pair(buckets[cells_.first(cell)], cells_.second(cell));
  });
  Numbers rank(order.size());
  out.buckets.reserve(order.size());
  out.key_of.reserve(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    rank[order[i]] = i;
    out.buckets.push_back(buckets[cells_.first(order[i])]);
    out.key_of.push_back(cells_.second(order[i]));
  }
  for (Numbers& cells : of_part_) {
    for (std::uint32_t& cell : cells) cell = rank[cell];
  }
  out.key_count = keys_.size();
  out.keys = keys_.parts();
}

// Merges one measure of all parts.
class MeasureMerge {
 public:
  // `of_part`: the measure in each part, null where it has none.
  MeasureMerge(const std::vector<const RollupCells*>& parts,
               const std::vector<const MeasureCells*>& of_part, const Targets& targets,
               RollupCells& out)
      : parts_(parts),
        of_part_(of_part),
        targets_(targets),
        out_(out),
        first_(out.size()),
        last_(out.size()) {}

  MeasureCells merge(const FieldRef& field, bool is_whole) {
    merged_.field = field;
    merged_.is_whole = is_whole;
    const std::size_t size = out_.size();
    merged_.counts.resize(size);
    merged_.wholes.resize(size);
    merged_.sums.resize(size);
    merged_.squares.resize(size);
    merged_.least.resize(size);
    merged_.most.resize(size);
    for (std::size_t p = 0; p < parts_.size(); ++p) {
      const MeasureCells* measure = of_part_[p];
      if (measure != nullptr) add(*measure, *parts_[p], targets_.of(p));
    }
    keep_places(first_, merged_.first);
    keep_places(last_, merged_.last);
    merge_slots();
    return std::move(merged_);
  }
  // Whether all lists of slots were, and of as many values as there are.
  bool is_whole() const { return is_whole_; }

 private:
  // A place that won so far, and in which part its id is.
  struct Winner {
    const MeasureCells::Place* place = nullptr;
    const RollupCells* part = nullptr;
  };

  void add(const MeasureCells& from, const RollupCells& part, const Numbers& targets) {
    const bool has_places = part.ids.size() > 0;
    for (std::size_t c = 0; c < targets.size(); ++c) {
      if (from.counts[c] == 0) continue;
      const std::uint32_t to = targets[c];
      const bool is_first = merged_.counts[to] == 0;
      merged_.counts[to] += from.counts[c];
      merged_.wholes[to] += from.wholes[c];
      if (!merged_.is_whole) merged_.sums[to].add(from.sums[c]);
      merged_.squares[to] += from.squares[c];
      if (is_first || merged_.is_less(from.least[c], merged_.least[to])) {
        merged_.least[to] = from.least[c];
      }
      if (is_first || merged_.is_less(merged_.most[to], from.most[c])) {
        merged_.most[to] = from.most[c];
      }
      if (!has_places) continue;
      const Winner first{&from.first[c], &part};
      const Winner last{&from.last[c], &part};
      if (is_first || comes_before(first, first_[to])) first_[to] = first;
      if (is_first || comes_before(last_[to], last)) last_[to] = last;
    }
  }

  // As Accumulator::place() orders them.
  bool comes_before(const Winner& a, const Winner& b) const {
    if (a.place->time != b.place->time) return a.place->time < b.place->time;
    const auto& id_of_a = a.part->ids[a.place->id];
    const auto& id_of_b = b.part->ids[b.place->id];
    return id_of_a != id_of_b ? id_of_a < id_of_b : merged_.is_less(a.place->value, b.place->value);
  }

  void keep_places(const std::vector<Winner>& winners, std::vector<MeasureCells::Place>& places) {
    places.resize(winners.size());
    for (std::size_t c = 0; c < winners.size(); ++c) {
      const Winner& winner = winners[c];
      if (winner.place == nullptr) continue;
      places[c] = *winner.place;
      places[c].id = out_.ids.add(winner.part->ids[winner.place->id]);
    }
  }

  // Cell after cell of the result, whatever comes to it side by side.
  void merge_slots() {
    struct Source {
      const SlotLists* lists;
      std::uint32_t list;
    };
    Numbers begins(out_.size() + 1, 0);
    for_each_slots([&](std::uint32_t to, const SlotLists&, std::uint32_t) { ++begins[to + 1]; });
    std::partial_sum(begins.begin(), begins.end(), begins.begin());
    std::vector<Source> sources(begins.back());
    Numbers next = begins;
    for_each_slots([&](std::uint32_t to, const SlotLists& lists, std::uint32_t list) {
      sources[next[to]++] = {&lists, list};
    });
    SlotSums sums;
    for (std::size_t c = 0; c < out_.size(); ++c) {
      if (begins[c + 1] - begins[c] == 1) {
        const Source& only = sources[begins[c]];
        merged_.slots.add_packed(only.lists->packed(only.list));
        continue;
      }
      std::int64_t values = 0;
      for (std::uint32_t i = begins[c]; i < begins[c + 1]; ++i) {
        const auto read = sources[i].lists->read(sources[i].list, sums);
        values += read.value_or(0);
        is_whole_ = is_whole_ && read;
      }
      is_whole_ = is_whole_ && (sources.empty() || values == merged_.counts[c]);
      merged_.slots.add(sums.take());
    }
  }

  // Of cells with values, where they were read.
  template <typename Use>
  void for_each_slots(Use use) const {
    for (std::size_t p = 0; p < parts_.size(); ++p) {
      const MeasureCells* measure = of_part_[p];
      if (measure == nullptr || measure->slots.bytes().empty()) continue;
      const Numbers& targets = targets_.of(p);
      for (std::uint32_t c = 0; c < targets.size(); ++c) {
        if (measure->counts[c] > 0) use(targets[c], measure->slots, c);
      }
    }
  }

  const std::vector<const RollupCells*>& parts_;
  const std::vector<const MeasureCells*>& of_part_;
  const Targets& targets_;
  RollupCells& out_;
  MeasureCells merged_;
  bool is_whole_ = true;
  std::vector<Winner> first_, last_;
};

// Of something that each part may have or not.
template <typename T>
bool have_all(const std::vector<const RollupCells*>& parts, T RollupCells::*column,
              std::size_t number) {
  return std::ranges::all_of(parts, [&](const RollupCells* part) {
    return (part->*column)[number].size() == part->size();
  });
}

void merge_rest(const std::vector<const RollupCells*>& parts, const Targets& targets,
                RollupCells& out) {
  const DistinctCounter fresh(Accumulator::kExactDistinct);
  out.rows.assign(out.size(), 0);
  out.distinct.resize(parts.front()->distinct.size());
  out.holding.resize(parts.front()->holding.size());
  for (std::size_t p = 0; p < parts.size(); ++p) {
    for (std::size_t c = 0; c < parts[p]->size(); ++c)
      out.rows[targets.of(p)[c]] += parts[p]->rows[c];
  }
  for (std::size_t i = 0; i < out.distinct.size(); ++i) {
    if (!have_all(parts, &RollupCells::distinct, i)) continue;
    out.distinct[i].assign(out.size(), fresh);
    for (std::size_t p = 0; p < parts.size(); ++p) {
      for (std::size_t c = 0; c < parts[p]->size(); ++c) {
        out.distinct[i][targets.of(p)[c]].merge(parts[p]->distinct[i][c]);
      }
    }
  }
  for (std::size_t i = 0; i < out.holding.size(); ++i) {
    if (!have_all(parts, &RollupCells::holding, i)) continue;
    out.holding[i].assign(out.size(), 0);
    for (std::size_t p = 0; p < parts.size(); ++p) {
      for (std::size_t c = 0; c < parts[p]->size(); ++c) {
        out.holding[i][targets.of(p)[c]] += parts[p]->holding[i][c];
      }
    }
  }
}

// All measures of the parts, in the order in which they come, each with what every part has of it.
std::vector<std::vector<const MeasureCells*>> measures_of(
    const std::vector<const RollupCells*>& parts) {
  std::vector<std::vector<const MeasureCells*>> measures;
  std::map<std::pair<std::size_t, std::string_view>, std::size_t> numbers;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    for (const MeasureCells& measure : parts[p]->measures) {
      const std::pair<std::size_t, std::string_view> name{measure.field.field, measure.field.key};
      const auto [known, is_new] = numbers.try_emplace(name, measures.size());
      if (is_new) measures.emplace_back(parts.size(), nullptr);
      measures[known->second][p] = &measure;
    }
  }
  return measures;
}

// All columns, into cells that have their buckets and keys. False: lists of slots are broken.
bool merge_columns(const std::vector<const RollupCells*>& parts, const Targets& targets,
                   RollupCells& out) {
  merge_rest(parts, targets, out);
  for (const RollupCells* part : parts) {
    for (const std::size_t field : part->measured) {
      if (std::ranges::find(out.measured, field) == out.measured.end()) {
        out.measured.push_back(field);
      }
    }
  }
  bool is_whole = true;
  for (const auto& of_part : measures_of(parts)) {
    const MeasureCells& measure = **std::ranges::find_if(of_part, std::identity());
    MeasureMerge merge(parts, of_part, targets, out);
    out.measures.push_back(merge.merge(measure.field, measure.is_whole));
    is_whole = is_whole && merge.is_whole();
  }
  return is_whole;
}

}  // namespace

RollupCells merge_cells(const std::vector<const RollupCells*>& parts, Duration width) {
  RollupCells out;
  out.width = width;
  if (parts.empty()) return out;
  const auto bucket_of = [&](std::int64_t start) { return bucket_start(start, width); };
  const Targets targets(parts, all_by(parts), bucket_of, out);
  (void)merge_columns(parts, targets, out);  // whole: made here, or checked
  return out;
}

Result<RollupCells> narrow_cells(const std::vector<const RollupCells*>& parts,
                                 const Narrowing& narrowing) {
  RollupCells out;
  for (const RollupCells* part : parts) out.width = std::max(out.width, part->width);
  const auto bucket_of = [&](std::int64_t start) {
    const auto next = std::ranges::upper_bound(narrowing.ranges, start, {},
                                               &decltype(narrowing.ranges)::value_type::first);
    return std::prev(next)->first;
  };
  const Targets targets(parts, narrowing.by, bucket_of, out);
  if (!merge_columns(parts, targets, out)) {
    return Error(Code::kMalformed, "the stored sums are broken: slots of a cell");
  }
  out.narrowed.assign(out.size(), 0);
  for (std::size_t p = 0; p < parts.size(); ++p) {
    const Numbers& cells = targets.of(p);
    for (std::size_t c = 0; c < cells.size(); ++c)
      out.narrowed[cells[c]] += parts[p]->stands_for(c);
  }
  for (MeasureCells& measure : out.measures) measure.slots.shrink();  // they are kept for others
  return out;
}

std::size_t count_merged(const std::vector<const RollupCells*>& parts, Duration width) {
  RollupCells out;
  const auto bucket_of = [&](std::int64_t start) { return bucket_start(start, width); };
  const Targets targets(parts, all_by(parts), bucket_of, out);
  return out.size();
}

}  // namespace daybook
