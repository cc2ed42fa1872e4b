// Bytes that claim to be the terms of a field are read as such or refused. The first byte chooses
// the rows, the second where the directory ends; what follows it is taken as the content of one
// chunk, and as that of the lengths.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/bug.h"
#include "store/columns/bytes.h"
#include "store/columns/terms.h"

namespace {

using namespace daybook;

void read_all(const std::string& content, std::size_t rows) {
  const std::string stored = columns::pack_part(content);
  auto opened = columns::PartContent::open(stored);
  if (!opened.ok()) bug("a part cannot be read back");
  auto terms =
      columns::Terms::open(std::make_shared<columns::PartContent>(std::move(opened).value()), rows);
  if (!terms.ok()) return;
  TextQuery prefix;
  prefix.kind = TextQuery::Kind::kPrefix;
  for (const char* word : {"", "a", "w1"}) {
    prefix.words = {word};
    (void)terms->find(word).ok();
    (void)terms->find(prefix).ok();
  }
  (void)terms->lengths().ok();
}

// The directory of one chunk, whose first term is empty.
std::string with_directory(std::string_view lengths, std::string_view chunk) {
  std::string directory;
  columns::put_byte(directory, 1);
  columns::put_text(directory, "none");
  columns::put_varint(directory, lengths.size());
  columns::put_varint(directory, 1);
  columns::put_varint(directory, 0);
  columns::put_text(directory, "");
  columns::put_varint(directory, chunk.size());
  std::string out;
  columns::put_byte(out, 1);
  columns::put_fixed(out, static_cast<std::uint32_t>(directory.size()));
  out += directory;
  return out + std::string(lengths) + std::string(chunk);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t rows = data[0];
  const std::string_view bytes(reinterpret_cast<const char*>(data + 2), size - 2);
  read_all(std::string(bytes), rows);

  std::string directory;
  columns::put_byte(directory, 1);
  const std::string_view claimed = bytes.substr(0, data[1]);
  columns::put_fixed(directory, static_cast<std::uint32_t>(claimed.size()));
  directory += claimed;
  read_all(directory + std::string(bytes.substr(claimed.size())), rows);

  read_all(with_directory(bytes, bytes), rows);
  return 0;
}
