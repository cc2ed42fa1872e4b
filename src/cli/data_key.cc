#include "cli/data_key.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "base/text.h"

namespace daybook::cli {

namespace {

Result<DataKey> read_key(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return Error(Code::kUnavailable, "cannot read the data key " + path);
  auto key = DataKey::parse(trim(text.str()));
  if (key) return key;
  return Error(Code::kInvalid, path + " is no data key: " + key.error().message() +
                                   "; put the right one there, or remove it and lose the secrets "
                                   "that it encrypted");
}

Error cannot_write(const std::string& path) {
  return {Code::kUnavailable, "cannot write the data key " + path + ": " + std::strerror(errno)};
}

bool is_written(int file, std::string_view text) {
  return ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
         ::fsync(file) == 0;
}

// The name of a new file is on disk once its directory is.
bool is_directory_synced(const std::string& directory) {
  const int opened = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool is_synced = opened >= 0 && ::fsync(opened) == 0;
  if (opened >= 0) ::close(opened);
  return is_synced;
}

// Under another name first: a crash must not leave half a key.
Result<DataKey> make_key(const std::string& directory, const std::string& path) {
  const DataKey key = DataKey::make();
  const std::string fresh = path + ".new";
  ::unlink(fresh.c_str());
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return cannot_write(path);
  const bool is_good = is_written(file, key.text() + "\n");
  ::close(file);
  if (!is_good || ::rename(fresh.c_str(), path.c_str()) != 0) return cannot_write(path);
  if (!is_directory_synced(directory)) return cannot_write(path);
  return key;
}

}  // namespace

Result<DataKey> open_data_key(const std::string& directory) {
  const std::string path = directory + "/data.key";
  if (::access(path.c_str(), F_OK) == 0) return read_key(path);
  return make_key(directory, path);
}

}  // namespace daybook::cli
