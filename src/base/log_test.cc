#include "base/log.h"

#include <gtest/gtest.h>

namespace daybook {
namespace {

// What a call writes, without the time in front.
template <typename Call>
std::string written(const Call& call) {
  testing::internal::CaptureStderr();
  call();
  const std::string line = testing::internal::GetCapturedStderr();
  const std::size_t level = line.find("level=");
  return level == std::string::npos ? line : line.substr(level);
}

TEST(Log, WritesOneLineOfPairs) {
  EXPECT_EQ(written([] {
              log(LogLevel::kInfo, "ready", {{"port", "8000"}});
            }),
            "level=info msg=ready port=8000\n");
  EXPECT_EQ(written([] {
              log(LogLevel::kError, "cannot open", {{"path", "a b"}, {"cause", ""}});
            }),
            "level=error msg=\"cannot open\" path=\"a b\" cause=\"\"\n");
}

TEST(Log, KeepsALineOneLine) {
  EXPECT_EQ(written([] {
              log(LogLevel::kWarning, "a\nb\x1b[0m", {{"k", "\"=\\"}});
            }),
            "level=warning msg=\"a\\nb\\x1b[0m\" k=\"\\\"=\\\\\"\n");
}

TEST(Log, KeepsQuietBelowItsLevel) {
  EXPECT_EQ(written([] { log(LogLevel::kDebug, "detail"); }), "");
  set_log_level(LogLevel::kOff);
  EXPECT_EQ(written([] { log(LogLevel::kError, "gone"); }), "");
  set_log_level(LogLevel::kInfo);
}

}  // namespace
}  // namespace daybook
