#include "cli/server.h"

#include <gtest/gtest.h>

namespace daybook::cli {

namespace {

TEST(IsLoopback, OnlyThisMachine) {
  for (const char* address : {"127.0.0.1:8000", "127.1.2.3:1", "localhost:0", "[::1]:80"}) {
    EXPECT_TRUE(is_loopback(address)) << address;
  }
  for (const char* address : {"0.0.0.0:8000", "[::]:80", "192.168.1.1:80", "example.org:80", ":80",
                              "127.0.0.1.example.org:80", "127.x:80"}) {
    EXPECT_FALSE(is_loopback(address)) << address;
  }
}

}  // namespace

}  // namespace daybook::cli
