// Catalog: all applications, read from TOML 1.0 and checked as a whole. Immutable after load,
// shared by reference; collections keep their addresses for the catalog's life.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/application.h"

namespace daybook {

struct CatalogFile {
  std::string path;   // "homes/rooms.toml": <application>/<collection>.toml or
                      // <application>/application.toml
  std::string shown;  // the path to name in messages
  std::string text;
};

// The value of a setting, if one was given (environment, config file).
using SettingSource = std::function<std::optional<std::string>(const std::string& env)>;

class Catalog {
 public:
  // Reads and checks everything; the error's problems hold every mistake found, each with file,
  // line, key and what was expected, in the order of the files.
  static Result<Catalog> load(const std::vector<CatalogFile>& files, const SettingSource& settings);

  Catalog(Catalog&&) noexcept = default;
  Catalog& operator=(Catalog&&) noexcept = default;

  const std::map<std::string, Application, std::less<>>& applications() const {
    return applications_;
  }
  const Application* find(std::string_view application) const;
  // "application/collection" or its parts; kNotFound suggests a near name.
  Result<const Collection*> collection(std::string_view application, std::string_view name) const;
  Result<const Collection*> collection(std::string_view full_name) const;
  // A hash of everything declared.
  const std::string& fingerprint() const { return fingerprint_; }

 private:
  Catalog() = default;
  std::map<std::string, Application, std::less<>> applications_;
  std::string fingerprint_;
};

// The *.toml files below a directory of application folders.
Result<std::vector<CatalogFile>> read_catalog_directory(const std::string& directory);
// `extra` replaces files of the same path and adds the rest.
std::vector<CatalogFile> overlay(std::vector<CatalogFile> base, std::vector<CatalogFile> extra);

// The declaration as JSON, for GET /api/v1/catalog/... and `catalog print`.
std::string catalog_json(const Catalog& catalog);
std::string collection_json(const Collection& collection);
// JSON Schema 2020-12 of a row as it is sent in.
std::string json_schema(const Collection& collection);

// One difference between two catalogs.
struct CatalogChange {
  enum class Effect { kAdds, kChanges, kNarrows };  // kNarrows needs --allow
  Effect effect = Effect::kAdds;
  std::string where;  // "shop/orders field 'state'"
  std::string what;   // a sentence
};
// Both texts are catalog_json(); the stored one is what a store was last prepared with.
Result<std::vector<CatalogChange>> plan_changes(std::string_view stored, const Catalog& next);

}  // namespace daybook
