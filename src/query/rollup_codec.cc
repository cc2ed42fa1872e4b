// Stored cells, version 1. Numbers are varints, signed ones zigzag; a text is its length and bytes.
//
//   byte     version (1)
//   number   width of a bucket, microseconds; number of cells
//   number   of `by` fields, each: name, type
//   number   of measures that were declared, each: name, type of its numbers
//   number   of sections, each: kind (byte), field name or condition, key of a map's entry, size
//            unpacked, size
//   bytes    the sections, one after the other, each a zstd frame
//   4 bytes  CRC-32 of everything before, little-endian
//
// Sections, column after column, a value for each cell unless said otherwise:
//   keys     `by` after `by`: number of values, each a tag and its bits; number of keys, each `by`
//            numbers; then buckets (width after width, each minus the one before), keys, rows
//   sums     counts; then of cells with values: least; of those with more than one also most, the
//   sum
//            (ints: 128 bits; floats: sum and rest) and the sum of squares
//   places   of cells with values the first, of those with more than one the last: time minus the
//            bucket, id, value
//   slots    of cells with values: number of slots, each: slot minus the slot before, count
//   distinct one counter (distinct_counter.cc); rate: rows for which it holds
#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>
#include <utility>

#include "base/compress.h"
#include "base/hash.h"
#include "query/rollup_cells.h"
#include "query/varint.h"

