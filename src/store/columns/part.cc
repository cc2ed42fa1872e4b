// A part as it is stored, version 1:
//   byte     version (1)
//   byte     p: a page holds 2^p bytes of the content, the last one the rest
//   4 bytes  size of the content
//   4 bytes  a page: where it ends, counted from the end of this head
//   4 bytes  CRC-32 of everything before
//   pages:   the bytes, as they are or as a zstd frame where that is shorter; their CRC-32 (4
//   bytes)
// Integers are little-endian.
#include "store/columns/part.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <utility>

#include "base/bug.h"
#include "base/compress.h"
#include "base/hash.h"
#include "store/columns/bytes.h"

namespace daybook::columns {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr int kLevel = 1;
constexpr std::size_t kChecksumSize = 4;
constexpr std::size_t kHeadBegin = 6;  // bytes before the ends of the pages
constexpr std::uint64_t kMaxContent = std::uint64_t{1} << 30;
// A page of numbers unpacks in a few microseconds; long texts would pack badly in so small ones.
constexpr unsigned kPlacesPage = 11;
constexpr unsigned kWholePage = 12;
constexpr unsigned kLargePage = 15;
constexpr std::size_t kLargeContent = std::size_t{1} << 22;
// A page that shrinks by less than one part of so many is read faster as it is.
constexpr std::size_t kPaysAt = 5;
constexpr unsigned kMaxPage = 20;
// Read at once with the first bytes: mostly the whole head.
constexpr std::size_t kFirstRead = 256;

std::size_t pages_of(std::uint64_t size, unsigned page) {
  return (size + (std::uint64_t{1} << page) - 1) >> page;
}

std::size_t head_size(std::size_t pages) {
  return kHeadBegin + pages * sizeof(std::uint32_t) + kChecksumSize;
}

bool has_right_checksum(std::string_view bytes) {
  ByteReader tail(bytes.substr(bytes.size() - kChecksumSize));
  return tail.fixed<std::uint32_t>() == checksum(bytes.substr(0, bytes.size() - kChecksumSize));
}

unsigned page_of(std::string_view content, Reading reading) {
  if (content.size() >= kLargeContent) return kLargePage;
  return reading == Reading::kPlaces ? kPlacesPage : kWholePage;
}

void put_page(std::string& out, std::string_view content) {
  const std::string packed = zstd_compress(content, kLevel);
  const bool pays = packed.size() < content.size() / kPaysAt * (kPaysAt - 1);
  const std::string_view stored = pays ? std::string_view(packed) : content;
  out += stored;
  put_fixed(out, checksum(stored));
}

}  // namespace

std::string_view kind_name(PartKind kind) {
  switch (kind) {
    case PartKind::kColumn:
      return "column";
    case PartKind::kPostings:
      return "postings";
    case PartKind::kTerms:
      return "terms";
    case PartKind::kRollup:
      return "rollup";
  }
  return "unknown part";
}

std::string part_name(PartNumber part) {
  return std::string(kind_name(part.kind)) + " " + std::to_string(part.number);
}

std::string pack_part(std::string_view content, Reading reading) {
  const unsigned page = page_of(content, reading);
  const std::size_t size = std::size_t{1} << page;
  std::string head;
  put_byte(head, kVersion);
  put_byte(head, static_cast<std::uint8_t>(page));
  put_fixed(head, static_cast<std::uint32_t>(content.size()));
  std::string pages;
  for (std::size_t begin = 0; begin < content.size(); begin += size) {
    put_page(pages, content.substr(begin, size));
    put_fixed(head, static_cast<std::uint32_t>(pages.size()));
  }
  put_fixed(head, checksum(head));
  return head + pages;
}

Result<void> BytesInMemory::read(std::uint64_t offset, std::size_t size, char* out) {
  if (size > 0) std::memcpy(out, bytes_.data() + offset, size);
  return {};
}

