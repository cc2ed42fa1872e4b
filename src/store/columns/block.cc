// A block's header, version 1:
//   byte     version (1)
//   varint   rows
//   zigzag varints: first and last time, microseconds
//   varints  first and last sequence, bytes of all parts
//   byte     1: every id is a UUIDv7 of its row's own millisecond
//   varint   count; as many hints (hints.cc), ascending by number
//   varint   count, varint each: the parts that are there, packed (PartNumber), ascending
//   4 bytes  CRC-32 of everything before, little-endian
#include "store/columns/block.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/hash.h"
#include "store/columns/bytes.h"
#include "store/columns/postings.h"
#include "store/columns/rolling.h"

namespace daybook::columns {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kChecksumSize = 4;

Error broken(const std::string& what) { return {Code::kInternal, "block header: " + what}; }

std::int64_t millisecond_of(std::int64_t micros) { return micros / 1000; }

bool is_timed(const Column& ids, const Column& times, std::uint32_t position) {
  if (ids.marks()[position] != Column::kPacked || times.numbers()[position] < 0) return false;
  const auto time = uuid_time(ids.uuids()[position]);
  return time && millisecond_of(micros(*time)) == millisecond_of(times.numbers()[position]);
}

void describe_times(const Column& times, const Positions& positions, BlockHeader& header) {
  header.first_time = header.last_time = times.numbers()[positions.front()];
  for (const std::uint32_t position : positions) {
    header.first_time = std::min(header.first_time, times.numbers()[position]);
    header.last_time = std::max(header.last_time, times.numbers()[position]);
  }
}

bool is_empty(const Column& column, const Positions& positions) {
  return std::ranges::all_of(positions,
                             [&](std::uint32_t position) { return column.is_null(position); });
}

// What a block is made of, part by part.
class Sealer {
 public:
  Sealer(BlockReader& block, const Positions& positions, const FieldNumbers& numbers,
         SealedRows& sealed)
      : block_(block), positions_(positions), numbers_(numbers), sealed_(sealed) {}

  Result<void> add_columns() {
    const Layout& layout = block_.layout();
    for (std::size_t i = 0; i < layout.size(); ++i) {
      DAYBOOK_ASSIGN(const Column* column, block_.column(i));
      if (is_empty(*column, positions_)) continue;
      const PartNumber part = add(PartKind::kColumn, i, write_column(*column, positions_));
      if (i >= layout.id) continue;
      sealed_.header.hints.push_back(hint_of(*column, part.number, positions_));
    }
    std::ranges::sort(sealed_.header.hints, {}, &Hint::number);
    return {};
  }

  // Of the fields that indexes begin with; of the ids, unless they tell where they are.
  Result<void> add_postings() {
    std::set<std::size_t> listed;
    for (const Index& index : block_.collection().indexes) listed.insert(index.on.front().field);
    if (!sealed_.header.has_timed_ids) listed.insert(block_.layout().id);
    for (const std::size_t i : listed) {
      DAYBOOK_ASSIGN(const Column* column, block_.column(i));
      if (is_empty(*column, positions_)) continue;
      add(PartKind::kPostings, i, write_postings(*column, positions_));
    }
    return {};
  }

  Result<void> add_rollups() {
    std::vector<StoredPart> parts;
    DAYBOOK_TRY(seal_rollups(block_, positions_, parts));
    for (StoredPart& part : parts) add(std::move(part));
    return {};
  }

 private:
  PartNumber add(PartKind kind, std::size_t column, std::string bytes) {
    const PartNumber part = part_of(kind, column, block_.layout(), numbers_);
    add({part, std::move(bytes)});
    return part;
  }
  void add(StoredPart part) {
    sealed_.header.bytes += part.bytes.size();
    sealed_.header.parts.push_back(part.number);
    sealed_.parts.push_back(std::move(part));
  }

  BlockReader& block_;
  const Positions& positions_;
  const FieldNumbers& numbers_;
  SealedRows& sealed_;
};

}  // namespace

PartNumber part_of(PartKind kind, std::size_t column, const Layout& layout,
                   const FieldNumbers& numbers) {
  if (column == layout.id) return {kind, kIdNumber};
  if (column == layout.extra) return {kind, kExtraNumber};
  if (column == layout.sequence) return {kind, kSequenceNumber};
  return {kind, numbers.number_of(column)};
}

