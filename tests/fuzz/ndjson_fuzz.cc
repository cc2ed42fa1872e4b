// Lines of NDJSON in pieces of any size: the same lines as in one piece, each as JSON or refused.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/json.h"
#include "engine/lines.h"

namespace {

constexpr std::size_t kMaxLine = 64;

using Lines = std::vector<std::tuple<std::string, std::uint64_t, bool>>;

Lines read(std::string_view text, std::size_t piece) {
  daybook::LineReader reader(kMaxLine);
  Lines lines;
  const auto take = [&](const daybook::LineReader::Line& line) {
    lines.emplace_back(line.text, line.number, line.is_too_long);
  };
  while (!text.empty()) {
    reader.buffer().append(text.substr(0, piece));
    text.remove_prefix(std::min(piece, text.size()));
    while (const auto line = reader.next()) take(*line);
  }
  if (const auto line = reader.last()) take(*line);
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Lines whole = read(text, text.size());
  if (read(text, data[0] % 16 + 1) != whole) std::abort();
  daybook::json::Parser parser;
  for (const auto& [line, number, is_too_long] : whole) {
    if (line.size() > kMaxLine || (is_too_long && !line.empty())) std::abort();
    if (!is_too_long) (void)parser.parse(line).ok();
  }
  return 0;
}
