// Fails for anything that the requirements' lists beside this file have and the shipped catalogs
// lack: one test of each id. README.md says what a line of each list means.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "catalog/catalog.h"
#include "catalog/decode.h"
#include "tests/requirements/claims.h"

namespace daybook {

// For gtest.
static void PrintTo(const Requirement& requirement, std::ostream* out) { *out << requirement.id; }

namespace {

std::string source_dir() {
  const char* given = std::getenv("DAYBOOK_SOURCE_DIR");
  return given != nullptr ? given : DAYBOOK_SOURCE_DIR;
}

std::vector<CatalogFile> shipped_files() {
  auto files = read_catalog_directory(source_dir() + "/catalogs");
  return files.ok() ? std::move(files).value() : std::vector<CatalogFile>();
}

Result<Catalog> load(const std::vector<CatalogFile>& files) {
  return Catalog::load(files, [](const std::string&) { return std::nullopt; });
}

const Result<Catalog>& shipped() {
  static const Result<Catalog> catalog = load(shipped_files());
  return catalog;
}

const Collection& find_collection(const std::string& full_name) {
  return **shipped()->collection(full_name);
}

std::vector<Requirement> requirements() {
  return read_requirements(source_dir() + "/tests/requirements");
}

class RequirementTest : public testing::TestWithParam<Requirement> {};

TEST_P(RequirementTest, IsDeclared) {
  ASSERT_TRUE(shipped().ok()) << shipped().error().message();
  for (const Claim& claim : GetParam().claims) {
    EXPECT_EQ(lack(*shipped(), claim), "") << claim.list << ".txt: " << claim.text;
  }
}

INSTANTIATE_TEST_SUITE_P(Catalog, RequirementTest, testing::ValuesIn(requirements()),
                         [](const auto& param_info) {
                           std::string name = param_info.param.id;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(CatalogTest, LoadsWithoutAProblem) {
  std::string problems;
  if (!shipped().ok()) {
    problems = shipped().error().message();
    for (const Problem& problem : shipped().error().problems()) problems += "\n" + problem.detail;
  }
  EXPECT_EQ(problems, "");
}

TEST(CatalogTest, ListsAreThere) {
  std::set<std::string> there;
  for (const Requirement& requirement : requirements()) {
    for (const Claim& claim : requirement.claims) there.insert(claim.list);
  }
  EXPECT_EQ(there, (std::set<std::string>{"changes", "collections", "fields", "indexes",
                                          "retention", "routes"}));
}

// E-03 to E-14, counted as the source counts them: a text index and an expiry is an entry each.
TEST(CatalogTest, E_02_TheStudioHas45IndexesInTwelveCollections) {
  ASSERT_TRUE(shipped().ok());
  const Application* studio = shipped()->find("sentimatrix");
  std::size_t entries = 0;
  for (const auto& [name, collection] : studio->collections) {
    const bool expires = collection.keep.period || collection.keep.at_field;
    entries += collection.indexes.size() + (collection.text ? 1 : 0) + (expires ? 1 : 0);
  }
  EXPECT_EQ(studio->collections.size(), 12u);
  EXPECT_EQ(entries, 45u);
}

Result<Value> decode(const std::string& collection, const std::string& field,
                     std::string_view text) {
  const Collection& found = find_collection(collection);
  return decode_text(found.fields[*found.find_field(field)], text);
}

TEST(CatalogTest, T_03_NormalIsADecisionAndNoScore) {
  ASSERT_TRUE(shipped().ok());
  EXPECT_TRUE(decode("smart_home/events", "decision", "normal").ok());
  EXPECT_FALSE(decode("smart_home/events", "scores", R"({"normal":0.5})").ok());
}

TEST(CatalogTest, T_04_TextsBecomeInstantsOrAreRefused) {
  ASSERT_TRUE(shipped().ok());
  const auto z = decode("smart_home/events", "timestamp", "2025-01-15T10:30:00Z");
  ASSERT_TRUE(z.ok());
  EXPECT_EQ(*decode("smart_home/events", "timestamp", "2025-01-15T16:15:00+05:45"), *z);
  EXPECT_EQ(*decode("smart_home/events", "timestamp", "2025-01-15T10:30:00"), *z);
  EXPECT_FALSE(decode("smart_home/events", "timestamp", "yesterday").ok());
}

TEST(CatalogTest, T_06_ExternalIsStoredAsExternalService) {
  ASSERT_TRUE(shipped().ok());
  EXPECT_EQ(*decode("homepot/error_logs", "category", "external"), Value("external_service"));
  EXPECT_EQ(*decode("homepot/error_logs", "category", "frontend"), Value("frontend"));
}

TEST(CatalogTest, T_07_AnActivityBeyondTheListIsTaken) {
  ASSERT_TRUE(shipped().ok());
  EXPECT_EQ(*decode("homepot/user_activities", "activity_type", "drag"), Value("drag"));
}

TEST(CatalogTest, T_24_EveryFieldOfEveryCollectionIsChecked) {
  ASSERT_TRUE(shipped().ok());
  json::Parser parser;
  const auto wrong = parser.parse("[[]]");
  for (const auto& [application, declared] : shipped()->applications()) {
    for (const auto& [name, collection] : declared.collections) {
      for (const Field& field : collection.fields) {
        if (field.type == Type::kJson) continue;
        EXPECT_FALSE(decode_value(field, *wrong).ok())
            << collection.full_name() << " " << field.name;
      }
    }
  }
}

TEST(CatalogTest, T_28_ExpiryAtAnOptionalFieldIsRefused) {
  auto files = shipped_files();
  const auto file = std::find_if(files.begin(), files.end(), [](const CatalogFile& f) {
    return f.path == "sentimatrix/refresh_tokens.toml";
  });
  ASSERT_NE(file, files.end());
  const std::string required = R"(expires_at = { type = "time", required = true })";
  const std::size_t at = file->text.find(required);
  ASSERT_NE(at, file->text.npos);
  file->text.replace(at, required.size(), R"(expires_at = { type = "time" })");

  const auto catalog = load(files);

  ASSERT_FALSE(catalog.ok());
  ASSERT_EQ(catalog.error().problems().size(), 1u);
  const std::string& detail = catalog.error().problems()[0].detail;
  EXPECT_NE(detail.find("refresh_tokens.toml"), detail.npos) << detail;
  EXPECT_NE(detail.find("expires_at"), detail.npos) << detail;
}

}  // namespace
}  // namespace daybook
