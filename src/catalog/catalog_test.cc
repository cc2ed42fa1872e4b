#include "catalog/catalog.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace daybook {
namespace {

std::optional<std::string> nothing(const std::string&) { return std::nullopt; }

std::string shipped_catalogs() {
  const char* source = std::getenv("DAYBOOK_SOURCE_DIR");
  return std::string(source == nullptr ? "." : source) + "/catalogs";
}

std::string all_problems(const Error& error) {
  std::string text = error.message();
  for (const Problem& problem : error.problems()) text += "\n" + problem.detail;
  return text;
}

TEST(Catalog, ReadsWhatIsShipped) {
  const auto files = read_catalog_directory(shipped_catalogs());
  ASSERT_TRUE(files.ok()) << files.error().message();
  const auto catalog = Catalog::load(*files, nothing);
  ASSERT_TRUE(catalog.ok()) << all_problems(catalog.error());
  EXPECT_EQ(catalog->applications().size(), 5u);
}

}  // namespace
}  // namespace daybook
