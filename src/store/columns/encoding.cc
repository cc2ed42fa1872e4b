// The content of a column (part.h) begins with its shape:
//   byte     0 number, 1 text, 2 UUID
//
// Numbers (8-byte integers; floats as their bits unless scaled):
//   byte     0 all there | 1 a bitmap of rows / 8 bytes follows, a set bit where there is one
//   byte     how: 0 constant: zigzag varint
//                 1 from a base: zigzag varint base, byte width, an unsigned number of that width a
//                 row 2 differences: zigzag varint first, then as 1 for the differences of
//                 neighbours | 16: floats times 10^k as integers; byte k follows `how`
//   Rows where there is none count as the value before them.
// Texts:
//   varint   entries; a varint length each; their bytes one after the other
//   byte     codes: 0 all equal: varint | 1 row i has code i + 1 | 2, 3, 4: 1, 2, 4 bytes a row
//   Code 0 is null.
// UUIDs:
//   byte     0 all packed | 1 a mark a row follows: 0 null, 1 packed, 2 text
//   packed   the high halves as zigzag varints of differences, then the low halves likewise
//   texts    each with its length, in order of rows
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include "base/bug.h"
#include "store/columns/block.h"
#include "store/columns/bytes.h"

namespace daybook::columns {

namespace {

enum How : std::uint8_t { kConstant = 0, kFromBase = 1, kDifferences = 2, kScaled = 16 };
enum Codes : std::uint8_t { kAllEqual, kInOrder, kOneByte, kTwoBytes, kFourBytes };

constexpr int kMaxScale = 6;
constexpr double kPowers[kMaxScale + 1] = {1, 10, 100, 1e3, 1e4, 1e5, 1e6};

Error broken(const std::string& what) { return {Code::kInternal, "column: " + what}; }

std::size_t width_of(std::uint64_t range) {
  if (range == 0) return 0;
  if (range <= 0xFF) return 1;
  if (range <= 0xFFFF) return 2;
  if (range <= 0xFFFFFFFF) return 4;
  return 8;
}

void put_width(std::string& out, std::uint64_t v, std::size_t width) {
  out.append(reinterpret_cast<const char*>(&v), width);
}

std::uint64_t difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b);
}

std::int64_t sum(std::int64_t a, std::uint64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + b);
}

using Numbers = std::vector<std::int64_t>;

std::uint64_t range_of(const Numbers& numbers) {
  const auto [low, high] = std::ranges::minmax_element(numbers);
  return difference(*high, *low);
}

void put_from_base(std::string& out, const Numbers& numbers) {
  const std::int64_t base = *std::ranges::min_element(numbers);
  const std::size_t width = width_of(range_of(numbers));
  put_signed(out, base);
  put_byte(out, static_cast<std::uint8_t>(width));
  for (const std::int64_t number : numbers) put_width(out, difference(number, base), width);
}

// Differences of neighbours; empty when one of them does not fit.
Numbers differences(const Numbers& numbers) {
  Numbers result;
  result.reserve(numbers.size());
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    std::int64_t step = 0;
    if (__builtin_sub_overflow(numbers[i], numbers[i - 1], &step)) return {};
    result.push_back(step);
  }
  return result;
}

void put_integers(std::string& out, const Numbers& numbers, std::optional<int> scale) {
  const Numbers steps = differences(numbers);
  const bool is_constant = range_of(numbers) == 0;
  const bool has_small_steps =
      !steps.empty() && width_of(range_of(steps)) < width_of(range_of(numbers));
  const How how = is_constant ? kConstant : has_small_steps ? kDifferences : kFromBase;
  put_byte(out, static_cast<std::uint8_t>(how | (scale ? kScaled : 0)));
  if (scale) put_byte(out, static_cast<std::uint8_t>(*scale));
  if (how == kFromBase) return put_from_base(out, numbers);
  put_signed(out, numbers.front());
  if (how == kDifferences) put_from_base(out, steps);
}

