// Integers in a part:
//   byte     0 offsets | 1 steps
//   byte     w: bytes of an offset, 0 to 8
//   8 bytes  base
//   offsets: integer i is base + offset i; w bytes each, little-endian
//   steps:   8 bytes for every 128th integer from the first on (of w = 0 the first alone), which
//            need no steps; then as offsets what each integer is more than the one before it
// Empty sequences take no bytes.
#include "store/columns/integers.h"

#include <algorithm>
#include <cstring>

namespace daybook::columns {

namespace {

constexpr std::size_t kHead = 10;
constexpr std::size_t kRun = 128;
constexpr std::size_t kAnchor = sizeof(std::int64_t);

Error broken(const std::string& what) { return {Code::kInternal, "integers: " + what}; }

std::uint64_t bits(std::int64_t v) { return static_cast<std::uint64_t>(v); }

std::int64_t sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(bits(a) + bits(b));
}

struct Range {
  std::int64_t low = 0;
  std::size_t width = 0;  // bytes of the largest offset from it
};

Range range_of(const std::vector<std::int64_t>& integers) {
  std::int64_t low = integers.front();
  std::int64_t high = low;
  for (const std::int64_t integer : integers) {
    low = std::min(low, integer);
    high = std::max(high, integer);
  }
  Range range{low, 0};
  for (std::uint64_t rest = bits(high) - bits(low); rest > 0; rest >>= 8) ++range.width;
  return range;
}

template <typename T>
void put_fixed(std::string& out, T v) {
  out.append(reinterpret_cast<const char*>(&v), sizeof v);
}

std::int64_t load(const char* bytes) {
  std::int64_t v = 0;
  std::memcpy(&v, bytes, sizeof v);
  return v;
}

template <std::size_t kWidth>
void unpack(const char* bytes, std::int64_t base, std::size_t n, std::int64_t* out) {
  for (std::size_t i = 0; i < n; ++i) {
    std::int64_t offset = 0;
    std::memcpy(&offset, bytes + i * kWidth, kWidth);
    out[i] = sum(base, offset);
  }
}

using Unpack = void (*)(const char* bytes, std::int64_t base, std::size_t n, std::int64_t* out);
constexpr Unpack kUnpack[] = {unpack<0>, unpack<1>, unpack<2>, unpack<3>, unpack<4>,
                              unpack<5>, unpack<6>, unpack<7>, unpack<8>};

template <std::size_t kWidth>
void pack(const std::vector<std::int64_t>& integers, std::int64_t base, char* out) {
  for (std::size_t i = 0; i < integers.size(); ++i) {
    const std::uint64_t offset = bits(integers[i]) - bits(base);
    std::memcpy(out + i * kWidth, &offset, kWidth);
  }
}

using Pack = void (*)(const std::vector<std::int64_t>& integers, std::int64_t base, char* out);
constexpr Pack kPack[] = {pack<0>, pack<1>, pack<2>, pack<3>, pack<4>,
                          pack<5>, pack<6>, pack<7>, pack<8>};

std::size_t anchors_of(std::size_t count, std::size_t width) {
  return width == 0 ? 1 : (count + kRun - 1) / kRun;
}

}  // namespace

void Integers::put_offsets(std::string& out, const std::vector<std::int64_t>& integers,
                           std::int64_t base, std::size_t width) {
  const std::size_t begin = out.size();
  out.resize(begin + integers.size() * width);
  kPack[width](integers, base, out.data() + begin);
}

// Differences of neighbours, of anchors the smallest of all; empty when one does not fit.
std::vector<std::int64_t> Integers::steps_of(const std::vector<std::int64_t>& integers) {
  std::vector<std::int64_t> steps(integers.size());
  for (std::size_t i = 1; i < integers.size(); ++i) {
    if (__builtin_sub_overflow(integers[i], integers[i - 1], &steps[i])) return {};
  }
  if (steps.size() < 2) return {};
  const std::int64_t smallest = *std::min_element(steps.begin() + 1, steps.end());
  steps[0] = smallest;
  return steps;
}

