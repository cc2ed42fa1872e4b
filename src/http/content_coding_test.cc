#include "http/content_coding.h"

#include <gtest/gtest.h>

#include "base/compress.h"

namespace daybook::http {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

// Reads piece by piece, as who needs no more memory than a piece does; the bytes that came.
Result<std::size_t> read_in_pieces(std::string packed, std::string_view coding) {
  const auto body = unpacked(body_of(std::move(packed)), coding);
  std::size_t bytes = 0;
  for (bool has_more = true; has_more;) {
    std::string piece;
    const auto read = body->read(piece);
    bytes += piece.size();
    EXPECT_LE(bytes, 65 * kMiB) << "what nobody may send is read on and on";
    if (!read.ok()) return read.error();
    has_more = *read;
  }
  return bytes;
}

TEST(ContentCoding, WhatUnpacksToFarMoreThanWasSentIsRefused) {
  const std::string lines(100 * kMiB, '\n');
  for (const auto& [coding, bomb] :
       {std::pair("gzip", gzip_compress(lines, 6)), std::pair("zstd", zstd_compress(lines, 1))}) {
    const auto read = read_in_pieces(bomb, coding);
    ASSERT_FALSE(read.ok()) << coding;
    EXPECT_EQ(read.error().code(), Code::kTooLarge);
    EXPECT_EQ(read.error().message(),
              "the body unpacks to more than 200 times its size; send less of it at once, or "
              "uncompressed");
  }
}

TEST(ContentCoding, WhatIsAlikeAndNotLargeIsRead) {
  const std::string lines(60 * kMiB, '\n');
  const auto read = read_in_pieces(zstd_compress(lines, 1), "zstd");
  ASSERT_TRUE(read.ok()) << read.error().message();
  EXPECT_EQ(*read, lines.size());
}

}  // namespace
}  // namespace daybook::http