bool BlockHeader::may_hold(std::string_view id) const {
  if (!has_timed_ids) return true;
  const auto uuid = parse_uuid(id);
  const auto time = uuid ? uuid_time(*uuid) : std::nullopt;
  if (!time) return false;
  const std::int64_t millisecond = millisecond_of(micros(*time));
  return millisecond_of(first_time) <= millisecond && millisecond <= millisecond_of(last_time);
}

std::string write_header(const BlockHeader& header) {
  std::string out;
  put_byte(out, kVersion);
  put_varint(out, header.rows);
  put_signed(out, header.first_time);
  put_signed(out, header.last_time);
  put_varint(out, header.first_sequence);
  put_varint(out, header.last_sequence);
  put_varint(out, header.bytes);
  put_byte(out, header.has_timed_ids ? 1 : 0);
  put_varint(out, header.hints.size());
  for (const Hint& hint : header.hints) put_hint(out, hint);
  put_varint(out, header.parts.size());
  for (const PartNumber part : header.parts) put_varint(out, part.packed());
  put_fixed(out, checksum(out));
  return out;
}

Result<BlockHeader> read_header(std::string_view bytes) {
  if (bytes.size() < kChecksumSize + 2) return broken("too short");
  const std::string_view content = bytes.substr(0, bytes.size() - kChecksumSize);
  ByteReader tail(bytes.substr(content.size()));
  if (tail.fixed<std::uint32_t>() != checksum(content)) return broken("its checksum is wrong");
  ByteReader in(content);
  if (const std::uint8_t version = in.byte(); version != kVersion) {
    return broken("version " + std::to_string(version) + " is not known here");
  }
  BlockHeader header;
  header.rows = in.varint();
  if (header.rows > kMaxBlockRows) return broken("more rows than a block can have");
  header.first_time = in.signed_varint();
  header.last_time = in.signed_varint();
  header.first_sequence = in.varint();
  header.last_sequence = in.varint();
  header.bytes = in.varint();
  header.has_timed_ids = in.byte() == 1;
  constexpr std::size_t kLeastHint = 3;
  header.hints.resize(in.count(kLeastHint));
  for (Hint& hint : header.hints) hint = read_hint(in);
  header.parts.resize(in.count());
  for (PartNumber& part : header.parts) {
    const std::uint64_t packed = in.varint();
    if (packed >= kMaxPart) return broken("a part that no block has");
    part = PartNumber::unpacked(static_cast<std::uint32_t>(packed));
  }
  if (!in.ok() || !in.at_end()) return broken("its content is not what was written");
  return header;
}

Result<SealedRows> seal(BlockReader& block, Positions positions, const FieldNumbers& numbers) {
  SealedRows sealed;
  if (positions.empty()) return sealed;
  const Layout& layout = block.layout();
  DAYBOOK_ASSIGN(const Column* sequences, block.column(layout.sequence));
  const auto sequence_of = [&](std::uint32_t position) { return sequences->numbers()[position]; };
  if (!std::ranges::is_sorted(positions, {}, sequence_of)) {
    std::ranges::sort(positions, {}, sequence_of);
  }
  DAYBOOK_ASSIGN(const Column* times, block.column(block.collection().time_field));
  DAYBOOK_ASSIGN(const Column* ids, block.column(layout.id));
  BlockHeader& header = sealed.header;
  header.rows = positions.size();
  header.first_sequence = static_cast<Sequence>(sequences->numbers()[positions.front()]);
  header.last_sequence = static_cast<Sequence>(sequences->numbers()[positions.back()]);
  describe_times(*times, positions, header);
  header.has_timed_ids = std::ranges::all_of(
      positions, [&](std::uint32_t position) { return is_timed(*ids, *times, position); });
  Sealer sealer(block, positions, numbers, sealed);
  DAYBOOK_TRY(sealer.add_columns());
  DAYBOOK_TRY(sealer.add_postings());
  DAYBOOK_TRY(sealer.add_rollups());
  std::ranges::sort(header.parts);
  sealed.positions = std::move(positions);
  return sealed;
}

}  // namespace daybook::columns
