// Bytes that claim to be a block's header, or the content of one of its parts, are read as such or
// refused; whole and piece by piece, those with right checksums too. The first byte chooses the
// type, the second the rows.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "store/columns/block.h"
#include "store/columns/bytes.h"
#include "store/columns/postings.h"

namespace {

using namespace daybook;

void read_values(const columns::Column& column) {
  for (std::size_t i = 0; i < column.size(); ++i) (void)column.value(i);
}

void read_column(Type type, std::size_t rows, std::string_view stored) {
  auto content = columns::PartContent::open(stored);
  if (!content.ok()) return;
  for (std::size_t row = 0; row < std::min<std::size_t>(rows, 8); ++row) {
    (void)columns::read_one(type, rows, *content, row).ok();
  }
  (void)columns::describe_column(rows, *content).ok();
  const auto column = columns::read_column(type, rows, *content);
  if (column.ok()) read_values(*column);
}

void read_postings(std::size_t rows, std::string_view stored) {
  auto content = columns::PartContent::open(stored);
  if (!content.ok()) return;
  const auto postings = columns::Postings::open(*content, rows);
  if (!postings.ok()) return;
  for (std::uint64_t hash = 1; hash != 0; hash <<= 1) {
    columns::Positions positions;
    (void)postings->count(hash).ok();
    if (!postings->find(hash, positions).ok()) continue;
    for (const std::uint32_t position : positions) {
      if (position >= rows) __builtin_trap();
    }
  }
}

void read_header(const std::string& bytes) {
  const auto header = columns::read_header(bytes);
  if (!header.ok()) return;
  // What was taken for a header can be written, and is then the same.
  const auto again = columns::read_header(columns::write_header(*header));
  if (!again.ok() || again->parts != header->parts || again->hints != header->hints) {
    __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto type = static_cast<Type>(data[0] % (static_cast<int>(Type::kSecret) + 1));
  const std::size_t rows = data[1];
  std::string bytes(reinterpret_cast<const char*>(data + 2), size - 2);
  const std::string packed = columns::pack_part(bytes);
  read_column(type, rows, packed);
  read_postings(rows, packed);
  read_column(type, rows, bytes);
  read_header(bytes);
  columns::put_fixed(bytes, checksum(bytes));
  read_header(bytes);
  return 0;
}