// The integer that the float is when multiplied, if it comes back as the same float.
std::optional<std::int64_t> scaled(std::int64_t bits, int scale) {
  const double value = std::bit_cast<double>(bits);
  const double product = value * kPowers[scale];
  if (!(std::abs(product) < 1e15)) return std::nullopt;
  const double whole = std::round(product);
  if (std::bit_cast<std::int64_t>(whole / kPowers[scale]) != bits) return std::nullopt;
  return static_cast<std::int64_t>(whole);
}

std::optional<std::pair<Numbers, int>> scale_all(const Numbers& bits) {
  int scale = 0;
  for (std::size_t i = 0; i < bits.size();) {
    if (scaled(bits[i], scale)) {
      ++i;
    } else if (++scale > kMaxScale) {
      return std::nullopt;
    }
  }
  Numbers numbers;
  numbers.reserve(bits.size());
  for (const std::int64_t b : bits) {
    const auto number = scaled(b, scale);
    // A scale that a later value needed may be too much for an earlier one.
    if (!number) return std::nullopt;
    numbers.push_back(*number);
  }
  return std::pair(std::move(numbers), scale);
}

void put_numbers(std::string& out, const Column& column, const Positions& positions) {
  Numbers numbers;
  numbers.reserve(positions.size());
  std::string bitmap((positions.size() + 7) / 8, '\0');
  bool is_full = true;
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const bool is_there = column.marks()[positions[i]] != Column::kAbsent;
    const std::int64_t before = numbers.empty() ? 0 : numbers.back();
    numbers.push_back(is_there ? column.numbers()[positions[i]] : before);
    is_full = is_full && is_there;
    if (is_there) bitmap[i / 8] = static_cast<char>(bitmap[i / 8] | 1 << (i % 8));
  }
  put_byte(out, is_full ? 0 : 1);
  if (!is_full) out += bitmap;
  if (column.type() == Type::kFloat) {
    if (const auto whole = scale_all(numbers))
      return put_integers(out, whole->first, whole->second);
  }
  put_integers(out, numbers, std::nullopt);
}

void put_codes(std::string& out, const std::vector<std::uint32_t>& codes, std::uint32_t entries) {
  bool is_in_order = true;
  for (std::size_t i = 0; i < codes.size(); ++i) is_in_order = is_in_order && codes[i] == i + 1;
  if (is_in_order) return put_byte(out, kInOrder);
  if (std::ranges::all_of(codes, [&](std::uint32_t code) { return code == codes.front(); })) {
    put_byte(out, kAllEqual);
    return put_varint(out, codes.front());
  }
  const std::size_t width = width_of(entries);
  put_byte(out, width == 1 ? kOneByte : width == 2 ? kTwoBytes : kFourBytes);
  for (const std::uint32_t code : codes) put_width(out, code, width);
}

// Only entries that a row uses are written, numbered anew in the order of their first use.
void put_texts(std::string& out, const Column& column, const Positions& positions) {
  std::vector<std::uint32_t> renamed(column.dictionary().size(), 0);
  std::vector<std::uint32_t> codes;
  std::vector<std::uint32_t> used;
  codes.reserve(positions.size());
  for (const std::uint32_t position : positions) {
    const std::uint32_t code = column.codes()[position];
    if (code != 0 && renamed[code] == 0) {
      used.push_back(code);
      renamed[code] = static_cast<std::uint32_t>(used.size());
    }
    codes.push_back(code == 0 ? 0 : renamed[code]);
  }
  put_varint(out, used.size());
  for (const std::uint32_t code : used) put_varint(out, column.dictionary()[code].size());
  for (const std::uint32_t code : used) out.append(column.dictionary()[code]);
  put_codes(out, codes, static_cast<std::uint32_t>(used.size()));
}

