#include "http/content_coding.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/compress.h"
#include "base/text.h"

namespace daybook::http {
namespace {

// As much as is unpacked in one go; bounds the memory that a bomb can take.
constexpr std::size_t kPiece = std::size_t{256} << 10;
// What unpacks to so much, and to more than so many times what was sent, is a bomb, not a log.
constexpr std::uint64_t kNeverABomb = std::uint64_t{64} << 20;
constexpr std::uint64_t kBombFactor = 200;
// Below this the headers outweigh what packing saves.
constexpr std::size_t kWorthPacking = 1024;
// Packed while somebody waits, so by the fast levels.
constexpr int kGzipLevel = 4;
constexpr int kZstdLevel = 3;

class UnpackedBody final : public Body {
 public:
  UnpackedBody(std::unique_ptr<Body> packed, std::unique_ptr<Decompressor> decompressor)
      : source_(std::move(packed)), decompressor_(std::move(decompressor)) {}

  void limit_time(Duration from_head) override { source_->limit_time(from_head); }
  bool is_late() const override { return source_->is_late(); }

  Result<bool> read(std::string& out) override {
    while (true) {
      if (rest_.empty() && source_has_more_) DAYBOOK_TRY(refill());
      const std::size_t before = out.size();
      DAYBOOK_TRY(decompressor_->unpack(rest_, out, kPiece));
      const std::size_t made = out.size() - before;
      unpacked_bytes_ += made;
      if (is_bomb()) return too_large();
      if (made == kPiece) return true;
      if (!source_has_more_) return finish();
      if (made > 0) return true;
    }
  }

 private:
  Result<void> refill() {
    packed_.clear();
    DAYBOOK_ASSIGN(source_has_more_, source_->read(packed_));
    packed_bytes_ += packed_.size();
    rest_ = packed_;
    return {};
  }

  bool is_bomb() const {
    return unpacked_bytes_ > kNeverABomb && unpacked_bytes_ / kBombFactor > packed_bytes_;
  }

  static Error too_large() {
    return {Code::kTooLarge, "the body unpacks to more than " + std::to_string(kBombFactor) +
                                 " times its size; send less of it at once, or uncompressed"};
  }

  Result<bool> finish() const {
    if (decompressor_->finished()) return false;
    return Error(Code::kMalformed, "the compressed body is cut off");
  }

  std::unique_ptr<Body> source_;
  std::unique_ptr<Decompressor> decompressor_;
  std::string packed_;
  std::string_view rest_;                                // what of packed_ is not yet unpacked
  std::uint64_t packed_bytes_ = 0, unpacked_bytes_ = 0;  // so far
  bool source_has_more_ = true;
};

class UnknownCoding final : public Body {
 public:
  explicit UnknownCoding(std::string_view name) : name_(name) {}

  Result<bool> read(std::string&) override {
    return Error(Code::kMediaType,
                 "the Content-Encoding \"" + name_ + "\" is not read here; gzip and zstd are");
  }

 private:
  std::string name_;
};

struct Preference {
  double gzip = 0;
  double zstd = 0;
};

double quality_of(std::string_view parameters) {
  const std::size_t at = parameters.find("q=");
  if (at == std::string_view::npos) return 1;
  double quality = 0;
  std::from_chars(parameters.data() + at + 2, parameters.data() + parameters.size(), quality);
  return quality;
}

// "gzip;q=0.5, zstd, br". A '*' stands for gzip, which everybody can; zstd only when asked for.
Preference parse_accept_encoding(std::string_view text) {
  Preference preference;
  double any = 0;
  bool names_gzip = false;
  for (const std::string_view item : split(text, ',')) {
    const std::size_t end = std::min(item.find(';'), item.size());
    const std::string name = ascii_lower(trim(item.substr(0, end)));
    const double quality = quality_of(item.substr(end));
    if (name == "gzip" || name == "x-gzip") {
      names_gzip = true;
      preference.gzip = quality;
    } else if (name == "zstd") {
      preference.zstd = quality;
    } else if (name == "*") {
      any = quality;
    }
  }
  if (!names_gzip) preference.gzip = any;
  return preference;
}

bool is_text(std::string_view content_type) {
  const std::string type = ascii_lower(trim(content_type.substr(0, content_type.find(';'))));
  constexpr std::string_view kTypes[] = {"application/json", "application/x-ndjson",
                                         "application/javascript", "application/xml",
                                         "image/svg+xml"};
  return type.starts_with("text/") || type.ends_with("+json") ||
         std::find(std::begin(kTypes), std::end(kTypes), type) != std::end(kTypes);
}

bool may_be_packed(const Response& response) {
  const std::string_view etag = response.headers.get("etag");
  const bool is_exact = !etag.empty() && !etag.starts_with("W/");
  return response.body.size() > kWorthPacking && !response.stream && !is_exact &&
         !response.headers.has("content-encoding") && is_text(response.headers.get("content-type"));
}

void replace_body(Response& response, const char* coding, std::string packed) {
  if (packed.size() >= response.body.size()) return;
  response.body = std::move(packed);
  response.headers.add("Content-Encoding", coding);
}

}  // namespace

std::unique_ptr<Body> unpacked(std::unique_ptr<Body> packed, std::string_view content_encoding) {
  const std::string name = ascii_lower(trim(content_encoding));
  if (name.empty() || name == "identity") return packed;
  if (name == "gzip" || name == "x-gzip") {
    return std::make_unique<UnpackedBody>(std::move(packed), make_gzip_decompressor());
  }
  if (name == "zstd") {
    return std::make_unique<UnpackedBody>(std::move(packed), make_zstd_decompressor());
  }
  return std::make_unique<UnknownCoding>(utf8_prefix(content_encoding, 40));
}

void pack(Response& response, std::string_view accept_encoding) {
  if (!may_be_packed(response)) return;
  response.headers.add("Vary", "Accept-Encoding");
  const Preference preference = parse_accept_encoding(accept_encoding);
  if (preference.zstd > 0 && preference.zstd >= preference.gzip) {
    replace_body(response, "zstd", zstd_compress(response.body, kZstdLevel));
  } else if (preference.gzip > 0) {
    replace_body(response, "gzip", gzip_compress(response.body, kGzipLevel));
  }
}

}  // namespace daybook::http
