// Sections, column after column, a value for each cell unless said otherwise:
//   keys     `by` after `by`: number of values, each a tag and its bits; number of keys, each `by`
//            numbers; then buckets (width after width, each minus the one before), keys, rows
//   sums     counts; then of cells with values: least; of those with more than one also most, the
//            sum (ints: 128 bits; floats: sum and rest) and the sum of squares
//   places   of cells with values the first, of those with more than one the last: time minus the
//            bucket, id, value
//   slots    of cells with values: number of slots, each: slot minus the slot before, count
//   distinct one counter (distinct_counter.cc); rate: rows for which it holds
#include "query/rollup_sections.h"

#include <chrono>
#include <utility>

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

}  // namespace

std::string write_keys(const RollupCells& cells) {
  std::string out;
  for (const auto& values : cells.values) {
    put_varint(out, values.size());
    for (const Value& value : values) put_plain(out, value);
  }
  put_varint(out, cells.key_count);
  for (const std::uint32_t number : cells.keys) put_varint(out, number);
  std::int64_t before = 0;
  for (const std::int64_t bucket : cells.buckets) {
    put_signed(out, bucket / cells.width.count() - before);
    before = bucket / cells.width.count();
  }
  for (const std::uint32_t key : cells.key_of) put_varint(out, key);
  for (const std::int64_t rows : cells.rows) put_varint(out, static_cast<std::uint64_t>(rows));
  return out;
}

bool take_keys(ByteTaker& in, std::size_t size, RollupCells& cells) {
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
  if (size > in.size()) return false;
  std::int64_t bucket = 0;
  for (std::size_t c = 0; c < size && in.ok(); ++c) {
    std::int64_t start = 0;
    const std::int64_t step = in.signed_number();
    const bool is_wrong = __builtin_add_overflow(bucket, step, &bucket) || (c > 0 && step < 0) ||
                          __builtin_mul_overflow(bucket, cells.width.count(), &start);
    if (is_wrong || start < micros(min_instant()) - cells.width.count() ||
        start > micros(max_instant())) {
      in.fail();
    }
    cells.buckets.push_back(start);
  }
  for (std::size_t c = 0; c < size && in.ok(); ++c)
    cells.key_of.push_back(in.index(cells.key_count));
  for (std::size_t c = 0; c < size && in.ok(); ++c) {
    const std::uint64_t rows = in.number();
    if (rows == 0 || rows > kMaxSection) in.fail();
    cells.rows.push_back(static_cast<std::int64_t>(rows));
  }
  return in.ok() && in.is_at_end();
}

