// Stored cells, version 2. Numbers are varints, signed ones zigzag; a text is its length and bytes.
//
//   byte     version (2)
//   number   width of a bucket, microseconds
//   number   of `by` fields, each: name, type
//   number   of measures that were declared, each: name, type of its numbers
//   number   of chunks, each: number of cells; the first one's bucket (a signed number of widths),
//            the last one's (widths after that)
//   number   of sections, each: kind (byte), field name or condition, key of a map's entry, size
//            unpacked, size
//   bytes    the sections (rollup_sections.cc), one after the other, each a zstd frame: first the
//            keys, then those of one chunk after the other, of each the buckets first
//   4 bytes  CRC-32 of everything before, little-endian
#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

#include "base/compress.h"
#include "base/hash.h"
#include "query/rollup_cells.h"
#include "query/rollup_sections.h"

namespace daybook {
namespace {

constexpr char kVersion = 2;
constexpr int kLevel = 3;
constexpr std::size_t kChecksumSize = 4;

// A question about few buckets reads few cells: a chunk ends with the bucket that makes it as
// large.
constexpr std::size_t kChunk = 2048;

enum class Section : std::uint8_t { kKeys, kBuckets, kSums, kPlaces, kSlots, kDistinct, kRate };
constexpr std::uint8_t kSections = 7;

Error broken(const char* what) {
  return {Code::kMalformed, std::string("the stored sums are broken: ") + what};
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

std::vector<CellRun> chunks_of(const RollupCells& cells) {
  std::vector<CellRun> chunks;
  for (std::size_t c = 0; c < cells.size(); ++c) {
    const bool is_full = !chunks.empty() && c - chunks.back().begin >= kChunk &&
                         cells.buckets[c] != cells.buckets[c - 1];
    if (chunks.empty() || is_full) chunks.push_back({c, c});
    chunks.back().end = c + 1;
  }
  return chunks;
}

std::string head_of(const RollupCells& cells, const std::vector<CellRun>& chunks,
                    const Collection& collection, const Rollup& rollup) {
  std::string head(1, kVersion);
  put_varint(head, static_cast<std::uint64_t>(cells.width.count()));
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
  put_varint(head, chunks.size());
  for (const CellRun& chunk : chunks) {
    const std::int64_t first = cells.buckets[chunk.begin] / cells.width.count();
    const std::int64_t last = cells.buckets[chunk.end - 1] / cells.width.count();
    put_varint(head, chunk.end - chunk.begin);
    put_signed(head, first);
    put_varint(head, static_cast<std::uint64_t>(last - first));
  }
  return head;
}

void write_chunk(const RollupCells& cells, CellRun run, const Collection& collection,
                 const Rollup& rollup, Writer& out) {
  out.add(Section::kBuckets, "", "", write_buckets(cells, run));
  for (const MeasureCells& measure : cells.measures) {
    const std::string& name = collection.fields[measure.field.field].name;
    out.add(Section::kSums, name, measure.field.key, write_sums(measure, run));
    out.add(Section::kPlaces, name, measure.field.key, write_places(cells, measure, run));
    out.add(Section::kSlots, name, measure.field.key, write_slots(measure, run));
  }
  for (std::size_t i = 0; i < cells.distinct.size(); ++i) {
    if (cells.distinct[i].size() != cells.size()) continue;
    std::string counters;
    for (std::size_t c = run.begin; c < run.end; ++c) cells.distinct[i][c].encode(counters);
    out.add(Section::kDistinct, collection.fields[rollup.distinct[i]].name,
            type_of(collection, rollup.distinct[i]), counters);
  }
  for (std::size_t i = 0; i < cells.holding.size(); ++i) {
    if (cells.holding[i].size() != cells.size()) continue;
    std::string rates;
    for (std::size_t c = run.begin; c < run.end; ++c) {
      put_varint(rates, static_cast<std::uint64_t>(cells.holding[i][c]));
    }
    out.add(Section::kRate, format_expression(rollup.rates[i]), "", rates);
  }
}

// Reads one part after the other into cells.
class CellReader {
 public:
  CellReader(const Collection& collection, const Rollup& rollup, const WantedCells& wanted)
      : collection_(collection), rollup_(rollup), wanted_(wanted) {}

  Result<RollupCells> read(std::string_view bytes) {
    if (bytes.size() <= kChecksumSize) return broken("too short");
    const std::string_view content = bytes.substr(0, bytes.size() - kChecksumSize);
    if (ByteTaker(bytes.substr(content.size())).bits<std::uint32_t>() != checksum(content)) {
      return broken("the checksum is wrong");
    }
    ByteTaker in(content);
    if (in.bits<char>() != kVersion) return broken("a version that is not known here");
    cells_.distinct.resize(rollup_.distinct.size());
    cells_.holding.resize(rollup_.rates.size());
    DAYBOOK_TRY(read_head(in));
    DAYBOOK_TRY(read_chunks(in));
    DAYBOOK_TRY(read_index(in));
    for (const Stored& section : sections_) DAYBOOK_TRY(read_section(section));
    if (!has_keys_ || next_chunk_ != chunks_.size()) return broken("a chunk is missing");
    for (MeasureCells& measure : cells_.measures) measure.grow_to(cells_.size());
    return std::move(cells_);
  }

 private:
  Result<void> read_head(ByteTaker& in) {
    const std::uint64_t width = in.number();
    const std::size_t by = in.count();
    if (!in.ok() || width == 0 || width > static_cast<std::uint64_t>(kMaxWidth.count())) {
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

  Result<void> read_chunks(ByteTaker& in) {
    const std::size_t count = in.count();
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
      Chunk& chunk = chunks_.emplace_back();
      chunk.size = in.number();
      const std::int64_t first = in.signed_number();
      const std::uint64_t further = in.number();
      const std::int64_t most = std::numeric_limits<std::int64_t>::max() / kMaxWidth.count();
      if (chunk.size == 0 || chunk.size > kMaxSection || first < -most || first > most ||
          further > static_cast<std::uint64_t>(most)) {
        return broken("its chunks");
      }
      const std::int64_t start = first * cells_.width.count();
      const std::int64_t last = start + static_cast<std::int64_t>(further) * cells_.width.count();
      chunk.is_wanted =
          !wanted_.ranges || std::ranges::any_of(*wanted_.ranges, [&](const auto& range) {
            return range.first <= last && start < range.second;
          });
    }
    if (!in.ok()) return broken("its chunks");
    return {};
  }

  Result<void> read_index(ByteTaker& in) {
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
    if (!has_keys_) return broken("cells before their keys");
    if (section.kind == Section::kBuckets) return read_buckets(section);
    if (next_chunk_ == 0) return broken("sums before their cells");
    if (!chunks_[next_chunk_ - 1].is_wanted) return {};
    switch (section.kind) {
      case Section::kKeys:
      case Section::kBuckets:
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
    ByteTaker in(unpacked_);
    if (!take_keys(in, cells_)) return broken("its keys");
    has_keys_ = true;
    if (wanted_.keys) keys_ = wanted_.keys(cells_);
    return {};
  }

  Result<void> read_buckets(const Stored& section) {
    if (next_chunk_ == chunks_.size()) return broken("a chunk too many");
    const Chunk& chunk = chunks_[next_chunk_++];
    if (!chunk.is_wanted) return {};
    DAYBOOK_TRY(unpack(section));
    ByteTaker in(unpacked_);
    stored_ = {chunk.size, {}, cells_.size()};
    measure_sections_.clear();
    const bool is_good =
        take_buckets(in, wanted_, keys_, stored_, cells_) && std::ranges::is_sorted(cells_.buckets);
    if (!is_good) return broken("its buckets");
    return {};
  }

  MeasureSections* sections_of(const FieldRef& field) {
    const auto known = std::ranges::find(measure_sections_, field,
                                         [](const auto& sections) { return sections.first; });
    return known == measure_sections_.end() ? nullptr : &known->second;
  }

  Result<void> read_sums(const Stored& section) {
    const auto field = measure_field(section);
    if (!field || (wanted(*field) == WantedCells::kNothing)) return {};
    if (sections_of(*field) != nullptr) return broken("a measure twice");
    MeasureCells& measure = measure_of(cells_, collection_, *field);
    measure.grow_to(cells_.size());
    DAYBOOK_TRY(unpack(section));
    ByteTaker in(unpacked_);
    measure_sections_.emplace_back(*field, MeasureSections(stored_, cells_));
    if (!measure_sections_.back().second.take_sums(in, measure)) return broken("its sums");
    return {};
  }

  Result<void> read_more(const Stored& section) {
    const auto field = measure_field(section);
    const bool is_slots = section.kind == Section::kSlots;
    const unsigned part = is_slots ? WantedCells::kSlots : WantedCells::kPlaces;
    if (!field || (wanted(*field) & part) == 0) return {};
    MeasureSections* sections = sections_of(*field);
    if (sections == nullptr) return broken("a measure without sums");
    MeasureCells& measure = measure_of(cells_, collection_, *field);
    DAYBOOK_TRY(unpack(section));
    if (is_slots) {
      if (!sections->take_slots(std::move(unpacked_), wanted_.is_checked, measure)) {
        return broken("its slots");
      }
      return {};
    }
    ByteTaker in(unpacked_);
    if (!sections->take_places(in, measure)) return broken("its first and last");
    return {};
  }

  Result<void> read_distinct(const Stored& section) {
    if (!wanted_.distinct) return {};
    const auto field = collection_.find_field(section.name);
    for (std::size_t i = 0; field && i < rollup_.distinct.size(); ++i) {
      if (rollup_.distinct[i] != *field || section.key != type_of(collection_, *field)) continue;
      if (cells_.distinct[i].size() > stored_.first) return broken("distinct values twice");
      DAYBOOK_TRY(unpack(section));
      ByteTaker in(unpacked_);
      const auto take = [&] {
        auto counter = DistinctCounter::take(in.rest(), Accumulator::kExactDistinct);
        if (!counter) in.fail();
        return counter;
      };
      const auto skip = [&](std::size_t count) {
        for (; count > 0 && in.ok(); --count) (void)take();
      };
      take_column(stored_, is_there, skip, [&](std::size_t, std::size_t) {
        auto counter = take();
        if (counter) cells_.distinct[i].push_back(*std::move(counter));
      });
      if (!in.ok() || !in.is_at_end()) return broken("its distinct values");
    }
    return {};
  }

  Result<void> read_rate(const Stored& section) {
    for (std::size_t i = 0; i < rollup_.rates.size(); ++i) {
      if (format_expression(rollup_.rates[i]) != section.name) continue;
      if (cells_.holding[i].size() > stored_.first) return broken("a rate twice");
      DAYBOOK_TRY(unpack(section));
      ByteTaker in(unpacked_);
      const auto skip = [&](std::size_t count) { in.skip_numbers(count); };
      take_column(stored_, is_there, skip, [&](std::size_t, std::size_t c) {
        const std::uint64_t holding = in.number();
        if (holding > static_cast<std::uint64_t>(cells_.rows[c])) in.fail();
        cells_.holding[i].push_back(static_cast<std::int64_t>(holding));
      });
      if (!in.ok() || !in.is_at_end()) return broken("its rates");
    }
    return {};
  }

  struct Chunk {
    std::size_t size = 0;
    bool is_wanted = false;
  };

  static bool is_there(std::size_t) { return true; }  // in a column that has all cells

  static constexpr Duration kMaxWidth = std::chrono::hours(24);

  const Collection& collection_;
  const Rollup& rollup_;
  const WantedCells& wanted_;
  RollupCells cells_;
  bool has_keys_ = false;
  std::vector<char> keys_;  // by key, whether it is wanted; empty: all are
  std::vector<Chunk> chunks_;
  std::size_t next_chunk_ = 0;
  // Of the chunk at hand, the one before the next.
  StoredCells stored_;
  std::vector<std::pair<FieldRef, MeasureSections>> measure_sections_;
  std::vector<Stored> sections_;
  std::vector<std::uint64_t> sizes_;
  std::string unpacked_;
};

}  // namespace

std::string write_cells(const RollupCells& cells, const Collection& collection,
                        const Rollup& rollup) {
  const std::vector<CellRun> chunks = chunks_of(cells);
  Writer out;
  out.add(Section::kKeys, "", "", write_keys(cells));
  for (const CellRun& chunk : chunks) write_chunk(cells, chunk, collection, rollup, out);
  return std::move(out).finish(head_of(cells, chunks, collection, rollup));
}

Result<RollupCells> read_cells(std::string_view bytes, const Collection& collection,
                               const Rollup& rollup, const WantedCells& wanted) {
  return CellReader(collection, rollup, wanted).read(bytes);
}

}  // namespace daybook
