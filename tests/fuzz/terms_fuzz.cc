// Bytes that claim to be the terms of a field are read as such or refused; those with right
// checksums too. The first byte chooses the rows, the second where the directory ends; what follows
// it is taken as the content of one chunk, and as that of the lengths.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/hash.h"
#include "store/columns/bytes.h"
#include "store/columns/terms.h"

namespace {

using namespace daybook;

class StringSource final : public columns::PartSource {
 public:
  explicit StringSource(std::string bytes) : bytes_(std::move(bytes)) {}
  Result<std::string> read(std::size_t begin, std::size_t size) override {
    return begin < bytes_.size() ? bytes_.substr(begin, size) : std::string();
  }

 private:
  std::string bytes_;
};

void read_all(const std::string& bytes, std::size_t rows) {
  StringSource source(bytes);
  auto terms = columns::Terms::open(source, rows);
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
  columns::put_fixed(out, checksum(out));
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
  columns::put_fixed(directory, checksum(directory));
  read_all(directory + std::string(bytes.substr(claimed.size())), rows);

  const std::string packed = columns::pack_part(bytes);
  read_all(with_directory(packed, packed), rows);
  return 0;
}
