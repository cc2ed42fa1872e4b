// Sections, column after column, a value for each cell unless said otherwise:
//   keys     `by` after `by`: number of values, each a tag and its bits; number of keys, each `by`
//            numbers
//   buckets  buckets (width after width, each minus the one before), keys, rows
//   sums     counts; then of cells with values: least; of those with more than one also most, the
//            sum (ints: 128 bits; floats: sum and rest) and the sum of squares
//   places   of cells with values the first, of those with more than one the last: time minus the
//            bucket, id, value
//   slots    of cells with values: number of slots, each: slot minus the slot before, count
//   distinct one counter (distinct_counter.cc); rate: rows for which it holds
#include "query/rollup_sections.h"

#include <chrono>
#include <utility>

#include "query/slot_sums.h"

namespace daybook {
namespace {

// What fields of plain values hold.
enum class Tag : std::uint8_t { kNull, kFalse, kTrue, kInt, kFloat, kTime, kDate, kText };

void put_plain(std::string& out, const Value& value) {
  const auto tag = [&](Tag t) { out += static_cast<char>(t); };
  if (const auto* truth = value.get_if<bool>()) {
    tag(*truth ? Tag::kTrue : Tag::kFalse);
  } else if (const auto* whole = value.get_if<std::int64_t>()) {
    tag(Tag::kInt);
    put_signed(out, *whole);
  } else if (const auto* number = value.get_if<double>()) {
    tag(Tag::kFloat);
    put_bits(out, *number);
  } else if (const auto* time = value.get_if<Instant>()) {
    tag(Tag::kTime);
    put_signed(out, micros(*time));
  } else if (const auto* date = value.get_if<Date>()) {
    tag(Tag::kDate);
    put_signed(out, date->time_since_epoch().count());
  } else if (const auto* text = value.get_if<std::string>()) {
    tag(Tag::kText);
    put_text(out, *text);
  } else {
    tag(Tag::kNull);
  }
}

Value take_plain(ByteTaker& in) {
  switch (static_cast<Tag>(in.bits<std::uint8_t>())) {
    case Tag::kNull:
      return {};
    case Tag::kFalse:
      return false;
    case Tag::kTrue:
      return true;
    case Tag::kInt:
      return in.signed_number();
    case Tag::kFloat:
      return in.bits<double>();
    case Tag::kTime:
      return from_micros(in.signed_number());
    case Tag::kDate:
      return Date(std::chrono::days(in.signed_number()));
    case Tag::kText:
      return in.text();
  }
  in.fail();
  return {};
}

void put_value(std::string& out, const MeasureCells& measure, std::int64_t value) {
  if (measure.is_whole) {
    put_signed(out, value);
  } else {
    put_bits(out, value);
  }
}

std::int64_t take_value(ByteTaker& in, const MeasureCells& measure) {
  return measure.is_whole ? in.signed_number() : in.bits<std::int64_t>();
}

void add_to_runs(std::size_t cell, std::vector<CellRun>& runs) {
  if (runs.empty() || runs.back().end != cell) runs.push_back({cell, cell});
  ++runs.back().end;
}

// Where the buckets of the cells begin; and which are read.
bool take_starts(ByteTaker& in, const WantedCells& wanted, StoredCells& stored,
                 RollupCells& cells) {
  std::int64_t bucket = 0;
  std::size_t range = 0;
  for (std::size_t c = 0; c < stored.size && in.ok(); ++c) {
    std::int64_t start = 0;
    const std::int64_t step = in.signed_number();
    const bool is_wrong = __builtin_add_overflow(bucket, step, &bucket) || (c > 0 && step < 0) ||
                          __builtin_mul_overflow(bucket, cells.width.count(), &start);
    if (is_wrong || start < micros(min_instant()) - cells.width.count() ||
        start > micros(max_instant())) {
      in.fail();
    }
    if (wanted.ranges) {
      const auto& ranges = *wanted.ranges;
      while (range < ranges.size() && ranges[range].second <= start) ++range;
      if (range == ranges.size() || start < ranges[range].first) continue;
    }
    add_to_runs(c, stored.runs);
    cells.buckets.push_back(start);
  }
  return in.ok();
}

// Their keys; cells of others than the marked ones are not read after all.
void take_key_numbers(ByteTaker& in, const std::vector<char>& keys, StoredCells& stored,
                      RollupCells& cells) {
  std::vector<CellRun> runs;
  std::size_t kept = stored.first;
  const auto has = [](std::size_t) { return true; };
  const auto skip = [&](std::size_t count) { in.skip_numbers(count); };
  take_column(stored, has, skip, [&](std::size_t cell, std::size_t c) {
    const std::uint32_t key = in.index(cells.key_count);
    if (!in.ok() || (!keys.empty() && keys[key] == 0)) return;
    cells.buckets[kept++] = cells.buckets[c];
    cells.key_of.push_back(key);
    add_to_runs(cell, runs);
  });
  cells.buckets.resize(kept);
  stored.runs = std::move(runs);
}

}  // namespace

std::string write_keys(const RollupCells& cells) {
  std::string out;
  for (const auto& values : cells.values) {
    put_varint(out, values.size());
    for (const Value& value : values) put_plain(out, value);
  }
  put_varint(out, cells.key_count);
  for (const std::uint32_t number : cells.keys) put_varint(out, number);
  return out;
}

std::string write_buckets(const RollupCells& cells, CellRun run) {
  std::string out;
  std::int64_t before = 0;
  for (std::size_t c = run.begin; c < run.end; ++c) {
    const std::int64_t bucket = cells.buckets[c] / cells.width.count();
    put_signed(out, bucket - before);
    before = bucket;
  }
  for (std::size_t c = run.begin; c < run.end; ++c) put_varint(out, cells.key_of[c]);
  for (std::size_t c = run.begin; c < run.end; ++c) {
    put_varint(out, static_cast<std::uint64_t>(cells.rows[c]));
  }
  return out;
}

bool take_keys(ByteTaker& in, RollupCells& cells) {
  for (auto& values : cells.values) {
    const std::size_t count = in.count();
    for (std::size_t i = 0; i < count && in.ok(); ++i) values.push_back(take_plain(in));
  }
  cells.key_count = in.number();
  // A key of no fields takes no bytes, and there is one at most.
  if (cells.key_count > (cells.values.empty() ? 1 : in.size())) in.fail();
  if (!in.ok()) return false;
  for (std::size_t k = 0; k < cells.key_count; ++k) {
    for (const auto& values : cells.values) cells.keys.push_back(in.index(values.size()));
    if (!in.ok()) return false;
  }
  return in.is_at_end();
}

bool take_buckets(ByteTaker& in, const WantedCells& wanted, const std::vector<char>& keys,
                  StoredCells& stored, RollupCells& cells) {
  if (stored.size > in.size() || !take_starts(in, wanted, stored, cells)) return false;
  take_key_numbers(in, keys, stored, cells);
  const auto has = [](std::size_t) { return true; };
  const auto skip = [&](std::size_t count) { in.skip_numbers(count); };
  take_column(stored, has, skip, [&](std::size_t, std::size_t) {
    const std::uint64_t rows = in.number();
    if (rows == 0 || rows > kMaxSection) in.fail();
    cells.rows.push_back(static_cast<std::int64_t>(rows));
  });
  return in.ok() && in.is_at_end();
}

std::string write_sums(const MeasureCells& measure, CellRun run) {
  std::string out;
  for (std::size_t c = run.begin; c < run.end; ++c) {
    put_varint(out, static_cast<std::uint64_t>(measure.counts[c]));
  }
  for (std::size_t c = run.begin; c < run.end; ++c) {
    if (measure.counts[c] > 0) put_value(out, measure, measure.least[c]);
  }
  const auto for_more = [&](const auto& put) {
    for (std::size_t c = run.begin; c < run.end; ++c) {
      if (measure.counts[c] > 1) put(c);
    }
  };
  for_more([&](std::size_t c) { put_value(out, measure, measure.most[c]); });
  if (measure.is_whole) {
    for_more([&](std::size_t c) { put_bits(out, measure.wholes[c]); });
  } else {
    for_more([&](std::size_t c) { put_bits(out, measure.sums[c].sum); });
    for_more([&](std::size_t c) { put_bits(out, measure.sums[c].rest); });
  }
  for_more([&](std::size_t c) { put_bits(out, measure.squares[c]); });
  return out;
}

bool MeasureSections::take_sums(ByteTaker& in, MeasureCells& measure) {
  if (stored_.size > in.size()) return false;
  counts_.reserve(stored_.size);
  for (std::size_t c = 0; c < stored_.size; ++c) counts_.push_back(in.number());
  const auto skip_values = [&](std::size_t count) {
    if (measure.is_whole) {
      in.skip_numbers(count);
    } else {
      in.bytes(count * sizeof(double));
    }
  };
  const auto take_first = [&](std::size_t cell, std::size_t c) {
    if (counts_[cell] > static_cast<std::uint64_t>(cells_.rows[c])) in.fail();
    const std::int64_t value = take_value(in, measure);
    const double amount = measure.number(value);
    measure.counts[c] = static_cast<std::int64_t>(counts_[cell]);
    measure.least[c] = measure.most[c] = value;
    measure.wholes[c] = measure.is_whole ? value : 0;
    measure.sums[c] = {measure.is_whole ? 0 : amount, 0};
    measure.squares[c] = amount * amount;
  };
  const auto has_any = [&](std::size_t cell) { return counts_[cell] > 0; };
  take_column(stored_, has_any, skip_values, take_first);
  const auto has_more = [&](std::size_t cell) { return counts_[cell] > 1; };
  const auto for_more = [&](const auto& skip, const auto& take) {
    take_column(stored_, has_more, skip, [&](std::size_t, std::size_t c) { take(c); });
  };
  for_more(skip_values, [&](std::size_t c) { measure.most[c] = take_value(in, measure); });
  const auto skip_floats = [&](std::size_t count) { in.bytes(count * sizeof(double)); };
  if (measure.is_whole) {
    const auto skip_wholes = [&](std::size_t count) { in.bytes(count * sizeof(IntegerSum)); };
    for_more(skip_wholes, [&](std::size_t c) {
      measure.wholes[c] = in.bits<IntegerSum>();
      const IntegerSum most = IntegerSum{measure.counts[c]} << 63;
      if (measure.wholes[c] > most || measure.wholes[c] < -most) in.fail();
    });
  } else {
    for_more(skip_floats, [&](std::size_t c) { measure.sums[c].sum = in.bits<double>(); });
    for_more(skip_floats, [&](std::size_t c) { measure.sums[c].rest = in.bits<double>(); });
  }
  for_more(skip_floats, [&](std::size_t c) { measure.squares[c] = in.bits<double>(); });
  return in.ok() && in.is_at_end();
}

std::string write_places(const RollupCells& cells, const MeasureCells& measure, CellRun run) {
  std::string out;
  const auto put = [&](const MeasureCells::Place& place, std::int64_t bucket) {
    put_varint(out, static_cast<std::uint64_t>(place.time - bucket));
    put_text(out, cells.ids[place.id]);
    put_value(out, measure, place.value);
  };
  for (std::size_t c = run.begin; c < run.end; ++c) {
    if (measure.counts[c] > 0) put(measure.first[c], cells.buckets[c]);
    if (measure.counts[c] > 1) put(measure.last[c], cells.buckets[c]);
  }
  return out;
}

bool MeasureSections::take_places(ByteTaker& in, MeasureCells& measure) const {
  const auto take = [&](std::int64_t bucket) {
    MeasureCells::Place place;
    const std::uint64_t since = in.number();
    if (since >= static_cast<std::uint64_t>(cells_.width.count())) in.fail();
    if (__builtin_add_overflow(bucket, static_cast<std::int64_t>(since), &place.time)) in.fail();
    place.id = cells_.ids.add(in.text());
    place.value = take_value(in, measure);
    return place;
  };
  const auto skip = [&] {
    in.skip_numbers(1);
    (void)in.text();
    (void)take_value(in, measure);
  };
  std::size_t taken = stored_.first;
  auto run = stored_.runs.begin();
  for (std::size_t cell = 0; cell < counts_.size() && in.ok(); ++cell) {
    while (run != stored_.runs.end() && run->end <= cell) ++run;
    const bool is_read = run != stored_.runs.end() && run->begin <= cell;
    const std::size_t c = is_read ? taken++ : 0;
    if (counts_[cell] == 0) continue;
    if (!is_read) {
      skip();
      if (counts_[cell] > 1) skip();
      continue;
    }
    measure.first[c] = take(cells_.buckets[c]);
    measure.last[c] = counts_[cell] > 1 ? take(cells_.buckets[c]) : measure.first[c];
  }
  return in.ok() && in.is_at_end();
}

std::string write_slots(const MeasureCells& measure, CellRun run) {
  std::string out;
  for (std::size_t c = run.begin; c < run.end; ++c) out += measure.slots.packed(c);
  return out;
}

bool MeasureSections::take_slots(std::string content, bool is_checked,
                                 MeasureCells& measure) const {
  const std::size_t before = measure.slots.bytes().size();
  measure.slots.add_bytes(std::move(content));
  ByteTaker in(measure.slots.bytes().substr(before));
  const std::size_t end = measure.slots.bytes().size();
  const auto skip_list = [&] { in.skip_numbers(2 * in.count()); };
  const auto skip = [&](std::size_t count) {
    for (; count > 0; --count) skip_list();
  };
  const auto has_any = [&](std::size_t cell) { return counts_[cell] > 0; };
  take_column(stored_, has_any, skip, [&](std::size_t, std::size_t c) {
    const std::size_t begin = end - in.size();
    skip_list();
    measure.slots.set_place(c, begin, in.ok() ? end - in.size() - begin : 0);
  });
  if (!in.ok() || !in.is_at_end()) return false;
  SlotSums sums;
  for (std::size_t c = stored_.first; is_checked && c < cells_.size(); ++c) {
    if (measure.slots.read(c, sums) != measure.counts[c]) return false;
    (void)sums.take();
  }
  return true;
}

}  // namespace daybook