std::uint64_t half(const Uuid& uuid, std::size_t begin) {
  std::uint64_t v = 0;
  for (std::size_t i = 0; i < 8; ++i) v = v << 8 | uuid[begin + i];
  return v;
}

void put_halves(std::string& out, const Column& column, const Positions& positions,
                std::size_t begin) {
  std::uint64_t before = 0;
  for (const std::uint32_t position : positions) {
    if (column.marks()[position] != Column::kPacked) continue;
    const std::uint64_t now = half(column.uuids()[position], begin);
    put_signed(out, static_cast<std::int64_t>(now - before));
    before = now;
  }
}

void put_uuids(std::string& out, const Column& column, const Positions& positions) {
  const bool is_packed = std::ranges::all_of(positions, [&](std::uint32_t position) {
    return column.marks()[position] == Column::kPacked;
  });
  put_byte(out, is_packed ? 0 : 1);
  if (!is_packed) {
    for (const std::uint32_t position : positions) put_byte(out, column.marks()[position]);
  }
  put_halves(out, column, positions, 0);
  put_halves(out, column, positions, 8);
  for (const std::uint32_t position : positions) {
    if (column.marks()[position] == Column::kCode) put_text(out, column.text(position));
  }
}

class Decoder {
 public:
  Decoder(Type type, std::size_t rows, std::string_view content)
      : column_(type), rows_(rows), in_(content) {}

  Result<Column> decode() && {
    if (in_.byte() != static_cast<std::uint8_t>(column_.shape())) {
      return broken("its shape is not the field's");
    }
    switch (column_.shape()) {
      case Shape::kNumber:
        read_numbers();
        break;
      case Shape::kText:
        read_texts();
        break;
      case Shape::kUuid:
        read_uuids();
        break;
    }
    if (!in_.ok() || !in_.at_end()) return broken("its content is not what was written");
    return std::move(column_);
  }

 private:
  void read_numbers() {
    std::string_view bitmap;
    if (in_.byte() == 1) bitmap = in_.take((rows_ + 7) / 8);
    const std::uint8_t how = in_.byte();
    if ((how & kScaled) != 0) {
      scale_ = in_.byte();
      if (scale_ > kMaxScale) return in_.fail();
    }
    const bool is_scaled = (how & kScaled) != 0;
    const auto put = [&](std::size_t row, std::int64_t number) {
      const bool is_there = bitmap.empty() || (bitmap[row / 8] >> (row % 8) & 1) != 0;
      if (!is_there) return column_.append_null();
      if (!is_scaled) return column_.append_number(number);
      const double value = static_cast<double>(number) / kPowers[scale_];
      column_.append_number(std::bit_cast<std::int64_t>(value));
    };
    switch (how & ~kScaled) {
      case kConstant: {
        const std::int64_t number = in_.signed_varint();
        for (std::size_t i = 0; in_.ok() && i < rows_; ++i) put(i, number);
        return;
      }
      case kFromBase:
        return read_from_base(rows_, put);
      case kDifferences: {
        std::int64_t number = in_.signed_varint();
        if (rows_ == 0 || !in_.ok()) return in_.fail();
        put(0, number);
        return read_from_base(rows_ - 1, [&](std::size_t row, std::int64_t step) {
          number = sum(number, static_cast<std::uint64_t>(step));
          put(row + 1, number);
        });
      }
      default:
        in_.fail();
    }
  }

  template <typename Put>
  void read_from_base(std::size_t count, Put put) {
    const std::int64_t base = in_.signed_varint();
    const std::size_t width = in_.byte();
    if (width > 8) return in_.fail();
    const std::string_view bytes = in_.take(count * width);
    if (!in_.ok()) return;
    for (std::size_t i = 0; i < count; ++i) {
      std::uint64_t offset = 0;
      std::memcpy(&offset, bytes.data() + i * width, width);
      put(i, sum(base, offset));
    }
  }

