#include "base/compress.h"

#include <gtest/gtest.h>

namespace daybook {
namespace {

std::string sample() {
  std::string text;
  for (int i = 0; i < 20000; ++i) text += "line " + std::to_string(i * 7919 % 1000) + "\n";
  return text;
}

struct Coding {
  const char* name;
  std::string (*pack)(std::string_view, int);
  std::unique_ptr<Decompressor> (*make)();
};

class Streams : public testing::TestWithParam<Coding> {};

// Unpacks `packed`, given in pieces of `piece` bytes, `room` at a time.
std::string unpacked(const Coding& coding, std::string_view packed, std::size_t piece,
                     std::size_t room) {
  const auto stream = coding.make();
  std::string out;
  while (!packed.empty()) {
    std::string_view in = packed.substr(0, piece);
    packed.remove_prefix(in.size());
    std::size_t before = 0;
    do {
      before = out.size();
      if (!stream->unpack(in, out, room).ok()) return "broken";
    } while (!in.empty() || out.size() == before + room);
  }
  return stream->finished() ? out : "cut off";
}

TEST_P(Streams, UnpackInPieces) {
  const std::string text = sample();
  const std::string packed = GetParam().pack(text, 6);
  EXPECT_LT(packed.size(), text.size() / 3);
  for (const std::size_t piece : {packed.size(), std::size_t{1}, std::size_t{1000}}) {
    for (const std::size_t room : {text.size() * 2, text.size(), std::size_t{100}}) {
      EXPECT_EQ(unpacked(GetParam(), packed, piece, room), text) << piece << ' ' << room;
    }
  }
  EXPECT_EQ(unpacked(GetParam(), GetParam().pack("", 6), 1, 10), "");
}

TEST_P(Streams, FollowEachOther) {
  const std::string packed = GetParam().pack("one ", 6) + GetParam().pack("two", 6);
  EXPECT_EQ(unpacked(GetParam(), packed, packed.size(), 100), "one two");
  EXPECT_EQ(unpacked(GetParam(), packed, 1, 100), "one two");
}

TEST_P(Streams, NoticeWhatIsBroken) {
  const std::string packed = GetParam().pack(sample(), 6);
  EXPECT_EQ(unpacked(GetParam(), packed.substr(0, packed.size() - 1), 4096, 4096), "cut off");
  EXPECT_EQ(unpacked(GetParam(), packed + "garbage", 4096, 4096), "broken");
  EXPECT_EQ(unpacked(GetParam(), "not packed at all", 4096, 4096), "broken");
  std::string flipped = packed;
  flipped[flipped.size() / 2] = static_cast<char>(~flipped[flipped.size() / 2]);
  EXPECT_NE(unpacked(GetParam(), flipped, 4096, 4096), sample());
}

TEST_P(Streams, GiveNoMoreThanThereIsRoomFor) {
  const std::string bomb = GetParam().pack(std::string(std::size_t{16} << 20, 'a'), 6);
  const auto stream = GetParam().make();
  std::string_view in = bomb;
  std::string out;
  ASSERT_TRUE(stream->unpack(in, out, 1000).ok());
  EXPECT_EQ(out.size(), 1000U);
  EXPECT_LT(out.capacity(), 200'000U);
}

INSTANTIATE_TEST_SUITE_P(Compress, Streams,
                         testing::Values(Coding{"gzip", gzip_compress, make_gzip_decompressor},
                                         Coding{"zstd", zstd_compress, make_zstd_decompressor}),
                         [](const testing::TestParamInfo<Coding>& coding) {
                           return std::string(coding.param.name);
                         });

TEST(Zstd, UnpacksOneWholeFrame) {
  const std::string text = sample();
  EXPECT_EQ(zstd_decompress(zstd_compress(text, 3), text.size()).value(), text);
  EXPECT_EQ(zstd_decompress(zstd_compress("", 3), 0).value(), "");
}

TEST(Zstd, RefusesWhatIsNot) {
  const std::string packed = zstd_compress(sample(), 3);
  for (const std::string& bad : {std::string(), std::string("abc"), packed + "x", packed + packed,
                                 packed.substr(0, packed.size() / 2)}) {
    EXPECT_EQ(zstd_decompress(bad, 1 << 20).error().code(), Code::kMalformed);
  }
  const auto large = zstd_decompress(packed, 1000);
  EXPECT_EQ(large.error().code(), Code::kTooLarge);
  EXPECT_EQ(large.error().message(), "unpacks to more than 1000 bytes");
}

}  // namespace
}  // namespace daybook
