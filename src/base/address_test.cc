#include "base/address.h"

#include <gtest/gtest.h>

namespace daybook {
namespace {

std::string again(const std::string& text) {
  const auto address = parse_address(text);
  return address ? address_text(*address) : "none";
}

TEST(Address, IsWrittenInOneWay) {
  EXPECT_EQ(again("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(again("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(again("::FFFF:c000:201"), "192.0.2.1");
  EXPECT_EQ(again("2001:DB8:0:0::1"), "2001:db8::1");
  EXPECT_EQ(again("::1"), "::1");
}

TEST(Address, WhatIsNoneIsNothing) {
  for (const std::string text : {"", "unknown", "192.0.2", "192.0.2.1:80", "[::1]", "1:2",
                                 "fe80::1%eth0", "::ffff:192.0.2.256"}) {
    EXPECT_EQ(again(text), "none") << text;
  }
  EXPECT_EQ(again(std::string(46, ':')), "none");
}

TEST(Address, APrefixKeepsItsBits) {
  const auto prefix = [](const std::string& text, unsigned bits) {
    return address_text(address_prefix(*parse_address(text), bits));
  };
  EXPECT_EQ(prefix("2001:db8:1:2:3:4:5:6", 64), "2001:db8:1:2::");
  EXPECT_EQ(prefix("2001:db8:ffff::1", 33), "2001:db8:8000::");
  EXPECT_EQ(prefix("192.0.2.129", kMappedBits + 24), "192.0.2.0");
  EXPECT_EQ(prefix("192.0.2.129", kAddressBits), "192.0.2.129");
}

}  // namespace
}  // namespace daybook
