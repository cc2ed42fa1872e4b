#include "base/hash.h"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>
#include <vector>

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

TEST(Hash, OfAPasswordIsSaltedAndVerified) {
  const std::string hash = *hash_password("correct horse");
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << hash;
  EXPECT_NE(hash, *hash_password("correct horse"));
  EXPECT_TRUE(*verify_password(hash, "correct horse"));
  EXPECT_FALSE(*verify_password(hash, "correct house"));
  EXPECT_FALSE(*verify_password("no hash", "correct horse"));
}

TEST(Hash, OfNobodyIsOneOfTheSameWork) {
  const std::string hash = *hash_password("x");
  ASSERT_EQ(hash.size(), kHashOfNobody.size());
  const std::size_t salt = hash.find("p=1$") + 4;
  EXPECT_EQ(hash.substr(0, salt), kHashOfNobody.substr(0, salt));
  EXPECT_EQ(hash.rfind('$'), kHashOfNobody.rfind('$'));
  EXPECT_FALSE(*verify_password(kHashOfNobody, ""));
}

TEST(Hash, PasswordsWaitBehindFewOthersOnly) {
  Gate::Pass whole = hashing().enter(kHashingAtOnce);
  std::vector<std::thread> callers;
  for (std::size_t i = 0; i < kMostWaitForHashing; ++i) {
    callers.emplace_back([] { EXPECT_TRUE(hash_password("a").ok()); });
  }
  while (hashing().waiting() < kMostWaitForHashing) std::this_thread::yield();
  for (const Error& error : {hash_password("a").error(), verify_password("x", "a").error()}) {
    EXPECT_EQ(error.code(), Code::kUnavailable);
  }
  whole = Gate::Pass();
  for (std::thread& caller : callers) caller.join();
}

// The most memory that this process has had.
std::size_t peak_kilobytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  std::size_t kilobytes = 0;
  while (status >> word && word != "VmHWM:") {
  }
  status >> kilobytes;
  return kilobytes;
}

TEST(Hash, OfManyPasswordsTakesTheMemoryOfFew) {
  const std::size_t before = peak_kilobytes();
  std::vector<std::thread> callers;
  for (int i = 0; i < 16; ++i) callers.emplace_back([] { EXPECT_TRUE(hash_password("a").ok()); });
  for (std::thread& caller : callers) caller.join();
  EXPECT_LT(peak_kilobytes() - before, 4U * 19 * 1024);
}

TEST(Random, Differs) { EXPECT_NE(random64(), random64()); }

}  // namespace
}  // namespace daybook
