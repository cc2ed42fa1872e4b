#include "base/pseudonym.h"

#include <gtest/gtest.h>

#include <set>

namespace daybook {
namespace {

DataKey key_of(char digit) { return *DataKey::parse(std::string(64, digit)); }

TEST(Pseudonym, IsTheSameForTheSameNameAndPurposeOnly) {
  const Pseudonyms research(key_of('1'), "research");
  EXPECT_EQ(research.of("bob"), Pseudonyms(key_of('1'), "research").of("bob"));
  const std::set<std::string> different = {research.of("bob"), research.of("Bob"), research.of(""),
                                           Pseudonyms(key_of('1'), "billing").of("bob"),
                                           Pseudonyms(key_of('2'), "research").of("bob")};
  EXPECT_EQ(different.size(), 5u);
}

TEST(Pseudonym, TellsNothingOfTheName) {
  const Pseudonyms research(key_of('1'), "research");
  for (const std::string name : {"", "bob", "a.very.long.name@with.a.domain.example.com"}) {
    EXPECT_EQ(research.of(name).size(), 24u);
    EXPECT_TRUE(research.of(name).starts_with("p-"));
  }
}

TEST(Pseudonym, StaysWhatItIsAcrossVersions) {
  EXPECT_EQ(Pseudonyms(key_of('1'), "research").of("bob"), "p-V2ExTAK2-EuOAxhQj6ZlrA");
}

TEST(TruncatedAddress, CutsAddressesOff) {
  const std::pair<std::string, std::string> cases[] = {
      {"192.168.1.77", "192.168.1.0/24"},          {"10.0.0.1", "10.0.0.0/24"},
      {"2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"}, {"::1", "::/48"},
      {"::ffff:192.168.1.77", "192.168.1.0/24"},
  };
  for (const auto& [address, expected] : cases)
    EXPECT_EQ(truncated_address(address), expected) << address;
  for (const std::string other :
       {"", "192.168.1", "Main Street 5", "192.168.1.77/8", "fe80::1%eth0"}) {
    EXPECT_EQ(truncated_address(other), std::nullopt) << other;
  }
}

}  // namespace
}  // namespace daybook
