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
  if (url == "sqlite:") return sqlite::open_store(settings.text(SettingId::kData), {});
  if (url == "memory:") return make_memory_store();
  return Error(Code::kInvalid, settings.setting(SettingId::kStore).source + ": '" + url +
                                   "' is not a store; there are sqlite: and memory:");
}

std::vector<std::string> known_stores() { return {"sqlite", "memory"}; }

}  // namespace daybook::cli
