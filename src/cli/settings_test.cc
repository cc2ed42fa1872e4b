#include "cli/settings.h"

#include <gtest/gtest.h>

#include <fstream>

#include "cli/temporary_directory.h"

namespace daybook::cli {

namespace {

Environment environment_of(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    if (found == values.end()) return std::nullopt;
    return found->second;
  };
}

class SettingsFile : public testing::Test {
 protected:
  SettingsFile() : directory_(*TemporaryDirectory::make()) {}
  void write(const std::string& text) {
    std::ofstream(directory_->path() + "/daybook.toml") << text;
  }
  Result<Settings> resolve(Flags flags, std::map<std::string, std::string> environment) {
    flags[SettingId::kData] = directory_->path();
    return Settings::resolve(flags, environment_of(std::move(environment)));
  }

  std::unique_ptr<TemporaryDirectory> directory_;
};

TEST(SettingRows, StandInTheOrderOfTheirIds) {
  for (std::size_t i = 0; i < setting_rows().size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(setting_rows()[i].id), i) << setting_rows()[i].flag;
  }
}

TEST_F(SettingsFile, FlagsWinOverEnvironmentOverFileOverDefaults) {
  write("listen = \"127.0.0.1:3\"\nquery_time = \"3s\"\nlog = \"error\"\n");
  const auto settings = resolve({{SettingId::kListen, "127.0.0.1:1"}},
                                {{"DAYBOOK_LISTEN", "127.0.0.1:2"}, {"DAYBOOK_QUERY_TIME", "2s"}});
  ASSERT_TRUE(settings.ok()) << settings.error().message();
  const auto show = [&](SettingId id) {
    return settings->setting(id).value + " from " + settings->setting(id).source;
  };
  EXPECT_EQ(show(SettingId::kListen), "127.0.0.1:1 from --listen");
  EXPECT_EQ(show(SettingId::kQueryTime), "2s from DAYBOOK_QUERY_TIME");
  EXPECT_EQ(show(SettingId::kLog), "error from " + directory_->path() + "/daybook.toml line 3");
  EXPECT_EQ(show(SettingId::kSweepEvery), "1h from default");
  EXPECT_EQ(settings->duration(SettingId::kSweepEvery), std::chrono::hours(1));
}

TEST_F(SettingsFile, WhatCatalogsDeclareComesFromEnvironmentThenFile) {
  write("SHOP_KEEP_DAYS = 30\nSHOP_OTHER = \"x\"\n");
  const auto settings = resolve({}, {{"SHOP_OTHER", "y"}});
  ASSERT_TRUE(settings.ok()) << settings.error().message();
  EXPECT_EQ(settings->declared("SHOP_KEEP_DAYS")->value, "30");
  EXPECT_EQ(settings->declared("SHOP_OTHER")->value, "y");
  EXPECT_EQ(settings->declared("SHOP_OTHER")->source, "SHOP_OTHER");
  EXPECT_FALSE(settings->declared("SHOP_NONE").has_value());
  EXPECT_EQ(settings->declared_names(), (std::vector<std::string>{"SHOP_KEEP_DAYS", "SHOP_OTHER"}));
}

TEST_F(SettingsFile, MistakesNameTheirSource) {
  const std::string file = directory_->path() + "/daybook.toml";
  write("lissten = \"x\"\n");
  EXPECT_EQ(resolve({}, {}).error().message(),
            file + " line 1: there is no setting 'lissten'; did you mean 'listen'?");
  write("data = \"/x\"\n");
  EXPECT_EQ(resolve({}, {}).error().message(),
            file + " line 1: the file of a data directory cannot name another one");
  write("query_time = \"5x\"\n");
  EXPECT_EQ(resolve({}, {}).error().message(),
            file + " line 1: '5x' is not a duration such as 10s");
  write("");
  EXPECT_EQ(resolve({{SettingId::kLog, "loud"}}, {}).error().message(),
            "--log: 'loud' is not one of debug, info, warning, error, off");
  EXPECT_EQ(resolve({{SettingId::kConfig, "/nonexistent.toml"}}, {}).error().code(),
            Code::kNotFound);
}

TEST_F(SettingsFile, ANamedFileIsReadInPlaceOfTheDirectorys) {
  write("log = \"error\"\n");
  const std::string other = directory_->path() + "/other.toml";
  std::ofstream(other) << "log = \"debug\"\n";
  const auto settings = resolve({{SettingId::kConfig, other}}, {});
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(settings->text(SettingId::kLog), "debug");
}

TEST(Settings, TheDataDirectoryIsTheUsersOwnByDefault) {
  EXPECT_EQ(Settings::resolve({}, environment_of({{"HOME", "/h"}}))->text(SettingId::kData),
            "/h/.local/share/daybook");
  EXPECT_EQ(Settings::resolve({}, environment_of({{"HOME", "/h"}, {"XDG_DATA_HOME", "/x"}}))
                ->text(SettingId::kData),
            "/x/daybook");
}

TEST(Sizes, AreOfBytesOrUnits) {
  EXPECT_EQ(parse_size("512"), 512U);
  EXPECT_EQ(parse_size("1KB"), 1024U);
  EXPECT_EQ(parse_size("32MB"), 32U << 20);
  EXPECT_EQ(parse_size("2GB"), std::uint64_t{2} << 30);
  for (const char* bad : {"", "MB", "0", "-1", "1.5MB", "1 MB", "1mb", "1TB", "9999999999999GB"}) {
    EXPECT_FALSE(parse_size(bad)) << bad;
  }
}

}  // namespace

}  // namespace daybook::cli
