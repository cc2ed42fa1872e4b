// Small catalogs for tests, declared as users declare theirs.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "catalog/catalog.h"

namespace daybook {

inline std::optional<std::string> no_settings(const std::string&) { return std::nullopt; }

inline std::string all_problems(const Error& error) {
  std::string text;
  for (const Problem& problem : error.problems()) {
    if (!text.empty()) text += "\n";
    if (!problem.pointer.empty()) text += problem.pointer + " ";
    text += problem.detail;
  }
  return text.empty() ? error.message() : text;
}

using TestFiles = std::vector<std::pair<std::string, std::string>>;

inline Result<Catalog> load_catalog(const TestFiles& files,
                                    const SettingSource& settings = no_settings) {
  std::vector<CatalogFile> all;
  for (const auto& [path, text] : files) all.push_back({path, path, text});
  return Catalog::load(all, settings);
}

// The collection shop/orders of one file; fails the test when it is not good.
class TestCollection {
 public:
  explicit TestCollection(const std::string& text)
      : catalog_(load_catalog({{"shop/orders.toml", text}})) {
    EXPECT_TRUE(catalog_.ok()) << all_problems(catalog_.error());
  }
  const Collection& operator*() const { return **catalog_->collection("shop/orders"); }
  const Collection* operator->() const { return &**this; }

 private:
  Result<Catalog> catalog_;
};

}  // namespace daybook