namespace daybook {
namespace {

constexpr char kVersion = 1;
constexpr int kLevel = 3;
constexpr std::size_t kChecksumSize = 4;
constexpr std::uint64_t kMaxSection = std::uint64_t{1} << 30;

enum class Section : std::uint8_t { kKeys, kSums, kPlaces, kSlots, kDistinct, kRate };
constexpr std::uint8_t kSections = 6;

Error broken(const char* what) {
  return {Code::kMalformed, std::string("the stored sums are broken: ") + what};
}

void put_text(std::string& out, std::string_view text) {
  put_varint(out, text.size());
  out += text;
}

template <typename T>
void put_bits(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

// Takes values off the front; after a failure it gives zeros.
class Taker {
 public:
  explicit Taker(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return !has_failed_; }
  bool is_at_end() const { return rest_.empty(); }
  std::size_t size() const { return rest_.size(); }
  void fail() {
    has_failed_ = true;
    rest_ = {};
  }

  std::uint64_t number() { return checked(take_varint(rest_)); }
  std::int64_t signed_number() { return checked(take_signed(rest_)); }
  std::string_view bytes(std::uint64_t size) {
    if (size > rest_.size()) {
      fail();
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::string_view text() { return bytes(number()); }
  template <typename T>
  T bits() {
    T value{};
    const std::string_view taken = bytes(sizeof(T));
    if (taken.size() == sizeof(T)) std::memcpy(&value, taken.data(), sizeof(T));
    return value;
  }
  // A number of things of at least one byte each.
  std::size_t count() {
    const std::uint64_t n = number();
    if (n > rest_.size()) fail();
    return ok() ? n : 0;
  }
  // Below `bound`.
  std::uint32_t index(std::size_t bound) {
    const std::uint64_t n = number();
    if (n >= bound) fail();
    return ok() ? static_cast<std::uint32_t>(n) : 0;
  }
  std::string_view& rest() { return rest_; }

 private:
  template <typename T>
  T checked(const std::optional<T>& taken) {
    if (!taken) fail();
    return taken.value_or(0);
  }

  std::string_view rest_;
  bool has_failed_ = false;
};

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

Value take_plain(Taker& in) {
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

std::int64_t take_value(Taker& in, const MeasureCells& measure) {
  return measure.is_whole ? in.signed_number() : in.bits<std::int64_t>();
}

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

bool take_keys(Taker& in, std::size_t size, RollupCells& cells) {
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

bool take_sums(Taker& in, const RollupCells& cells, MeasureCells& measure) {
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

bool take_places(Taker& in, RollupCells& cells, MeasureCells& measure) {
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

bool take_slots(Taker& in, const RollupCells& cells, MeasureCells& measure) {
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

struct Stored {
  Section kind;
  std::string name, key;
  std::uint64_t unpacked = 0;
  std::string_view bytes;
};

class Writer {
 public:
  void add(Section kind, std::string_view name, std::string_view key, const std::string& content) {
    const std::string packed = zstd_compress(content, kLevel);
    ++count_;
    index_ += static_cast<char>(kind);
    put_text(index_, name);
    put_text(index_, key);
    put_varint(index_, content.size());
    put_varint(index_, packed.size());
    bytes_ += packed;
  }
  std::string finish(std::string head) && {
    put_varint(head, count_);
    head += index_;
    head += bytes_;
    put_bits(head, checksum(head));
    return head;
  }

 private:
  std::size_t count_ = 0;
  std::string index_, bytes_;
};

std::string_view type_of(const Collection& collection, std::size_t field) {
  return type_name(collection.fields[field].type);
}

// Of a map the type of its elements.
std::string_view number_type(const Collection& collection, std::size_t field) {
  const Field& declared = collection.fields[field];
  const bool is_map = declared.type == Type::kMap && !declared.element.empty();
  return type_name(is_map ? declared.element_field().type : declared.type);
}

std::string head_of(const RollupCells& cells, const Collection& collection, const Rollup& rollup) {
  std::string head(1, kVersion);
  put_varint(head, static_cast<std::uint64_t>(cells.width.count()));
  put_varint(head, cells.size());
  put_varint(head, rollup.by.size());
  for (const std::size_t field : rollup.by) {
    put_text(head, collection.fields[field].name);
    put_text(head, type_of(collection, field));
  }
  put_varint(head, cells.measured.size());
  for (const std::size_t field : cells.measured) {
    put_text(head, collection.fields[field].name);
    put_text(head, number_type(collection, field));
  }
  return head;
}

// Reads one part after the other into cells.
class CellReader {
 public:
  CellReader(const Collection& collection, const Rollup& rollup, const WantedCells& wanted)
      : collection_(collection), rollup_(rollup), wanted_(wanted) {}

  Result<RollupCells> read(std::string_view bytes) {
    if (bytes.size() <= kChecksumSize) return broken("too short");
    const std::string_view content = bytes.substr(0, bytes.size() - kChecksumSize);
    if (Taker(bytes.substr(content.size())).bits<std::uint32_t>() != checksum(content)) {
      return broken("the checksum is wrong");
    }
    Taker in(content);
    if (in.bits<char>() != kVersion) return broken("a version that is not known here");
    cells_.distinct.resize(rollup_.distinct.size());
    cells_.holding.resize(rollup_.rates.size());
    DAYBOOK_TRY(read_head(in));
    DAYBOOK_TRY(read_index(in));
    for (const Stored& section : sections_) DAYBOOK_TRY(read_section(section));
    if (!has_keys_) return broken("no keys");
    return std::move(cells_);
  }

 private:
  Result<void> read_head(Taker& in) {
    const std::uint64_t width = in.number();
    size_ = in.number();
    const std::size_t by = in.count();
    if (!in.ok() || width == 0 || width > static_cast<std::uint64_t>(kMaxWidth.count()) ||
        size_ > kMaxSection) {
      return broken("its head");
    }
    cells_.width = Duration(static_cast<std::int64_t>(width));
    bool is_same = by == rollup_.by.size();
    for (std::size_t i = 0; i < by; ++i) {
      const std::string_view name = in.text();
      const std::string_view type = in.text();
      is_same = is_same && name == collection_.fields[rollup_.by[i]].name &&
                type == type_of(collection_, rollup_.by[i]);
    }
    if (!in.ok()) return broken("its fields");
    if (!is_same) return Error(Code::kInvalid, "the stored sums are by other fields");
    cells_.values.resize(by);
    const std::size_t measures = in.count();
    for (std::size_t i = 0; i < measures && in.ok(); ++i) {
      const auto field = collection_.find_field(in.text());
      const std::string_view type = in.text();
      const bool is_same_type = field && type == number_type(collection_, *field) &&
                                (type == type_name(Type::kInt) || type == type_name(Type::kFloat));
      if (is_same_type) cells_.measured.push_back(*field);
    }
    return {};
  }

  Result<void> read_index(Taker& in) {
    const std::size_t count = in.count();
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
      const auto kind = in.bits<std::uint8_t>();
      if (kind >= kSections) return broken("a section of no kind");
      Stored& section = sections_.emplace_back();
      section.kind = static_cast<Section>(kind);
      section.name = in.text();
      section.key = in.text();
      section.unpacked = in.number();
      sizes_.push_back(in.number());
      if (section.unpacked > kMaxSection) return broken("a section is too large");
    }
    for (std::size_t i = 0; i < sections_.size(); ++i) sections_[i].bytes = in.bytes(sizes_[i]);
    if (!in.ok() || !in.is_at_end()) return broken("its sections");
    return {};
  }

  // What a question wants of a measure; empty when there is no such measure any more.
  std::optional<FieldRef> measure_field(const Stored& section) const {
    const auto field = collection_.find_field(section.name);
    if (!field || std::ranges::find(cells_.measured, *field) == cells_.measured.end()) {
      return std::nullopt;
    }
    const bool is_map = collection_.fields[*field].type == Type::kMap;
    if (!is_map && !section.key.empty()) return std::nullopt;
    return FieldRef{*field, section.key};
  }

  unsigned wanted(const FieldRef& field) const {
    for (const auto& [ref, parts] : wanted_.measures) {
      if (ref == field) return parts;
    }
    return wanted_.of_all;
  }

  Result<void> read_section(const Stored& section) {
    if (section.kind == Section::kKeys) return read_keys(section);
    if (!has_keys_) return broken("sums before their keys");
    switch (section.kind) {
      case Section::kKeys:
      case Section::kSums:
        return read_sums(section);
      case Section::kPlaces:
      case Section::kSlots:
        return read_more(section);
      case Section::kDistinct:
        return read_distinct(section);
      case Section::kRate:
        return read_rate(section);
    }
    return {};
  }

  Result<void> unpack(const Stored& section) {
    DAYBOOK_ASSIGN(unpacked_, zstd_decompress(section.bytes, section.unpacked));
    return {};
  }

  Result<void> read_keys(const Stored& section) {
    if (has_keys_) return broken("keys twice");
    DAYBOOK_TRY(unpack(section));
    Taker in(unpacked_);
    if (!take_keys(in, size_, cells_)) return broken("its keys");
    has_keys_ = true;
    return {};
  }

  Result<void> read_sums(const Stored& section) {
    const auto field = measure_field(section);
    if (!field || (wanted(*field) == WantedCells::kNothing)) return {};
    const bool is_known =
        std::ranges::find(cells_.measures, *field, &MeasureCells::field) != cells_.measures.end();
    if (is_known) return broken("a measure twice");
    MeasureCells& measure = measure_of(cells_, collection_, *field);
    DAYBOOK_TRY(unpack(section));
    Taker in(unpacked_);
    if (!take_sums(in, cells_, measure)) return broken("its sums");
    return {};
  }

  Result<void> read_more(const Stored& section) {
    const auto field = measure_field(section);
    const bool is_slots = section.kind == Section::kSlots;
    const unsigned part = is_slots ? WantedCells::kSlots : WantedCells::kPlaces;
    if (!field || (wanted(*field) & part) == 0) return {};
    const auto measure = std::ranges::find(cells_.measures, *field, &MeasureCells::field);
    if (measure == cells_.measures.end()) return broken("a measure without sums");
    if (!measure->slots.empty() && is_slots) return broken("slots twice");
    DAYBOOK_TRY(unpack(section));
    Taker in(unpacked_);
    const bool is_good =
        is_slots ? take_slots(in, cells_, *measure) : take_places(in, cells_, *measure);
    if (!is_good) return broken(is_slots ? "its slots" : "its first and last");
    return {};
  }

  Result<void> read_distinct(const Stored& section) {
    if (!wanted_.distinct) return {};
    const auto field = collection_.find_field(section.name);
    for (std::size_t i = 0; field && i < rollup_.distinct.size(); ++i) {
      if (rollup_.distinct[i] != *field || section.key != type_of(collection_, *field)) continue;
      if (!cells_.distinct[i].empty()) return broken("distinct values twice");
      DAYBOOK_TRY(unpack(section));
      Taker in(unpacked_);
      for (std::size_t c = 0; c < cells_.size(); ++c) {
        auto counter = DistinctCounter::take(in.rest(), Accumulator::kExactDistinct);
        if (!counter) return broken("its distinct values");
        cells_.distinct[i].push_back(*std::move(counter));
      }
      if (!in.is_at_end()) return broken("its distinct values");
    }
    return {};
  }

  Result<void> read_rate(const Stored& section) {
    for (std::size_t i = 0; i < rollup_.rates.size(); ++i) {
      if (format_expression(rollup_.rates[i]) != section.name) continue;
      if (!cells_.holding[i].empty()) return broken("a rate twice");
      DAYBOOK_TRY(unpack(section));
      Taker in(unpacked_);
      for (std::size_t c = 0; c < cells_.size(); ++c) {
        const std::uint64_t holding = in.number();
        if (!in.ok() || holding > static_cast<std::uint64_t>(cells_.rows[c])) {
          return broken("its rates");
        }
        cells_.holding[i].push_back(static_cast<std::int64_t>(holding));
      }
      if (!in.is_at_end()) return broken("its rates");
    }
    return {};
  }

  static constexpr Duration kMaxWidth = std::chrono::hours(24);

  const Collection& collection_;
  const Rollup& rollup_;
  const WantedCells& wanted_;
  RollupCells cells_;
  std::size_t size_ = 0;
  bool has_keys_ = false;
  std::vector<Stored> sections_;
  std::vector<std::uint64_t> sizes_;
  std::string unpacked_;
};

}  // namespace

std::string write_cells(const RollupCells& cells, const Collection& collection,
                        const Rollup& rollup) {
  Writer out;
  out.add(Section::kKeys, "", "", write_keys(cells));
  for (const MeasureCells& measure : cells.measures) {
    const std::string& name = collection.fields[measure.field.field].name;
    out.add(Section::kSums, name, measure.field.key, write_sums(measure));
    out.add(Section::kPlaces, name, measure.field.key, write_places(cells, measure));
    out.add(Section::kSlots, name, measure.field.key, write_slots(measure));
  }
  for (std::size_t i = 0; i < cells.distinct.size(); ++i) {
    if (cells.distinct[i].size() != cells.size()) continue;
    std::string counters;
    for (const DistinctCounter& counter : cells.distinct[i]) counter.encode(counters);
    out.add(Section::kDistinct, collection.fields[rollup.distinct[i]].name,
            type_of(collection, rollup.distinct[i]), counters);
  }
  for (std::size_t i = 0; i < cells.holding.size(); ++i) {
    if (cells.holding[i].size() != cells.size()) continue;
    std::string rates;
    for (const std::int64_t holding : cells.holding[i]) {
      put_varint(rates, static_cast<std::uint64_t>(holding));
    }
    out.add(Section::kRate, format_expression(rollup.rates[i]), "", rates);
  }
  return std::move(out).finish(head_of(cells, collection, rollup));
}

Result<RollupCells> read_cells(std::string_view bytes, const Collection& collection,
                               const Rollup& rollup, const WantedCells& wanted) {
  return CellReader(collection, rollup, wanted).read(bytes);
}

}  // namespace daybook
