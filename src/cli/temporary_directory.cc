#include "cli/temporary_directory.h"

#include <cstdlib>
#include <filesystem>

namespace daybook::cli {

Result<std::unique_ptr<TemporaryDirectory>> TemporaryDirectory::make(const std::string& parent) {
  const std::filesystem::path where =
      parent.empty() ? std::filesystem::temp_directory_path() : std::filesystem::path(parent);
  std::string path = where / "daybook-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) {
    return Error(Code::kUnavailable, "cannot make a directory in " + where.string());
  }
  return std::make_unique<TemporaryDirectory>(std::move(path));
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace daybook::cli