void put_integers(std::string& out, const std::vector<std::int64_t>& integers) {
  if (integers.empty()) return;
  const Range plain = range_of(integers);
  std::vector<std::int64_t> steps;
  if (plain.width > 0) steps = Integers::steps_of(integers);
  const Range stepwise = steps.empty() ? plain : range_of(steps);
  const bool has_small_steps = stepwise.width < plain.width;
  const Range& range = has_small_steps ? stepwise : plain;
  out.push_back(has_small_steps ? 1 : 0);
  out.push_back(static_cast<char>(range.width));
  put_fixed(out, range.low);
  if (!has_small_steps) return Integers::put_offsets(out, integers, range.low, range.width);
  for (std::size_t i = 0; i < anchors_of(integers.size(), range.width); ++i) {
    put_fixed(out, integers[i * kRun]);
    steps[i * kRun] = range.low;
  }
  Integers::put_offsets(out, steps, range.low, range.width);
}

Result<Integers> Integers::open(PartContent& content, std::uint64_t offset, std::size_t count) {
  Integers integers;
  integers.content_ = &content;
  integers.count_ = count;
  integers.end_ = offset;
  if (count == 0) return integers;
  DAYBOOK_ASSIGN(const std::string_view head, content.read(offset, kHead));
  integers.how_ = static_cast<How>(head[0]);
  integers.width_ = static_cast<unsigned char>(head[1]);
  integers.base_ = load(head.data() + 2);
  if (integers.how_ != How::kOffsets && integers.how_ != How::kSteps) return broken("unknown form");
  if (integers.width_ > 8) return broken("wider than 8 bytes");
  integers.anchors_ = offset + kHead;
  integers.begin_ = integers.anchors_;
  if (integers.how_ == How::kSteps) integers.begin_ += anchors_of(count, integers.width_) * kAnchor;
  integers.end_ = integers.begin_ + count * integers.width_;
  if (integers.end_ > content.size()) return broken("cut off");
  return integers;
}

Result<std::int64_t> Integers::at(std::size_t i) const {
  std::int64_t integer = 0;
  DAYBOOK_TRY(read(i, 1, &integer));
  return integer;
}

Result<void> Integers::read(std::size_t begin, std::size_t n, std::int64_t* out) const {
  if (begin > count_ || n > count_ - begin) return broken("there are not so many");
  if (n == 0) return {};
  return how_ == How::kOffsets ? read_offsets(begin, n, out) : read_steps(begin, n, out);
}

Result<void> Integers::read_offsets(std::uint64_t begin, std::size_t n, std::int64_t* out) const {
  DAYBOOK_ASSIGN(const std::string_view bytes, content_->read(begin_ + begin * width_, n * width_));
  kUnpack[width_](bytes.data(), base_, n, out);
  return {};
}

Result<void> Integers::read_steps(std::size_t begin, std::size_t n, std::int64_t* out) const {
  if (width_ == 0) {
    DAYBOOK_ASSIGN(const std::int64_t first, anchor(0));
    for (std::size_t i = 0; i < n; ++i) {
      out[i] = static_cast<std::int64_t>(bits(first) + bits(base_) * (begin + i));
    }
    return {};
  }
  while (n > 0) {
    const std::size_t run = begin / kRun;
    const std::size_t skipped = begin % kRun;
    const std::size_t here = std::min(n, kRun - skipped);
    std::int64_t integers[kRun];
    DAYBOOK_TRY(read_offsets(run * kRun, skipped + here, integers));
    DAYBOOK_ASSIGN(integers[0], anchor(run));
    for (std::size_t i = 1; i < skipped + here; ++i)
      integers[i] = sum(integers[i - 1], integers[i]);
    std::copy_n(integers + skipped, here, out);
    begin += here;
    out += here;
    n -= here;
  }
  return {};
}

Result<std::int64_t> Integers::anchor(std::size_t run) const {
  DAYBOOK_ASSIGN(const std::string_view bytes, content_->read(anchors_ + run * kAnchor, kAnchor));
  return load(bytes.data());
}

std::string Integers::describe() const {
  const std::string width = std::to_string(width_) + (width_ == 1 ? " byte" : " bytes");
  if (count_ == 0) return "none";
  if (how_ == How::kSteps) return width_ == 0 ? "equal steps" : "steps of " + width;
  return width_ == 0 ? "constant" : width + " each";
}

}  // namespace daybook::columns
