#include "base/compress.h"

#include <algorithm>

#include <zlib.h>
#include <zstd.h>

#include "base/bug.h"

namespace daybook {
namespace {

// zlib counts in 32 bits.
constexpr std::size_t kMostAtOnce = std::size_t{1} << 30;
constexpr int kGzipWindow = 15 + 16;
// RFC 9659: 8 MiB is the largest window for the content coding, so a stream cannot ask for more.
constexpr int kZstdWindowLog = 23;
// Grown by so much at a time, so that a small stream stays small.
constexpr std::size_t kStep = std::size_t{64} << 10;

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* handle) const {
    Free(handle);
  }
};
using Compression = std::unique_ptr<ZSTD_CCtx, Deleter<ZSTD_freeCCtx>>;
using Decompression = std::unique_ptr<ZSTD_DCtx, Deleter<ZSTD_freeDCtx>>;

Error malformed(const char* what) { return {Code::kMalformed, what}; }

class GzipDecompressor final : public Decompressor {
 public:
  GzipDecompressor() {
    if (inflateInit2(&stream_, kGzipWindow) != Z_OK) bug("zlib cannot start");
  }
  ~GzipDecompressor() override { inflateEnd(&stream_); }
  GzipDecompressor(const GzipDecompressor&) = delete;
  GzipDecompressor& operator=(const GzipDecompressor&) = delete;

  Result<void> unpack(std::string_view& in, std::string& out, std::size_t room) override {
    while (room > 0) {
      const std::size_t before = out.size();
      const std::size_t step = std::min(room, kStep);
      out.resize(before + step);
      const int status = inflate_into(in, out.data() + before, step);
      const std::size_t made = step - stream_.avail_out;
      out.resize(before + made);
      room -= made;
      if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
        return malformed("the gzip stream is broken");
      }
      if (status == Z_STREAM_END) finished_ = true;
      if (made < step && in.empty()) return {};
    }
    return {};
  }

  bool finished() const override { return finished_; }

 private:
  int inflate_into(std::string_view& in, char* out, std::size_t room) {
    // A file may have several members (RFC 1952), one after the other.
    if (finished_ && !in.empty()) {
      inflateReset(&stream_);
      finished_ = false;
    }
    const std::size_t given = std::min(in.size(), kMostAtOnce);
    stream_.next_in =
        reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));  // NOLINT: never written
    stream_.avail_in = static_cast<uInt>(given);
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    stream_.avail_out = static_cast<uInt>(room);
    if (finished_) return Z_STREAM_END;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    in.remove_prefix(given - stream_.avail_in);
    return status;
  }

  z_stream stream_{};
  bool finished_ = false;
};

class ZstdDecompressor final : public Decompressor {
 public:
  ZstdDecompressor() : context_(ZSTD_createDCtx()) {
    if (context_ == nullptr) bug("zstd cannot start");
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kZstdWindowLog);
  }

  Result<void> unpack(std::string_view& in, std::string& out, std::size_t room) override {
    while (room > 0) {
      const std::size_t before = out.size();
      const std::size_t step = std::min(room, kStep);
      out.resize(before + step);
      ZSTD_inBuffer source{in.data(), in.size(), 0};
      ZSTD_outBuffer target{out.data() + before, step, 0};
      const bool is_idle = finished_ && in.empty();
      const std::size_t status =
          is_idle ? 0 : ZSTD_decompressStream(context_.get(), &target, &source);
      out.resize(before + target.pos);
      if (ZSTD_isError(status) != 0) return malformed("the zstd stream is broken");
      in.remove_prefix(source.pos);
      room -= target.pos;
      finished_ = status == 0;
      if (target.pos < step && in.empty()) return {};
    }
    return {};
  }

  bool finished() const override { return finished_; }

 private:
  Decompression context_;
  bool finished_ = false;
};

Error too_large(std::size_t max_bytes) {
  return {Code::kTooLarge, "unpacks to more than " + std::to_string(max_bytes) + " bytes"};
}

// A frame that does not say how much it holds.
Result<std::string> unpack_unannounced(std::string_view frame, std::size_t max_bytes) {
  ZstdDecompressor stream;
  std::string out;
  DAYBOOK_TRY(stream.unpack(frame, out, max_bytes));
  std::string beyond;
  DAYBOOK_TRY(stream.unpack(frame, beyond, 1));
  if (!beyond.empty()) return too_large(max_bytes);
  if (!stream.finished()) return malformed("the zstd frame is cut off");
  return out;
}

}  // namespace

std::string zstd_compress(std::string_view bytes, int level) {
  // A context is large; making one for each of many small blobs would cost more than the packing.
  static thread_local const Compression kContext(ZSTD_createCCtx());
  std::string packed(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size = ZSTD_compressCCtx(kContext.get(), packed.data(), packed.size(),
                                             bytes.data(), bytes.size(), level);
  if (ZSTD_isError(size) != 0) bug(ZSTD_getErrorName(size));
  packed.resize(size);
  return packed;
}

Result<std::string> zstd_decompress(std::string_view bytes, std::size_t max_bytes) {
  if (ZSTD_findFrameCompressedSize(bytes.data(), bytes.size()) != bytes.size()) {
    return malformed("not one whole zstd frame");
  }
  const auto announced = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (announced == ZSTD_CONTENTSIZE_UNKNOWN) return unpack_unannounced(bytes, max_bytes);
  if (announced > max_bytes) return too_large(max_bytes);
  std::string out(announced, '\0');
  DAYBOOK_TRY(zstd_decompress(bytes, std::span(out)));
  return out;
}

Result<void> zstd_decompress(std::string_view bytes, std::span<char> out) {
  static thread_local const Decompression kContext(ZSTD_createDCtx());
  const std::size_t size =
      ZSTD_decompressDCtx(kContext.get(), out.data(), out.size(), bytes.data(), bytes.size());
  if (size != out.size()) return malformed("the zstd frame is broken");
  return {};
}

std::string gzip_compress(std::string_view bytes, int level) {
  constexpr int kMemoryLevel = 8;
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, kGzipWindow, kMemoryLevel, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    bug("zlib cannot start");
  }
  std::string packed;
  int status = Z_OK;
  while (status != Z_STREAM_END) {
    const std::size_t given = std::min(bytes.size(), kMostAtOnce);
    const std::size_t room = std::min(deflateBound(&stream, given), kMostAtOnce);
    const std::size_t before = packed.size();
    packed.resize(before + room);
    stream.next_in =
        reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // NOLINT: never written
    stream.avail_in = static_cast<uInt>(given);
    stream.next_out = reinterpret_cast<Bytef*>(packed.data() + before);
    stream.avail_out = static_cast<uInt>(room);
    status = deflate(&stream, given == bytes.size() ? Z_FINISH : Z_NO_FLUSH);
    bytes.remove_prefix(given - stream.avail_in);
    packed.resize(before + room - stream.avail_out);
  }
  deflateEnd(&stream);
  return packed;
}

std::unique_ptr<Decompressor> make_gzip_decompressor() {
  return std::make_unique<GzipDecompressor>();
}

std::unique_ptr<Decompressor> make_zstd_decompressor() {
  return std::make_unique<ZstdDecompressor>();
}

}  // namespace daybook
