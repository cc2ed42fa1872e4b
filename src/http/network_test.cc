#include "http/network.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

namespace daybook::http {
namespace {

TEST(NetworkTest, HoldsTheAddressesOfItsPrefix) {
  struct Case {
    std::string network, address;
    bool is_held;
  };
  const Case cases[] = {
      {"10.0.0.1", "10.0.0.1", true},
      {"10.0.0.1", "10.0.0.2", false},
      {"10.0.0.0/8", "10.255.3.4", true},
      {"10.0.0.0/8", "11.0.0.1", false},
      {"192.168.4.0/22", "192.168.7.255", true},
      {"192.168.4.0/22", "192.168.8.0", false},
      {"172.16.0.0/12", "172.31.0.1", true},
      {"172.16.0.0/12", "172.32.0.1", false},
      {"0.0.0.0/0", "203.0.113.9", true},
      {"0.0.0.0/0", "2001:db8::1", false},
      {"::/0", "2001:db8::1", true},
      {"10.0.0.0/8", "::ffff:10.1.2.3", true},
      {"fd00::/8", "fd12:3456::1", true},
      {"fd00::/8", "fe80::1", false},
      {"2001:db8::/33", "2001:db8:7fff::1", true},
      {"2001:db8::/33", "2001:db8:8000::1", false},
      {"::1", "0:0:0:0:0:0:0:1", true},
      {"10.0.0.0/8", "", false},
      {"10.0.0.0/8", "10.0.0.1:80", false},
      {"10.0.0.0/8", "unknown", false},
  };
  for (const Case& c : cases) {
    const auto network = Network::parse(c.network);
    ASSERT_TRUE(network.ok()) << c.network;
    EXPECT_EQ(network->holds(c.address), c.is_held) << c.network << " " << c.address;
  }
}

TEST(NetworkTest, TakesTheAddressOutOfWhatProxiesWrite) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"192.0.2.1", "192.0.2.1"},
      {"192.0.2.1:443", "192.0.2.1"},
      {"2001:db8::1", "2001:db8::1"},
      {"[2001:db8::1]", "2001:db8::1"},
      {"[2001:db8::1]:443", "2001:db8::1"},
      {"2001:DB8:0::1", "2001:db8::1"},
      {"fe80::1%eth0", "fe80::1"},
      {"::ffff:192.0.2.1", "192.0.2.1"},
      {"[::ffff:192.0.2.1]:443", "192.0.2.1"},
      {"", ""},
      {"unknown", ""},
      {"unknown:443", ""},
      {"[2001:db8::1", ""},
      {"[192.0.2.1, x]", ""},
  };
  for (const auto& [text, address] : cases) EXPECT_EQ(address_in(text), address) << text;
}

TEST(NetworkTest, KnowsTheMachinesOwnAddresses) {
  for (const std::string own : {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(is_loopback(own)) << own;
  }
  for (const std::string other :
       {"128.0.0.1", "192.0.2.127", "::", "::2", "2001:db8::1", "", "localhost"}) {
    EXPECT_FALSE(is_loopback(other)) << other;
  }
}

TEST(NetworkTest, WhatIsNoneIsRefused) {
  for (const std::string text :
       {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0/8",
        "fd00::/129", "proxy.example", "10.0.0.1/8", "fd00::1/8"}) {
    const auto refused = Network::parse(text);
    ASSERT_FALSE(refused.ok()) << text;
    EXPECT_EQ(refused.error().code(), Code::kInvalid);
  }
}

}  // namespace
}  // namespace daybook::http
