// Posting lists: at which positions of a block each value of an indexed field stands; of a list
// each element, of a map each key. Values are told apart by hashes, so what is found holds all rows
// that match and perhaps some that do not: whoever asks holds each row against the filter. Finding
// one value reads a few pages of the part.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "catalog/value.h"
#include "query/filter.h"
#include "store/columns/block_reader.h"
#include "store/columns/integers.h"
#include "store/columns/part.h"

namespace daybook::columns {

// The positions of the rows that can match, ascending, as the posting lists know them of the
// filter's top-level conjunction: its equalities, `in` and `has`. None: no row of the block
// matches. Empty: the lists do not tell. For open blocks they never do.
Result<std::optional<Positions>> candidates(const Filter& filter, BlockReader& block);

// The part for a column's values at `positions`; the lists count rows in that order.
std::string write_postings(const Column& column, const Positions& positions);

// The hash under which a value of a field (an element, a key) is listed. Empty for null and for
// what no value of the type equals.
std::optional<std::uint64_t> posted_hash(Type type, const Value& value);

class Postings {
 public:
  // Of a block of `rows` rows; the content outlives it.
  static Result<Postings> open(PartContent& content, std::size_t rows);

  // How many positions find() looks at.
  Result<std::size_t> count(std::uint64_t hash) const;
  // Appends the positions listed under the hash, and some more.
  Result<void> find(std::uint64_t hash, Positions& positions) const;

 private:
  struct Span {
    std::size_t begin, end;
  };
  Postings(PartContent& content, std::size_t rows, unsigned bits, Integers ends, Integers positions)
      : content_(&content), rows_(rows), bits_(bits), ends_(ends), positions_(positions) {}
  Result<Span> bucket(std::uint64_t hash) const;

  PartContent* content_;
  std::size_t rows_;
  unsigned bits_;
  std::size_t count_ = 0;
  std::uint64_t marks_ = 0;  // where they begin
  Integers ends_;
  Integers positions_;
};

}  // namespace daybook::columns
