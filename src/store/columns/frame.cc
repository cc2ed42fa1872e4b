// A frame, version 1:
//   byte     version (1)
//   byte     kind: 1 rows, 2 changes
//   varint   sequence of the first row; 0 for changes
//   section* until 4 bytes before the end:
//     byte     0 as it is | 1 zstd
//     varint   size when unpacked
//     text     the bytes
//   4 bytes  CRC-32 of everything before, little-endian
// The unpacked sections, one after the other, hold
//   rows:    (value id, varint count, count values by field number, text extra)*
//   changes: (byte 1 version | 2 gone, varint sequence, a row when 1)*
#include "store/columns/frame.h"

#include <cstring>
#include <utility>

#include "base/compress.h"
#include "base/hash.h"
#include "catalog/widen.h"
#include "store/columns/column.h"

namespace daybook::columns {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kPlain = 0;
constexpr std::uint8_t kZstd = 1;
constexpr std::size_t kChecksumSize = 4;
// A frame lives for minutes: the fastest level that still halves the bytes to be synced.
constexpr int kFrameLevel = -1;
constexpr std::size_t kWorthPacking = 512;
constexpr std::size_t kMaxSection = std::size_t{1} << 30;

Error broken(const std::string& what) { return {Code::kInternal, "frame: " + what}; }

Result<std::string> unpack_sections(ByteReader& in) {
  std::string out;
  while (in.ok() && !in.at_end()) {
    const std::uint8_t codec = in.byte();
    const std::uint64_t size = in.varint();
    const std::string_view bytes = in.text();
    if (!in.ok() || size > kMaxSection || out.size() + size > kMaxSection) {
      return broken("a section is cut off or too large");
    }
    if (codec == kPlain) {
      out.append(bytes);
    } else if (codec == kZstd) {
      DAYBOOK_ASSIGN(const std::string plain, zstd_decompress(bytes, size));
      out += plain;
    } else {
      return broken("unknown way of packing " + std::to_string(codec));
    }
  }
  return out;
}

RowChange read_change(ByteReader& in, const Collection& collection, const FieldNumbers& numbers) {
  RowChange change;
  const std::uint8_t kind = in.byte();
  change.sequence = in.varint();
  if (kind == static_cast<std::uint8_t>(RowChange::Kind::kVersion)) {
    change.row = read_row(in, collection, numbers);
  } else if (kind == static_cast<std::uint8_t>(RowChange::Kind::kGone)) {
    change.kind = RowChange::Kind::kGone;
  } else {
    in.fail();
  }
  return change;
}

}  // namespace

void put_row(std::string& out, const Row& row, const FieldNumbers& numbers) {
  put_value(out, Value(row.id));
  put_varint(out, numbers.bound());
  for (std::uint32_t number = 0; number < numbers.bound(); ++number) {
    const auto ordinal = numbers.ordinal_of(number);
    if (ordinal) {
      put_value(out, row.values[*ordinal]);
    } else {
      put_value(out, {});
    }
  }
  put_text(out, row.extra);
}

Row read_row(ByteReader& in, const Collection& collection, const FieldNumbers& numbers) {
  Row row;
  row.values.resize(collection.fields.size());
  const Value id = read_value(in);
  if (const auto* text = id.get_if<std::string>()) {
    row.id = *text;
  } else {
    in.fail();
  }
  const std::size_t count = in.count();
  for (std::size_t number = 0; number < count && in.ok(); ++number) {
    Value value = read_value(in);
    const auto ordinal = numbers.reads_as(static_cast<std::uint32_t>(number));
    if (!ordinal || value.is_null()) continue;
    const Type type = collection.fields[*ordinal].type;
    row.values[*ordinal] = fits(type, value) ? std::move(value) : widened(std::move(value), type);
  }
  row.extra = in.text();
  // A journal's row without a time cannot have been written.
  if (collection.is_journal() && row.values[collection.time_field].is_null()) in.fail();
  return row;
}

void put_version(std::string& out, Sequence sequence, const Row& row, const FieldNumbers& numbers) {
  put_byte(out, static_cast<std::uint8_t>(RowChange::Kind::kVersion));
  put_varint(out, sequence);
  put_row(out, row, numbers);
}

void put_gone(std::string& out, Sequence sequence) {
  put_byte(out, static_cast<std::uint8_t>(RowChange::Kind::kGone));
  put_varint(out, sequence);
}

std::string pack(std::string_view bytes) {
  std::string out;
  std::string packed;
  if (bytes.size() >= kWorthPacking) packed = zstd_compress(bytes, kFrameLevel);
  const bool pays = !packed.empty() && packed.size() < bytes.size();
  put_byte(out, pays ? kZstd : kPlain);
  put_varint(out, bytes.size());
  put_text(out, pays ? std::string_view(packed) : bytes);
  return out;
}

FrameWriter::FrameWriter(FrameKind kind, Sequence first) {
  put_byte(bytes_, kVersion);
  put_byte(bytes_, static_cast<std::uint8_t>(kind));
  put_varint(bytes_, first);
}

void FrameWriter::add_packed(std::string_view packed) { bytes_.append(packed); }

std::string FrameWriter::finish() && {
  put_fixed(bytes_, checksum(bytes_));
  return std::move(bytes_);
}

Result<void> check_frame(std::string_view bytes) {
  if (bytes.size() < kChecksumSize + 2) return broken("too short");
  ByteReader tail(bytes.substr(bytes.size() - kChecksumSize));
  if (tail.fixed<std::uint32_t>() != checksum(bytes.substr(0, bytes.size() - kChecksumSize))) {
    return broken("its checksum is wrong");
  }
  return {};
}

Result<Frame> read_frame(std::string_view bytes, const Collection& collection,
                         const FieldNumbers& numbers) {
  DAYBOOK_TRY(check_frame(bytes));
  ByteReader in(bytes.substr(0, bytes.size() - kChecksumSize));
  if (const std::uint8_t version = in.byte(); version != kVersion) {
    return broken("version " + std::to_string(version) + " is not known here");
  }
  const std::uint8_t kind = in.byte();
  Frame frame;
  frame.first = in.varint();
  DAYBOOK_ASSIGN(const std::string content, unpack_sections(in));
  ByteReader rows(content);
  if (kind == static_cast<std::uint8_t>(FrameKind::kRows)) {
    while (rows.ok() && !rows.at_end()) frame.rows.push_back(read_row(rows, collection, numbers));
  } else if (kind == static_cast<std::uint8_t>(FrameKind::kChanges)) {
    frame.kind = FrameKind::kChanges;
    while (rows.ok() && !rows.at_end()) {
      frame.changes.push_back(read_change(rows, collection, numbers));
    }
  } else {
    return broken("unknown kind " + std::to_string(kind));
  }
  if (!rows.ok()) return broken("its rows are not what was written");
  return frame;
}

}  // namespace daybook::columns
