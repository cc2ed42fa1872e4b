#include "cli/config_file.h"

#include <gtest/gtest.h>

namespace daybook::cli {

namespace {

TEST(ConfigFile, ReadsNamesAndValues) {
  const auto file = parse_config("x.toml",
                                 "# settings\n"
                                 "listen = \"127.0.0.1:9000\"  # here\n"
                                 "log = 'a \\ b'\n"
                                 "text = \"a \\\"b\\\" \\\\ # c\"\n"
                                 "days = 30\r\n"
                                 "on = true\n");
  ASSERT_TRUE(file.ok()) << file.error().message();
  EXPECT_EQ(file->entries.at("listen").value, "127.0.0.1:9000");
  EXPECT_EQ(file->entries.at("log").value, "a \\ b");
  EXPECT_EQ(file->entries.at("text").value, "a \"b\" \\ # c");
  EXPECT_EQ(file->entries.at("days").value, "30");
  EXPECT_EQ(file->entries.at("on").value, "true");
  EXPECT_EQ(file->where(file->entries.at("days")), "x.toml line 5");
}

TEST(ConfigFile, NamesTheLineThatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"listen", "x.toml line 1: expected name = value, not 'listen'"},
      {"\n[server]", "x.toml line 2: expected name = value, not '[server]'"},
      {"a = 1\na = 2", "x.toml line 2: 'a' is said twice"},
      {"a = [1]", "x.toml line 1: 'a' must be a text in quotes, a number, true or false"},
      {"a = \"open", "x.toml line 1: 'a' must be a text in quotes, a number, true or false"},
      {"a = \"x\" y", "x.toml line 1: 'a' must be a text in quotes, a number, true or false"},
      {"a = word", "x.toml line 1: 'a' must be a text in quotes, a number, true or false"},
      {"a =", "x.toml line 1: 'a' must be a text in quotes, a number, true or false"},
  };
  for (const auto& [text, message] : cases) {
    const auto file = parse_config("x.toml", text);
    ASSERT_FALSE(file.ok()) << text;
    EXPECT_EQ(file.error().message(), message);
  }
}

TEST(ConfigFile, SaysWhenThereIsNone) {
  EXPECT_EQ(read_config("/nonexistent/daybook.toml").error().code(), Code::kNotFound);
}

}  // namespace

}  // namespace daybook::cli
