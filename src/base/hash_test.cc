#include "base/hash.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace daybook {
namespace {

TEST(Hash, IsTheSameOnEveryMachine) {
  const Sha256 digest = sha256("abc");
  EXPECT_EQ(hex({reinterpret_cast<const char*>(digest.data()), digest.size()}),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(checksum("123456789"), 0xCBF43926U);
  EXPECT_EQ(checksum(""), 0U);
  EXPECT_EQ(hash64(""), 13014914406807177402U);
  EXPECT_NE(hash64("a"), hash64("b"));
}

TEST(Random, Differs) { EXPECT_NE(random64(), random64()); }

}  // namespace
}  // namespace daybook