std::string write_sums(const MeasureCells& measure) {
  std::string out;
  for (const std::int64_t count : measure.counts)
    put_varint(out, static_cast<std::uint64_t>(count));
  for (std::size_t c = 0; c < measure.counts.size(); ++c) {
    if (measure.counts[c] > 0) put_value(out, measure, measure.least[c]);
  }
  const auto for_more = [&](const auto& put) {
    for (std::size_t c = 0; c < measure.counts.size(); ++c) {
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

bool take_sums(ByteTaker& in, const RollupCells& cells, MeasureCells& measure) {
  for (std::size_t c = 0; c < cells.size(); ++c) {
    const std::uint64_t count = in.number();
    if (count > static_cast<std::uint64_t>(cells.rows[c])) in.fail();
    if (!in.ok()) return false;
    measure.counts[c] = static_cast<std::int64_t>(count);
  }
  for (std::size_t c = 0; c < cells.size(); ++c) {
    if (measure.counts[c] == 0) continue;
    const std::int64_t value = take_value(in, measure);
    const double amount = measure.number(value);
    measure.least[c] = measure.most[c] = value;
    measure.wholes[c] = measure.is_whole ? value : 0;
    measure.sums[c] = {measure.is_whole ? 0 : amount, 0};
    measure.squares[c] = amount * amount;
  }
  const auto for_more = [&](const auto& take) {
    for (std::size_t c = 0; c < cells.size() && in.ok(); ++c) {
      if (measure.counts[c] > 1) take(c);
    }
  };
  for_more([&](std::size_t c) { measure.most[c] = take_value(in, measure); });
  if (measure.is_whole) {
    for_more([&](std::size_t c) {
      measure.wholes[c] = in.bits<IntegerSum>();
      const IntegerSum most = IntegerSum{measure.counts[c]} << 63;
      if (measure.wholes[c] > most || measure.wholes[c] < -most) in.fail();
    });
  } else {
    for_more([&](std::size_t c) { measure.sums[c].sum = in.bits<double>(); });
    for_more([&](std::size_t c) { measure.sums[c].rest = in.bits<double>(); });
  }
  for_more([&](std::size_t c) { measure.squares[c] = in.bits<double>(); });
  return in.ok() && in.is_at_end();
}

std::string write_places(const RollupCells& cells, const MeasureCells& measure) {
  std::string out;
  const auto put = [&](const MeasureCells::Place& place, std::int64_t bucket) {
    put_varint(out, static_cast<std::uint64_t>(place.time - bucket));
    put_text(out, cells.ids[place.id]);
    put_value(out, measure, place.value);
  };
  for (std::size_t c = 0; c < cells.size(); ++c) {
    if (measure.counts[c] > 0) put(measure.first[c], cells.buckets[c]);
    if (measure.counts[c] > 1) put(measure.last[c], cells.buckets[c]);
  }
  return out;
}

bool take_places(ByteTaker& in, RollupCells& cells, MeasureCells& measure) {
  const auto take = [&](std::int64_t bucket) {
    MeasureCells::Place place;
    const std::uint64_t since = in.number();
    if (since >= static_cast<std::uint64_t>(cells.width.count())) in.fail();
    if (__builtin_add_overflow(bucket, static_cast<std::int64_t>(since), &place.time)) in.fail();
    place.id = cells.ids.add(in.text());
    place.value = take_value(in, measure);
    return place;
  };
  for (std::size_t c = 0; c < cells.size() && in.ok(); ++c) {
    if (measure.counts[c] == 0) continue;
    measure.first[c] = take(cells.buckets[c]);
    measure.last[c] = measure.counts[c] > 1 ? take(cells.buckets[c]) : measure.first[c];
  }
  return in.ok() && in.is_at_end();
}

std::string write_slots(const MeasureCells& measure) {
  std::string out;
  std::uint32_t at = 0;
  for (std::size_t c = 0; c < measure.counts.size(); ++c) {
    const std::uint32_t end = measure.slot_ends[c];
    if (measure.counts[c] == 0) continue;
    put_varint(out, end - at);
    std::int32_t before = 0;
    for (; at < end; ++at) {
      put_signed(out, measure.slots[at].number - before);
      put_varint(out, static_cast<std::uint64_t>(measure.slots[at].count));
      before = measure.slots[at].number;
    }
  }
  return out;
}

bool take_slots(ByteTaker& in, const RollupCells& cells, MeasureCells& measure) {
  constexpr std::int64_t kMostSlot = std::int64_t{2047} << 6;
  for (std::size_t c = 0; c < cells.size(); ++c) {
    const std::size_t count = measure.counts[c] == 0 ? 0 : in.count();
    std::int64_t slot = 0;
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::int64_t step = in.signed_number();
      const std::uint64_t n = in.number();
      const bool is_wrong = __builtin_add_overflow(slot, step, &slot) || (i > 0 && step <= 0) ||
                            slot > kMostSlot || slot < -kMostSlot || n == 0 || n > kMaxSection;
      if (is_wrong || !in.ok()) return false;
      measure.slots.push_back({static_cast<std::int32_t>(slot), static_cast<std::int64_t>(n)});
      sum += static_cast<std::int64_t>(n);
    }
    if (sum != measure.counts[c]) return false;
    measure.slot_ends[c] = static_cast<std::uint32_t>(measure.slots.size());
  }
  return in.ok() && in.is_at_end();
}

}  // namespace daybook
