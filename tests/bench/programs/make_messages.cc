// make_messages ROWS BEGIN END VOCABULARY NDJSON CSV
//
// Messages of twelve words in order of time over [BEGIN, END) (microseconds since 1970). VOCABULARY
// has a word a line, as often as it is to be drawn. NDJSON and CSV are two files of one content.
#include <fstream>
#include <vector>

#include "tests/bench/programs/made_text.h"

namespace daybook::bench {
namespace {

constexpr int kWordsOfMessage = 12;
constexpr std::uint64_t kSenders = 2'000;

std::vector<std::string> read_lines(const char* path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  if (lines.empty()) {
    std::fprintf(stderr, "%s has no words\n", path);
    std::exit(1);
  }
  return lines;
}

void make(std::uint64_t rows, std::uint64_t begin, std::uint64_t end,
          const std::vector<std::string>& words, OutFile& json, OutFile& csv) {
  Numbers numbers(2);
  InstantText instant;
  const double step = static_cast<double>(end - begin) / static_cast<double>(rows);
  std::string content;
  for (std::uint64_t i = 0; i < rows; ++i) {
    const auto moment =
        static_cast<std::uint64_t>((static_cast<double>(i) + numbers.unit()) * step);
    const std::uint64_t sender = numbers.below(kSenders);
    content.clear();
    for (int w = 0; w < kWordsOfMessage; ++w) {
      if (w > 0) content += ' ';
      content += words[numbers.below(words.size())];
    }
    const std::string_view at = instant.of(begin + moment);
    json << R"({"at":")" << at << R"(","sender":"sender-)" << sender << R"(","content":")"
         << content << "\"}";
    json.end_line();
    csv << uuid_of(begin + moment, numbers) << "," << at << ",sender-" << sender << "," << content;
    csv.end_line();
  }
}

}  // namespace
}  // namespace daybook::bench

int main(int count, char** words) {
  if (count != 7) {
    std::fputs("make_messages ROWS BEGIN END VOCABULARY NDJSON CSV\n", stderr);
    return 2;
  }
  daybook::bench::OutFile json(words[5]), csv(words[6]);
  daybook::bench::make(std::strtoull(words[1], nullptr, 10), std::strtoull(words[2], nullptr, 10),
                       std::strtoull(words[3], nullptr, 10), daybook::bench::read_lines(words[4]),
                       json, csv);
}
