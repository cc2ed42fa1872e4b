// Texts in a part, after the shape:
//   4 bytes  entries of the dictionary
//   integers (integers.cc) an entry: where it ends in the bytes
//   integers a row: its entry, counted from 1; 0 where there is none
//   bytes    of the entries, one after the other
#include <cstring>
#include <vector>

#include "store/columns/bytes.h"
#include "store/columns/encoding.h"
#include "store/columns/integers.h"

namespace daybook::columns {

namespace {

Error broken(const std::string& what) { return {Code::kInternal, "texts: " + what}; }

struct Texts {
  Integers ends;
  Integers codes;
  std::uint32_t entries = 0;
};

Result<Texts> read_head(PartContent& content, std::size_t rows) {
  DAYBOOK_ASSIGN(const std::string_view count, content.read(kShapeEnd, sizeof(std::uint32_t)));
  std::uint32_t entries = 0;
  std::memcpy(&entries, count.data(), sizeof entries);
  if (entries > rows) return broken("more entries than rows");
  const std::uint64_t begin = kShapeEnd + sizeof entries;
  DAYBOOK_ASSIGN(Integers ends, Integers::open(content, begin, entries));
  DAYBOOK_ASSIGN(Integers codes, Integers::open(content, ends.end(), rows));
  return Texts{ends, codes, entries};
}

// The bytes of the entry with this code, which is not 0.
Result<std::string_view> read_entry(PartContent& content, const Texts& texts, std::uint64_t code) {
  if (code > texts.entries) return broken("there is no such entry");
  std::int64_t bounds[2] = {0, 0};
  if (code == 1) {
    DAYBOOK_TRY(texts.ends.read(0, 1, bounds + 1));
  } else {
    DAYBOOK_TRY(texts.ends.read(code - 2, 2, bounds));
  }
  if (bounds[0] < 0 || bounds[1] < bounds[0]) return broken("the entries are not in order");
  return content.read(texts.codes.end() + static_cast<std::uint64_t>(bounds[0]),
                      static_cast<std::uint64_t>(bounds[1] - bounds[0]));
}

Result<void> read_entries(PartContent& content, const Texts& texts, Column& column) {
  std::vector<std::int64_t> ends(texts.entries);
  DAYBOOK_TRY(texts.ends.read(0, ends.size(), ends.data()));
  const std::uint64_t size = content.size() - texts.codes.end();
  if (static_cast<std::uint64_t>(ends.empty() ? 0 : ends.back()) != size) {
    return broken("their size is not what was written");
  }
  DAYBOOK_ASSIGN(const std::string_view bytes, content.read(texts.codes.end(), size));
  column.limit_entries_to(ends.size());
  std::int64_t begin = 0;
  for (const std::int64_t end : ends) {
    if (end < begin || static_cast<std::uint64_t>(end) > size) {
      return broken("the entries are not in order");
    }
    column.add_entry(
        bytes.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)));
    begin = end;
  }
  return {};
}

}  // namespace

// Only entries that a row uses are written, numbered anew in the order of their first use.
void put_texts(std::string& out, const Column& column, const Positions& positions) {
  std::vector<std::uint32_t> renamed(column.dictionary().size(), 0);
  std::vector<std::int64_t> codes;
  std::vector<std::int64_t> ends;
  std::string bytes;
  codes.reserve(positions.size());
  for (const std::uint32_t position : positions) {
    const std::uint32_t code = column.codes()[position];
    if (code != 0 && renamed[code] == 0) {
      bytes += column.dictionary()[code];
      ends.push_back(static_cast<std::int64_t>(bytes.size()));
      renamed[code] = static_cast<std::uint32_t>(ends.size());
    }
    codes.push_back(code == 0 ? 0 : renamed[code]);
  }
  put_fixed(out, static_cast<std::uint32_t>(ends.size()));
  put_integers(out, ends);
  put_integers(out, codes);
  out += bytes;
}

Result<void> read_texts(PartContent& content, std::size_t rows, Column& column) {
  DAYBOOK_ASSIGN(const Texts texts, read_head(content, rows));
  DAYBOOK_TRY(read_entries(content, texts, column));
  std::vector<std::int64_t> codes;
  return column.put_codes(
      rows, [&](std::size_t begin, std::uint32_t* out, std::size_t n) -> Result<void> {
        codes.resize(n);
        DAYBOOK_TRY(texts.codes.read(begin, n, codes.data()));
        bool is_known = true;
        for (std::size_t i = 0; i < n; ++i) {
          is_known = is_known && static_cast<std::uint64_t>(codes[i]) <= texts.entries;
          out[i] = static_cast<std::uint32_t>(codes[i]);
        }
        return is_known ? Result<void>() : broken("there is no such entry");
      });
}

Result<Value> read_text(PartContent& content, Type type, std::size_t rows, std::size_t row) {
  DAYBOOK_ASSIGN(const Texts texts, read_head(content, rows));
  DAYBOOK_ASSIGN(const std::int64_t code, texts.codes.at(row));
  if (code == 0) return Value();
  DAYBOOK_ASSIGN(const std::string_view entry,
                 read_entry(content, texts, static_cast<std::uint64_t>(code)));
  return text_value(type, entry);
}

Result<std::string> describe_texts(PartContent& content, std::size_t rows) {
  DAYBOOK_ASSIGN(const Texts texts, read_head(content, rows));
  return "texts, " + std::to_string(texts.entries) + " different, codes " + texts.codes.describe();
}

}  // namespace daybook::columns
