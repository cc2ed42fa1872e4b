// gzip and zstd: whole buffers for stored blobs, streams for request bodies.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace daybook {

std::string zstd_compress(std::string_view bytes, int level);
// kMalformed when it is not one whole zstd frame, kTooLarge beyond max_bytes.
Result<std::string> zstd_decompress(std::string_view bytes, std::size_t max_bytes);
// Of a frame that unpacks to exactly as many bytes as `out` has room for, else kMalformed.
Result<void> zstd_decompress(std::string_view bytes, std::span<char> out);
std::string gzip_compress(std::string_view bytes, int level);

// Unpacks a stream that comes in pieces. One thread at a time.
class Decompressor {
 public:
  virtual ~Decompressor() = default;
  // Appends what `in` unpacks to, at most `room` bytes; takes the used bytes off the front of `in`.
  // kMalformed when the stream is broken.
  virtual Result<void> unpack(std::string_view& in, std::string& out, std::size_t room) = 0;
  // Whether the stream has come to its proper end.
  virtual bool finished() const = 0;
};

std::unique_ptr<Decompressor> make_gzip_decompressor();
std::unique_ptr<Decompressor> make_zstd_decompressor();

}  // namespace daybook
