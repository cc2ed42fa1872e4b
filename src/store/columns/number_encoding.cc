// Numbers in a part, after the shape:
//   byte     1: some are absent | 2: floats, written as integers
//   byte     k: those integers are the floats times 10^k
//   bitmap   of some absent: rows / 8 bytes, a set bit where there is a number
//   integers (integers.cc) one a row: ints, microseconds, days, 0 or 1, or the bits of floats
//   Rows where there is none count as the number before them.
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>
#include <vector>

#include "store/columns/bytes.h"
#include "store/columns/encoding.h"
#include "store/columns/integers.h"

namespace daybook::columns {

namespace {

enum Flag : std::uint8_t { kSomeAbsent = 1, kScaled = 2 };

constexpr std::uint64_t kHead = 2;
constexpr std::array<double, 7> kPowers = {1, 10, 100, 1e3, 1e4, 1e5, 1e6};

Error broken(const std::string& what) { return {Code::kInternal, "numbers: " + what}; }

std::int64_t unscaled(std::int64_t number, std::size_t scale) {
  return std::bit_cast<std::int64_t>(static_cast<double>(number) / kPowers[scale]);
}

// The integer that the float is when multiplied, if it comes back as the same float: not of -0.0.
std::optional<std::int64_t> scaled(std::int64_t bits, std::size_t scale) {
  const double product = std::bit_cast<double>(bits) * kPowers[scale];
  if (!(std::abs(product) < 1e15)) return std::nullopt;
  const auto whole = static_cast<std::int64_t>(std::round(product));
  if (unscaled(whole, scale) != bits) return std::nullopt;
  return whole;
}

// Replaces the bits of floats by integers, where one power of ten does it for all.
std::optional<std::size_t> scale_all(std::vector<std::int64_t>& bits) {
  std::size_t scale = 0;
  for (std::size_t i = 0; i < bits.size();) {
    if (scaled(bits[i], scale)) {
      ++i;
    } else if (++scale == kPowers.size()) {
      return std::nullopt;
    }
  }
  std::vector<std::int64_t> numbers;
  numbers.reserve(bits.size());
  for (const std::int64_t b : bits) {
    const auto number = scaled(b, scale);
    // A scale that a later value needed may be too much for an earlier one.
    if (!number) return std::nullopt;
    numbers.push_back(*number);
  }
  bits = std::move(numbers);
  return scale;
}

struct Numbers {
  bool is_scaled = false;
  std::size_t scale = 0;
  std::string_view bitmap;  // empty: all are there
  std::uint64_t begin = 0;  // of the integers

  bool is_there(std::size_t row) const {
    return bitmap.empty() || (bitmap[row / 8] >> (row % 8) & 1) != 0;
  }
};

Result<Numbers> read_head(PartContent& content, std::size_t rows) {
  DAYBOOK_ASSIGN(const std::string_view head, content.read(kShapeEnd, kHead));
  const auto flags = static_cast<std::uint8_t>(head[0]);
  Numbers numbers;
  numbers.is_scaled = (flags & kScaled) != 0;
  numbers.scale = static_cast<std::uint8_t>(head[1]);
  if (flags > (kSomeAbsent | kScaled) || numbers.scale >= kPowers.size()) {
    return broken("their head is not what was written");
  }
  numbers.begin = kShapeEnd + kHead;
  if ((flags & kSomeAbsent) == 0) return numbers;
  DAYBOOK_ASSIGN(numbers.bitmap, content.read(numbers.begin, (rows + 7) / 8));
  numbers.begin += numbers.bitmap.size();
  return numbers;
}

}  // namespace

void put_numbers(std::string& out, const Column& column, const Positions& positions) {
  std::vector<std::int64_t> numbers;
  numbers.reserve(positions.size());
  std::string bitmap((positions.size() + 7) / 8, '\0');
  bool is_full = true;
  std::int64_t last = 0;
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const bool is_there = column.marks()[positions[i]] != Column::kAbsent;
    if (is_there) last = column.numbers()[positions[i]];
    numbers.push_back(last);
    is_full = is_full && is_there;
    bitmap[i / 8] = static_cast<char>(bitmap[i / 8] | (is_there ? 1 : 0) << (i % 8));
  }
  std::optional<std::size_t> scale;
  if (column.type() == Type::kFloat) scale = scale_all(numbers);
  put_byte(out, static_cast<std::uint8_t>((is_full ? 0 : kSomeAbsent) | (scale ? kScaled : 0)));
  put_byte(out, static_cast<std::uint8_t>(scale.value_or(0)));
  if (!is_full) out += bitmap;
  put_integers(out, numbers);
}

Result<void> read_numbers(PartContent& content, std::size_t rows, Column& column) {
  DAYBOOK_ASSIGN(const Numbers head, read_head(content, rows));
  DAYBOOK_ASSIGN(const Integers integers, Integers::open(content, head.begin, rows));
  if (integers.end() != content.size()) return broken("their size is not what was written");
  const auto read = [&](std::size_t begin, std::int64_t* out, std::size_t n) -> Result<void> {
    DAYBOOK_TRY(integers.read(begin, n, out));
    if (!head.is_scaled) return {};
    for (std::size_t i = 0; i < n; ++i) out[i] = unscaled(out[i], head.scale);
    return {};
  };
  DAYBOOK_TRY(column.put_numbers(rows, read));
  return column.put_marks(rows,
                          [&](std::size_t begin, std::uint8_t* out, std::size_t n) -> Result<void> {
                            std::memset(out, 1, n);
                            if (head.bitmap.empty()) return {};
                            for (std::size_t i = 0; i < n; ++i)
                              out[i] = head.is_there(begin + i) ? 1 : 0;
                            return {};
                          });
}

Result<Value> read_number(PartContent& content, Type type, std::size_t rows, std::size_t row) {
  DAYBOOK_ASSIGN(const Numbers head, read_head(content, rows));
  if (!head.is_there(row)) return Value();
  DAYBOOK_ASSIGN(const Integers integers, Integers::open(content, head.begin, rows));
  DAYBOOK_ASSIGN(const std::int64_t number, integers.at(row));
  return number_value(type, head.is_scaled ? unscaled(number, head.scale) : number);
}

Result<std::string> describe_numbers(PartContent& content, std::size_t rows) {
  DAYBOOK_ASSIGN(const Numbers head, read_head(content, rows));
  DAYBOOK_ASSIGN(const Integers integers, Integers::open(content, head.begin, rows));
  std::string text = "numbers, " + integers.describe();
  if (head.is_scaled) text += ", scaled by 10^" + std::to_string(head.scale);
  if (!head.bitmap.empty()) text += ", some absent";
  return text;
}

}  // namespace daybook::columns
