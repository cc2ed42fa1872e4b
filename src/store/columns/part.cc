// A part as it is stored, version 1:
//   byte     version (1)
//   byte     0 as it is | 1 zstd
//   varint   size of the content when unpacked
//   text     the content
//   4 bytes  CRC-32 of everything before, little-endian
#include "store/columns/part.h"

#include "base/bug.h"
#include "base/compress.h"
#include "base/hash.h"
#include "store/columns/bytes.h"

namespace daybook::columns {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr int kLevel = 1;
constexpr std::size_t kChecksumSize = 4;
constexpr std::uint64_t kMaxContent = std::uint64_t{1} << 30;

Error broken(const std::string& what) { return {Code::kInternal, "part of a block: " + what}; }

const char* kind_name(PartKind kind) {
  switch (kind) {
    case PartKind::kColumn:
      return "column ";
    case PartKind::kPostings:
      return "postings ";
    case PartKind::kTerms:
      return "terms ";
    case PartKind::kRollup:
      return "rollup ";
  }
  bug("unknown kind of part");
}

}  // namespace

std::string part_name(PartNumber part) {
  return kind_name(part.kind) + std::to_string(part.number);
}

std::string pack_part(std::string_view content) {
  const std::string packed = zstd_compress(content, kLevel);
  const bool pays = packed.size() < content.size();
  std::string out;
  put_byte(out, kVersion);
  put_byte(out, pays ? 1 : 0);
  put_varint(out, content.size());
  put_text(out, pays ? std::string_view(packed) : content);
  put_fixed(out, checksum(out));
  return out;
}

Result<void> check_part(std::string_view bytes) {
  if (bytes.size() < kChecksumSize + 3) return broken("too short");
  ByteReader tail(bytes.substr(bytes.size() - kChecksumSize));
  if (tail.fixed<std::uint32_t>() != checksum(bytes.substr(0, bytes.size() - kChecksumSize))) {
    return broken("its checksum is wrong");
  }
  return {};
}

Result<std::string> unpack_part(std::string_view bytes) {
  DAYBOOK_TRY(check_part(bytes));
  ByteReader in(bytes.substr(0, bytes.size() - kChecksumSize));
  if (const std::uint8_t version = in.byte(); version != kVersion) {
    return broken("version " + std::to_string(version) + " is not known here");
  }
  const bool is_packed = in.byte() == 1;
  const std::uint64_t size = in.varint();
  const std::string_view stored = in.text();
  if (!in.ok() || size > kMaxContent) return broken("cut off or too large");
  if (is_packed) return zstd_decompress(stored, size);
  return std::string(stored);
}

}  // namespace daybook::columns
