// UUIDs in a part, after the shape:
//   4 bytes  texts that are no UUIDs
//   byte     1: a mark a row follows: 0 null, 1 UUID, 2 text; else all are UUIDs
//   marks
//   integers (integers.cc) a text: where it ends in the bytes
//   integers a row: the high half of the UUID, big-endian; of a text its number from 0
//   integers a row: the low half; 0 of a text
//   bytes    of the texts, one after the other
//   Rows where there is none count as the UUID before them.
#include <cstring>
#include <vector>

#include "store/columns/bytes.h"
#include "store/columns/encoding.h"
#include "store/columns/integers.h"

namespace daybook::columns {

namespace {

constexpr std::uint64_t kHead = 5;

Error broken(const std::string& what) { return {Code::kInternal, "UUIDs: " + what}; }

std::int64_t half(const Uuid& uuid, std::size_t begin) {
  std::uint64_t v = 0;
  std::memcpy(&v, uuid.data() + begin, sizeof v);
  return static_cast<std::int64_t>(__builtin_bswap64(v));
}

Uuid joined(std::int64_t high, std::int64_t low) {
  const std::uint64_t halves[2] = {__builtin_bswap64(static_cast<std::uint64_t>(high)),
                                   __builtin_bswap64(static_cast<std::uint64_t>(low))};
  Uuid uuid;
  std::memcpy(uuid.data(), halves, sizeof halves);
  return uuid;
}

struct Uuids {
  std::string_view marks;  // empty: all are UUIDs
  std::uint32_t texts = 0;
  Integers ends, high, low;

  std::uint8_t mark(std::size_t row) const {
    return marks.empty() ? std::uint8_t{Column::kPacked} : static_cast<std::uint8_t>(marks[row]);
  }
};

Result<Uuids> read_head(PartContent& content, std::size_t rows) {
  DAYBOOK_ASSIGN(const std::string_view head, content.read(kShapeEnd, kHead));
  std::uint32_t texts = 0;
  std::memcpy(&texts, head.data(), sizeof texts);
  if (texts > rows) return broken("more texts than rows");
  std::string_view marks;
  if (head.back() == 1) {
    DAYBOOK_ASSIGN(marks, content.read(kShapeEnd + kHead, rows));
  }
  DAYBOOK_ASSIGN(Integers ends, Integers::open(content, kShapeEnd + kHead + marks.size(), texts));
  DAYBOOK_ASSIGN(Integers high, Integers::open(content, ends.end(), rows));
  DAYBOOK_ASSIGN(Integers low, Integers::open(content, high.end(), rows));
  return Uuids{marks, texts, ends, high, low};
}

Result<std::string_view> read_text_at(PartContent& content, const Uuids& uuids, std::int64_t text) {
  if (text < 0 || text >= uuids.texts) return broken("there is no such text");
  const auto i = static_cast<std::size_t>(text);
  std::int64_t bounds[2] = {0, 0};
  DAYBOOK_TRY(i == 0 ? uuids.ends.read(0, 1, bounds + 1) : uuids.ends.read(i - 1, 2, bounds));
  if (bounds[0] < 0 || bounds[1] < bounds[0]) return broken("the texts are not in order");
  return content.read(uuids.low.end() + static_cast<std::uint64_t>(bounds[0]),
                      static_cast<std::uint64_t>(bounds[1] - bounds[0]));
}

// What the column keeps for a row that is no UUID.
Result<Uuid> read_other(PartContent& content, const Uuids& uuids, std::size_t row,
                        std::int64_t high, Column& column) {
  if (uuids.mark(row) == Column::kAbsent) return Uuid{};
  DAYBOOK_ASSIGN(const std::string_view text, read_text_at(content, uuids, high));
  return uuid_of_code(column.add_entry(text));
}

}  // namespace

void put_uuids(std::string& out, const Column& column, const Positions& positions) {
  std::string marks;
  std::string bytes;
  std::vector<std::int64_t> ends, high, low;
  bool is_packed = true;
  for (const std::uint32_t position : positions) {
    const std::uint8_t mark = column.marks()[position];
    put_byte(marks, mark);
    is_packed = is_packed && mark == Column::kPacked;
    if (mark == Column::kPacked) {
      high.push_back(half(column.uuids()[position], 0));
      low.push_back(half(column.uuids()[position], 8));
    } else if (mark == Column::kCode) {
      high.push_back(static_cast<std::int64_t>(ends.size()));
      low.push_back(0);
      bytes += column.text(position);
      ends.push_back(static_cast<std::int64_t>(bytes.size()));
    } else {
      high.push_back(high.empty() ? 0 : high.back());
      low.push_back(low.empty() ? 0 : low.back());
    }
  }
  put_fixed(out, static_cast<std::uint32_t>(ends.size()));
  put_byte(out, is_packed ? 0 : 1);
  if (!is_packed) out += marks;
  put_integers(out, ends);
  put_integers(out, high);
  put_integers(out, low);
  out += bytes;
}

Result<void> read_uuids(PartContent& content, std::size_t rows, Column& column) {
  DAYBOOK_ASSIGN(const Uuids uuids, read_head(content, rows));
  for (const char mark : uuids.marks) {
    if (static_cast<std::uint8_t>(mark) > Column::kCode) return broken("unknown mark");
  }
  std::vector<std::int64_t> high, low;
  const auto read = [&](std::size_t begin, Uuid* out, std::size_t n) -> Result<void> {
    high.resize(n);
    low.resize(n);
    DAYBOOK_TRY(uuids.high.read(begin, n, high.data()));
    DAYBOOK_TRY(uuids.low.read(begin, n, low.data()));
    for (std::size_t i = 0; i < n; ++i) out[i] = joined(high[i], low[i]);
    for (std::size_t i = 0; !uuids.marks.empty() && i < n; ++i) {
      if (uuids.mark(begin + i) == Column::kPacked) continue;
      DAYBOOK_ASSIGN(out[i], read_other(content, uuids, begin + i, high[i], column));
    }
    return {};
  };
  DAYBOOK_TRY(column.put_uuids(rows, read));
  return column.put_marks(rows,
                          [&](std::size_t begin, std::uint8_t* out, std::size_t n) -> Result<void> {
                            for (std::size_t i = 0; i < n; ++i) out[i] = uuids.mark(begin + i);
                            return {};
                          });
}

Result<Value> read_uuid(PartContent& content, std::size_t rows, std::size_t row) {
  DAYBOOK_ASSIGN(const Uuids uuids, read_head(content, rows));
  if (uuids.mark(row) == Column::kAbsent) return Value();
  DAYBOOK_ASSIGN(const std::int64_t high, uuids.high.at(row));
  if (uuids.mark(row) == Column::kCode) {
    DAYBOOK_ASSIGN(const std::string_view text, read_text_at(content, uuids, high));
    return Value(text);
  }
  if (uuids.mark(row) != Column::kPacked) return broken("unknown mark");
  DAYBOOK_ASSIGN(const std::int64_t low, uuids.low.at(row));
  return Value(format_uuid(joined(high, low)));
}

Result<std::string> describe_uuids(PartContent& content, std::size_t rows) {
  DAYBOOK_ASSIGN(const Uuids uuids, read_head(content, rows));
  return "UUIDs, halves " + uuids.high.describe() + " and " + uuids.low.describe() + ", " +
         std::to_string(uuids.texts) + " other texts";
}

}  // namespace daybook::columns