  void read_texts() {
    const std::size_t entries = in_.count();
    std::vector<std::size_t> sizes;
    for (std::size_t i = 0; i < entries && in_.ok(); ++i) sizes.push_back(in_.varint());
    for (const std::size_t size : sizes) column_.add_entry(in_.take(size));
    if (!in_.ok()) return;
    const std::uint8_t how = in_.byte();
    if (how == kInOrder) {
      if (rows_ > entries) return in_.fail();
      for (std::uint32_t i = 0; i < rows_; ++i) column_.append_code(i + 1);
    } else if (how == kAllEqual) {
      const std::uint64_t code = in_.varint();
      if (code > entries) return in_.fail();
      for (std::size_t i = 0; i < rows_; ++i) column_.append_code(static_cast<std::uint32_t>(code));
    } else {
      read_codes(how, entries);
    }
  }

  void read_codes(std::uint8_t how, std::size_t entries) {
    if (how != kOneByte && how != kTwoBytes && how != kFourBytes) return in_.fail();
    const std::size_t width = how == kOneByte ? 1 : how == kTwoBytes ? 2 : 4;
    const std::string_view bytes = in_.take(rows_ * width);
    if (!in_.ok()) return;
    for (std::size_t i = 0; i < rows_; ++i) {
      std::uint32_t code = 0;
      std::memcpy(&code, bytes.data() + i * width, width);
      if (code > entries) return in_.fail();
      column_.append_code(code);
    }
  }

  void read_uuids() {
    std::string_view marks;
    if (in_.byte() == 1) marks = in_.take(rows_);
    const auto mark_of = [&](std::size_t row) -> std::uint8_t {
      if (marks.empty()) return Column::kPacked;
      return static_cast<std::uint8_t>(marks[row]);
    };
    std::vector<std::uint64_t> halves[2];
    for (auto& list : halves) {
      std::uint64_t now = 0;
      for (std::size_t i = 0; i < rows_ && in_.ok(); ++i) {
        if (mark_of(i) == Column::kPacked) {
          list.push_back(now += static_cast<std::uint64_t>(in_.signed_varint()));
        }
      }
    }
    for (std::size_t i = 0, packed = 0; i < rows_ && in_.ok(); ++i) {
      const std::uint8_t mark = mark_of(i);
      if (mark == Column::kAbsent) {
        column_.append_null();
      } else if (mark == Column::kCode) {
        column_.append_text(in_.text());
      } else if (mark == Column::kPacked) {
        column_.append_uuid(joined(halves[0][packed], halves[1][packed]));
        ++packed;
      } else {
        in_.fail();
      }
    }
  }

  static Uuid joined(std::uint64_t high, std::uint64_t low) {
    Uuid uuid{};
    for (std::size_t i = 8; i-- > 0; high >>= 8) uuid[i] = static_cast<std::uint8_t>(high);
    for (std::size_t i = 16; i-- > 8; low >>= 8) uuid[i] = static_cast<std::uint8_t>(low);
    return uuid;
  }

  Column column_;
  std::size_t rows_;
  ByteReader in_;
  std::uint8_t scale_ = 0;
};

}  // namespace

std::string write_column(const Column& column, const Positions& positions) {
  std::string content;
  put_byte(content, static_cast<std::uint8_t>(column.shape()));
  switch (column.shape()) {
    case Shape::kNumber:
      put_numbers(content, column, positions);
      break;
    case Shape::kText:
      put_texts(content, column, positions);
      break;
    case Shape::kUuid:
      put_uuids(content, column, positions);
      break;
  }
  return pack_part(content);
}

Result<Column> read_column(Type type, std::size_t rows, std::string_view bytes) {
  DAYBOOK_ASSIGN(const std::string content, unpack_part(bytes));
  return Decoder(type, rows, content).decode();
}

Column null_column(Type type, std::size_t rows) {
  Column column(type);
  for (std::size_t i = 0; i < rows; ++i) column.append_null();
  return column;
}

}  // namespace daybook::columns