Result<PartContent> PartContent::open(std::unique_ptr<StoredBytes> bytes, std::string name) {
  PartContent content;
  content.name_ = std::move(name);
  content.bytes_ = std::move(bytes);
  DAYBOOK_TRY(content.read_head());
  return content;
}

Result<void> PartContent::read_head() {
  const std::uint64_t stored = bytes_->size();
  std::string head(std::min<std::uint64_t>(stored, kFirstRead), '\0');
  DAYBOOK_TRY(bytes_->read(0, head.size(), head.data()));
  ByteReader in(head);
  const std::uint8_t version = in.byte();
  const unsigned page = in.byte();
  size_ = in.fixed<std::uint32_t>();
  if (!in.ok()) return broken("too short");
  if (version != kVersion) {
    return broken("version " + std::to_string(version) + " is not known here");
  }
  if (page > kMaxPage || size_ > kMaxContent) return broken("its head is not what was written");
  const std::size_t pages = pages_of(size_, page);
  pages_begin_ = head_size(pages);
  if (pages_begin_ > stored) return broken("cut off");
  const std::size_t read = std::min<std::size_t>(head.size(), pages_begin_);
  head.resize(pages_begin_);
  DAYBOOK_TRY(bytes_->read(read, head.size() - read, head.data() + read));
  if (!has_right_checksum(head)) return broken("its checksum is wrong");
  page_size_ = std::uint64_t{1} << page;
  page_ends_.resize(pages);
  ByteReader ends(std::string_view(head).substr(kHeadBegin));
  for (std::uint32_t& end : page_ends_) end = ends.fixed<std::uint32_t>();
  if (!std::ranges::is_sorted(page_ends_)) return broken("its pages are not in order");
  if (pages_begin_ + (pages == 0 ? 0 : page_ends_.back()) != stored) return broken("cut off");
  is_unpacked_.resize(pages);
  content_ = std::make_unique_for_overwrite<char[]>(size_);
  return {};
}

Result<std::string_view> PartContent::read(std::uint64_t offset, std::uint64_t size) {
  if (offset > size_ || size > size_ - offset) return broken("shorter than it says");
  if (size > 0) {
    const std::size_t last = (offset + size - 1) / page_size_;
    for (std::size_t page = offset / page_size_; page <= last; ++page) {
      if (!is_unpacked_[page]) DAYBOOK_TRY(unpack_page(page));
    }
  }
  return std::string_view(content_.get() + offset, size);
}

std::uint64_t PartContent::bytes_read() const {
  const auto pages = static_cast<std::uint64_t>(std::ranges::count(is_unpacked_, true));
  return std::min(pages * page_size_, size_);
}

Result<void> PartContent::unpack_page(std::size_t page) {
  const std::uint64_t begin = page == 0 ? 0 : page_ends_[page - 1];
  const std::uint64_t content_begin = page * page_size_;
  const std::uint64_t size = std::min(page_size_, size_ - content_begin);
  const std::uint64_t stored_size = page_ends_[page] - begin;
  if (stored_size < kChecksumSize || stored_size > size + kChecksumSize) {
    return broken("a page has no such size");
  }
  const auto buffer = std::make_unique_for_overwrite<char[]>(stored_size);
  DAYBOOK_TRY(bytes_->read(pages_begin_ + begin, stored_size, buffer.get()));
  std::string_view stored(buffer.get(), stored_size);
  if (!has_right_checksum(stored)) return broken("the checksum of a page is wrong");
  stored.remove_suffix(kChecksumSize);
  const std::span<char> out(content_.get() + content_begin, size);
  if (stored.size() < size) {
    if (!zstd_decompress(stored, out).ok()) return broken("a page does not unpack");
  } else {
    std::ranges::copy(stored, out.begin());
  }
  is_unpacked_[page] = true;
  return {};
}

Result<void> check_part(std::string_view bytes) {
  DAYBOOK_ASSIGN(PartContent content, PartContent::open(bytes));
  DAYBOOK_TRY(content.all());
  return {};
}

}  // namespace daybook::columns
