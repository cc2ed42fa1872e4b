// Input: the bytes of a file or of stdin, unpacked when they are gzip or zstd. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/compress.h"
#include "base/result.h"

namespace daybook::cli {

class Input {
 public:
  // "-" is stdin. kNotFound when the file cannot be read.
  static Result<Input> open(const std::string& path);

  // The first bytes up to a line's end, at most 64 KiB; read() gives them again.
  Result<std::string> first_line();
  // Called before a wait for more that has lasted a second: a pipe whose writer is slow.
  void on_idle(std::function<Result<void>()> idle) { idle_ = std::move(idle); }

  // Appends some more bytes and says whether there may be more. kMalformed when the packing is
  // broken.
  Result<bool> read(std::string& out);

  const std::string& path() const { return path_; }
  // Packed bytes read so far, and those of the whole file; 0 when nobody knows.
  std::uint64_t bytes_read() const { return bytes_read_; }
  std::uint64_t bytes_in_all() const { return bytes_in_all_; }

 private:
  // An open file; stdin is left open.
  class Descriptor {
   public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor();
    int number() const { return number_; }

   private:
    int number_;
  };
  Input(std::string path, Descriptor file) : path_(std::move(path)), file_(std::move(file)) {}
  Result<bool> unpack(std::string& out);
  Result<bool> fill();
  void look_at_packing();

  std::string path_;
  Descriptor file_;
  std::function<Result<void>()> idle_;
  std::string ahead_;  // unpacked, looked at, to be given by read()
  std::unique_ptr<Decompressor> unpacker_;
  std::string packed_;  // read, not yet unpacked
  bool is_begun_ = false;
  bool at_end_ = false;
  std::uint64_t bytes_read_ = 0;
  std::uint64_t bytes_in_all_ = 0;
};

// "rows.csv.gz" -> "rows.csv".
std::string without_packing(std::string path);

}  // namespace daybook::cli
