#include "cli/input.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace daybook::cli {

namespace {

constexpr std::size_t kPiece = 256 * 1024;
constexpr int kIdleMilliseconds = 1000;

}  // namespace

std::string without_packing(std::string path) {
  for (const std::string_view end : {".gz", ".zst"}) {
    if (path.ends_with(end)) return path.substr(0, path.size() - end.size());
  }
  return path;
}

Input::Descriptor::~Descriptor() {
  if (number_ > STDIN_FILENO) close(number_);
}

Result<Input> Input::open(const std::string& path) {
  if (path == "-") return Input("stdin", Descriptor(STDIN_FILENO));
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) {
    return Error(Code::kNotFound, "cannot read " + path + ": " + std::strerror(errno));
  }
  struct stat about {};
  const bool is_known = fstat(file.number(), &about) == 0;
  if (is_known && S_ISDIR(about.st_mode)) {
    return Error(Code::kInvalid, path + " is a directory, not a file");
  }
  Input input(path, std::move(file));
  if (is_known && S_ISREG(about.st_mode)) {
    input.bytes_in_all_ = static_cast<std::uint64_t>(about.st_size);
  }
  return input;
}

// Some more packed bytes; false at the end of the file.
Result<bool> Input::fill() {
  pollfd ready{file_.number(), POLLIN, 0};
  if (idle_ && poll(&ready, 1, kIdleMilliseconds) == 0) DAYBOOK_TRY(idle_());
  const std::size_t before = packed_.size();
  packed_.resize(before + kPiece);
  ssize_t got = 0;
  do {
    got = ::read(file_.number(), packed_.data() + before, kPiece);
  } while (got < 0 && errno == EINTR);
  packed_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  if (got < 0) {
    return Error(Code::kUnavailable, "cannot read " + path_ + ": " + std::strerror(errno));
  }
  bytes_read_ += static_cast<std::uint64_t>(got);
  at_end_ = got == 0;
  return !at_end_;
}

void Input::look_at_packing() {
  is_begun_ = true;
  if (packed_.starts_with("\x1f\x8b")) unpacker_ = make_gzip_decompressor();
  if (packed_.starts_with("\x28\xb5\x2f\xfd")) unpacker_ = make_zstd_decompressor();
}

Result<std::string> Input::first_line() {
  constexpr std::size_t kMost = 64 * 1024;
  bool more = true;
  while (more && ahead_.find('\n') == std::string::npos && ahead_.size() < kMost) {
    DAYBOOK_ASSIGN(more, unpack(ahead_));
  }
  return ahead_.substr(0, std::min(ahead_.find('\n'), kMost));
}

Result<bool> Input::read(std::string& out) {
  if (ahead_.empty()) return unpack(out);
  out += ahead_;
  ahead_.clear();
  return true;
}

Result<bool> Input::unpack(std::string& out) {
  if (packed_.empty() && !at_end_) DAYBOOK_TRY(fill());
  if (!is_begun_) look_at_packing();
  if (!unpacker_) {
    out += packed_;
    packed_.clear();
    return !at_end_;
  }
  std::string_view rest = packed_;
  const std::size_t before = out.size();
  if (auto unpacked = unpacker_->unpack(rest, out, kPiece); !unpacked) {
    return std::move(unpacked).error().with_context("cannot unpack " + path_);
  }
  packed_.erase(0, packed_.size() - rest.size());
  const bool is_done = at_end_ && out.size() == before;
  if (is_done && !unpacker_->finished()) {
    return Error(Code::kMalformed, "cannot unpack " + path_ + ": it breaks off");
  }
  return !is_done;
}

}  // namespace daybook::cli
