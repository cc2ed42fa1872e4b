#include "cli/open_store.h"

#include <filesystem>

#include "store/memory/memory_store.h"
#include "store/sqlite/sqlite_store.h"

namespace daybook::cli {

bool uses_directory(const Settings& settings) {
  return settings.text(SettingId::kStore) == "sqlite:";
}

bool has_begun(const std::string& directory) {
  std::error_code ignored;
  return std::filesystem::exists(directory + "/daybook.db", ignored);
}

Result<std::unique_ptr<Store>> open_store(const Settings& settings) {
  const std::string& url = settings.text(SettingId::kStore);
  if (url == "memory:") return make_memory_store();
  if (url != "sqlite:") {
    return Error(Code::kInvalid, settings.setting(SettingId::kStore).source + ": '" + url +
                                     "' is not a store; there are sqlite: and memory:");
  }
  const std::string& directory = settings.text(SettingId::kData);
  std::error_code ignored;  // the store says why it cannot be made
  std::filesystem::create_directories(std::filesystem::path(directory).parent_path(), ignored);
  sqlite::Options options;
  if (settings.text(SettingId::kDurability) == "relaxed") {
    options.durability = sqlite::Durability::kRelaxed;
  }
  return sqlite::open_store(directory, options);
}

std::vector<std::string> known_stores() {
  return {"sqlite " + sqlite::library_version(), "memory"};
}

}  // namespace daybook::cli
