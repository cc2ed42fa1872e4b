#include "cli/data_key.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "cli/temporary_directory.h"

namespace daybook::cli {
namespace {

TEST(DataKeyFileTest, IsMadeOnceForItsOwnerAlone) {
  const auto directory = TemporaryDirectory::make().value();
  const auto first = open_data_key(directory->path());
  ASSERT_TRUE(first.ok()) << first.error().message();
  const auto again = open_data_key(directory->path());
  ASSERT_TRUE(again.ok()) << again.error().message();
  EXPECT_EQ(first->text(), again->text());
  struct stat about {};
  ASSERT_EQ(::stat((directory->path() + "/data.key").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
}

TEST(DataKeyFileTest, IsNotReplacedWhenItIsSpoilt) {
  const auto directory = TemporaryDirectory::make().value();
  std::ofstream(directory->path() + "/data.key") << "0123\n";
  const auto key = open_data_key(directory->path());
  ASSERT_FALSE(key.ok());
  EXPECT_EQ(key.error().code(), Code::kInvalid);
  EXPECT_NE(key.error().message().find("64 hexadecimal digits"), std::string::npos);
}

TEST(DataKeyFileTest, NeedsADirectory) {
  EXPECT_EQ(open_data_key("/nonexistent").error().code(), Code::kUnavailable);
}

}  // namespace
}  // namespace daybook::cli
