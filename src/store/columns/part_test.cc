#include "store/columns/part.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace daybook::columns {
namespace {

// Not to be packed into next to nothing.
std::string noise(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint64_t state = 1;
  for (char& c : bytes) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    c = static_cast<char>(state >> 60);
  }
  return bytes;
}

// Counts what is fetched.
class CountedBytes final : public StoredBytes {
 public:
  CountedBytes(std::string_view bytes, std::uint64_t& fetched)
      : bytes_(bytes), memory_(bytes), fetched_(fetched) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<void> read(std::uint64_t offset, std::size_t size, char* out) override {
    fetched_ += size;
    return memory_.read(offset, size, out);
  }

 private:
  std::string_view bytes_;
  BytesInMemory memory_;
  std::uint64_t& fetched_;
};

TEST(Part, ContentComesBack) {
  for (const std::size_t size : {0u, 1u, 8191u, 8192u, 8193u, 100'000u, 1'100'000u}) {
    const std::string bytes = noise(size);
    const std::string stored = pack_part(bytes);
    auto content = PartContent::open(stored);
    ASSERT_TRUE(content.ok()) << content.error().message();
    EXPECT_EQ(*content->all(), bytes) << size;
    EXPECT_TRUE(check_part(stored).ok()) << size;
  }
}

TEST(Part, AFewBytesCostAFewPages) {
  const std::string bytes = noise(500'000);
  const std::string stored = pack_part(bytes);
  std::uint64_t fetched = 0;
  auto content = PartContent::open(std::make_unique<CountedBytes>(stored, fetched));
  ASSERT_TRUE(content.ok());
  EXPECT_EQ(*content->read(300'000, 20), bytes.substr(300'000, 20));
  EXPECT_LT(fetched, 10'000u);
  EXPECT_EQ(*content->read(300'000, 20'000), bytes.substr(300'000, 20'000));
}

TEST(Part, NothingIsReadBeyondTheEnd) {
  const std::string stored = pack_part("abc");
  auto content = PartContent::open(stored);
  ASSERT_TRUE(content.ok());
  EXPECT_TRUE(content->read(3, 0).ok());
  EXPECT_FALSE(content->read(2, 2).ok());
  EXPECT_FALSE(content->read(4, 0).ok());
  EXPECT_FALSE(content->read(1, ~std::uint64_t{0}).ok());
}

TEST(Part, DamageIsFound) {
  const std::string stored = pack_part(noise(20'000));
  for (std::size_t i = 0; i < stored.size(); i += i < 64 ? 1 : 97) {
    std::string damaged = stored;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x20);
    EXPECT_FALSE(check_part(damaged).ok()) << i;
  }
  for (const std::size_t size : {0u, 3u, 20u, 5'000u}) {
    EXPECT_FALSE(check_part(stored.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(check_part(stored + "x").ok());
}

TEST(Part, NumbersAreOneNumberAndBack) {
  for (const PartKind kind : {PartKind::kColumn, PartKind::kPostings, PartKind::kTerms}) {
    const PartNumber part{kind, kSequenceNumber};
    EXPECT_EQ(PartNumber::unpacked(part.packed()), part);
    EXPECT_LT(part.packed(), kMaxPart);
  }
  EXPECT_EQ(part_name({PartKind::kPostings, 3}), "postings 3");
}

}  // namespace
}  // namespace daybook::columns
