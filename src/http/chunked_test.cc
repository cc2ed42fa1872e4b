#include "http/chunked.h"

#include <gtest/gtest.h>

namespace daybook::http {
namespace {

// What the bytes carry, given in pieces of some size, and what is left behind the end.
std::string decoded(std::string bytes, std::size_t piece) {
  ChunkedDecoder decoder;
  std::string out;
  std::string in;
  while (!bytes.empty() && !decoder.is_done()) {
    in += bytes.substr(0, piece);
    bytes.erase(0, piece);
    std::string_view rest = in;
    const auto result = decoder.decode(rest, out);
    if (!result.ok()) return result.error().message();
    in.erase(0, in.size() - rest.size());
  }
  return out + (decoder.is_done() ? "|" + in + bytes : "...");
}

TEST(Chunked, IsDecodedHoweverItArrives) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"0\r\n\r\n", "|"},
      {"3\r\nabc\r\n0\r\n\r\n", "abc|"},
      {"3\r\nabc\r\nA\r\n0123456789\r\n000\r\n\r\n", "abc0123456789|"},
      {"3;a=b;c=\"d\"\r\nabc\r\n0 ; e\r\n\r\n", "abc|"},
      {"3\r\n\r\n0\r\n0\r\nTrailer: x\r\nAnother: y\r\n\r\n", "\r\n0|"},
      {"0\r\n\r\nGET / HTTP/1.1", "|GET / HTTP/1.1"},
      {"3\r\nab", "ab..."},
      {"3\r\nabc\r\n0\r\n", "abc..."},
  };
  for (const auto& [bytes, expected] : cases) {
    for (const std::size_t piece : {1, 2, 7, 1000}) {
      EXPECT_EQ(decoded(std::string(bytes), piece), expected) << bytes << ' ' << piece;
    }
  }
}

TEST(Chunked, IsRefused) {
  const std::string_view not_a_number = "a chunk's size is not a number";
  const std::string_view control = "a line has a control character";
  const std::pair<std::string, std::string_view> cases[] = {
      {"\r\nabc\r\n", not_a_number},
      {"x\r\n", not_a_number},
      {"-1\r\n", not_a_number},
      {"+1\r\n", not_a_number},
      {"0x1\r\n", not_a_number},
      {" 1\r\n", not_a_number},
      {"1 2\r\n", not_a_number},
      {"10000000000000000\r\n", not_a_number},
      {"3\r\nabcd\r\n", "a chunk is longer than its size"},
      {"3\r\nabc\n0\r\n\r\n", "a chunk is longer than its size"},
      {"1;\n\r\n", control},
      {"0\r\nA: b\nC: d\r\n\r\n", control},
      {"1;" + std::string(2000, 'e'), "a line is too long"},
      {"0\r\n" + std::string(9000, 't'), "a line is too long"},
  };
  for (const auto& [bytes, why] : cases) {
    for (const std::size_t piece : {1, 10'000}) {
      EXPECT_EQ(decoded(bytes, piece), "the body's framing is broken: " + std::string(why))
          << bytes;
    }
  }
}

TEST(Chunked, BoundsAllOfTheTrailer) {
  std::string bytes = "0\r\n";
  for (int i = 0; i < 1000; ++i) bytes += "Trailer: nothing\r\n";
  EXPECT_EQ(decoded(bytes, 100), "the body's framing is broken: a line is too long");
}

}  // namespace
}  // namespace daybook::http
