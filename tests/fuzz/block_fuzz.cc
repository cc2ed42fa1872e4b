// Bytes that claim to be a block's header or one of its columns are read as such or refused; those
// with a right checksum too. The first byte chooses the type, the second the rows.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "store/columns/block.h"
#include "store/columns/bytes.h"

namespace {

using namespace daybook;

void read_all(const columns::Column& column) {
  for (std::size_t i = 0; i < column.size(); ++i) (void)column.value(i);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto type = static_cast<Type>(data[0] % (static_cast<int>(Type::kSecret) + 1));
  const std::size_t rows = data[1];
  std::string bytes(reinterpret_cast<const char*>(data + 2), size - 2);
  (void)columns::read_header(bytes).ok();
  columns::put_fixed(bytes, checksum(bytes));
  (void)columns::read_header(bytes).ok();
  const auto column = columns::read_column(type, rows, bytes);
  if (column.ok()) read_all(*column);
  return 0;
}
