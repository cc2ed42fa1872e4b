#include "engine/lines.h"

#include <gtest/gtest.h>

#include <vector>

namespace daybook {
namespace {

std::string shown(const LineReader::Line& line) {
  return std::to_string(line.number) + ":" +
         (line.is_too_long ? std::string("too long") : std::string(line.text)) + "|";
}

// The lines of a text that comes in pieces.
std::string read(const std::vector<std::string>& pieces, std::size_t max_line = 10) {
  LineReader reader(max_line);
  std::string all;
  for (const std::string& piece : pieces) {
    reader.buffer() += piece;
    while (const auto line = reader.next()) all += shown(*line);
  }
  if (const auto line = reader.last()) all += shown(*line);
  return all;
}

struct Case {
  std::string name;
  std::vector<std::string> pieces;
  std::string lines;
};

TEST(LineReaderTest, FindsLines) {
  const std::vector<Case> cases = {
      {"nothing", {""}, ""},
      {"one line", {"a\n"}, "1:a|"},
      {"no end", {"a\nb"}, "1:a|2:b|"},
      {"windows ends", {"a\r\nb\r\n"}, "1:a\r|2:b\r|"},
      {"blank lines count but are not given", {"a\n\n  \nb\n"}, "1:a|4:b|"},
      {"split in a line", {"a", "b\nc", "d"}, "1:ab|2:cd|"},
      {"split at the end", {"ab", "\n", "cd", "\n"}, "1:ab|2:cd|"},
      {"as long as may be", {"0123456789\n"}, "1:0123456789|"},
      {"too long", {"0123456789x\nb\n"}, "1:too long|2:b|"},
      {"too long over pieces", {"012345", "6789", "abc", "def\nb\n"}, "1:too long|2:b|"},
      {"too long without end", {"012345", "6789", "abc", "def"}, "1:too long|"},
  };
  for (const Case& c : cases) EXPECT_EQ(read(c.pieces), c.lines) << c.name;
}

TEST(LineReaderTest, HoldsNoMoreThanALineThatIsTooLong) {
  LineReader reader(100);
  for (int i = 0; i < 1'000; ++i) {
    reader.buffer().append(1'000, 'x');
    EXPECT_FALSE(reader.next());
  }
  EXPECT_LE(reader.buffer().size(), 1'000U);
  const auto line = reader.last();
  ASSERT_TRUE(line);
  EXPECT_TRUE(line->is_too_long);
}

}  // namespace
}  // namespace daybook
