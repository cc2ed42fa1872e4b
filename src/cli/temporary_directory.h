// A directory that is gone when this is.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace daybook::cli {

class TemporaryDirectory {
 public:
  // In `parent`, or where the system keeps such.
  static Result<std::unique_ptr<TemporaryDirectory>> make(const std::string& parent = "");
  explicit TemporaryDirectory(std::string path) : path_(std::move(path)) {}
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  const std::string path_;
};

}  // namespace daybook::cli
