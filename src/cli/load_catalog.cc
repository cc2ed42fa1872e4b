#include "cli/load_catalog.h"

#include "api/routes.h"
#include "base/embedded.h"
#include "engine/sweep.h"

namespace daybook::cli {

namespace {

std::vector<CatalogFile> built_in_files() {
  std::vector<CatalogFile> files;
  for (const EmbeddedFile& file : embedded_catalogs()) {
    const std::string path(file.path);
    files.push_back({path, "catalogs/" + path, std::string(file.bytes)});
  }
  return files;
}

}  // namespace

Result<Catalog> load_catalog(const Settings& settings) {
  std::vector<CatalogFile> files = built_in_files();
  if (const std::string& directory = settings.text(SettingId::kCatalogs); !directory.empty()) {
    DAYBOOK_ASSIGN(auto extra, read_catalog_directory(directory));
    files = overlay(std::move(files), std::move(extra));
  }
  return Catalog::load(files, [&settings](const std::string& env) -> std::optional<std::string> {
    const auto setting = settings.declared(env);
    if (!setting) return std::nullopt;
    return setting->value;
  });
}

Result<Catalog> load_checked_catalog(const Settings& settings) {
  DAYBOOK_ASSIGN(Catalog catalog, load_catalog(settings));
  DAYBOOK_TRY(check_keeps(catalog));
  DAYBOOK_TRY(api::check_routes(catalog));
  return catalog;
}

}  // namespace daybook::cli
