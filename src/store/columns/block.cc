// A block's header, version 1:
//   byte     version (1)
//   varint   rows
//   zigzag varints: first and last time, microseconds
//   varints  first and last sequence, bytes of all parts
//   byte     1: every id is a UUIDv7 of its row's own millisecond
//   varint   count, 4 bytes each: hashes of the ids, sorted; none for timed ids
//   varint   count, varint each: the parts that are there, packed (PartNumber), ascending
//   4 bytes  CRC-32 of everything before, little-endian
#include "store/columns/block.h"

#include <algorithm>

#include "base/hash.h"
#include "query/term_finder.h"
#include "store/columns/bytes.h"
#include "store/columns/rolling.h"
#include "store/columns/terms.h"

namespace daybook::columns {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kChecksumSize = 4;

Error broken(const std::string& what) { return {Code::kInternal, "block header: " + what}; }

std::int64_t millisecond_of(std::int64_t micros) { return micros / 1000; }

std::uint32_t id_hash(std::string_view id) { return static_cast<std::uint32_t>(hash64(id)); }

bool is_timed(const Column& ids, const Column& times, std::uint32_t position) {
  if (ids.marks()[position] != Column::kPacked || times.numbers()[position] < 0) return false;
  const auto time = uuid_time(ids.uuids()[position]);
  return time && millisecond_of(micros(*time)) == millisecond_of(times.numbers()[position]);
}

void describe_ids(const Column& ids, const Column& times, const Positions& positions,
                  BlockHeader& header) {
  header.has_timed_ids = std::ranges::all_of(
      positions, [&](std::uint32_t position) { return is_timed(ids, times, position); });
  if (header.has_timed_ids) return;
  for (const std::uint32_t position : positions) {
    header.id_hashes.push_back(id_hash(ids.text(position)));
  }
  std::ranges::sort(header.id_hashes);
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

Result<void> seal_columns(BlockReader& block, const Positions& positions,
                          const FieldNumbers& numbers, std::vector<StoredPart>& parts) {
  const Layout& layout = block.layout();
  for (std::size_t i = 0; i < layout.size(); ++i) {
    DAYBOOK_ASSIGN(const Column* column, block.column(i));
    if (is_empty(*column, positions)) continue;
    parts.push_back({column_part(i, layout, numbers), write_column(*column, positions)});
  }
  return {};
}

// Terms are there for every searched field, so that a search knows a field without texts from a
// block that was sealed before the field was searched.
Result<void> seal_terms(BlockReader& block, const Positions& positions, const FieldNumbers& numbers,
                        std::vector<StoredPart>& parts) {
  for (const auto& [field, weight] : searched_fields(block.collection())) {
    DAYBOOK_ASSIGN(const Column* column, block.column(field));
    parts.push_back({{PartKind::kTerms, numbers.number_of(field)},
                     write_terms(*column, positions, search_language(block.collection()))});
  }
  return {};
}

}  // namespace

PartNumber column_part(std::size_t column, const Layout& layout, const FieldNumbers& numbers) {
  const std::uint32_t number = column == layout.id         ? kIdNumber
                               : column == layout.extra    ? kExtraNumber
                               : column == layout.sequence ? kSequenceNumber
                                                           : numbers.number_of(column);
  return {PartKind::kColumn, number};
}

bool BlockHeader::has(PartNumber part) const { return std::ranges::binary_search(parts, part); }

bool BlockHeader::may_hold(std::string_view id) const {
  if (!has_timed_ids) return std::ranges::binary_search(id_hashes, id_hash(id));
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
  put_varint(out, header.id_hashes.size());
  for (const std::uint32_t hash : header.id_hashes) put_fixed(out, hash);
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
  header.id_hashes.resize(in.count(sizeof(std::uint32_t)));
  for (std::uint32_t& hash : header.id_hashes) hash = in.fixed<std::uint32_t>();
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
  std::ranges::sort(positions, {}, [&](std::uint32_t p) { return sequences->numbers()[p]; });
  DAYBOOK_ASSIGN(const Column* times, block.column(block.collection().time_field));
  DAYBOOK_ASSIGN(const Column* ids, block.column(layout.id));
  BlockHeader& header = sealed.header;
  header.rows = positions.size();
  header.first_sequence = static_cast<Sequence>(sequences->numbers()[positions.front()]);
  header.last_sequence = static_cast<Sequence>(sequences->numbers()[positions.back()]);
  describe_times(*times, positions, header);
  describe_ids(*ids, *times, positions, header);
  DAYBOOK_TRY(seal_columns(block, positions, numbers, sealed.parts));
  DAYBOOK_TRY(seal_rollups(block, positions, sealed.parts));
  DAYBOOK_TRY(seal_terms(block, positions, numbers, sealed.parts));
  for (const StoredPart& part : sealed.parts) {
    header.bytes += part.bytes.size();
    header.parts.push_back(part.number);
  }
  std::ranges::sort(header.parts);
  sealed.positions = std::move(positions);
  return sealed;
}

}  // namespace daybook::columns
