// Terms: which rows of a block hold which word of a text field, and how often: the part of a block
// that a text search looks into instead of the texts. Words are those of query/vocabulary. Pure;
// any thread. Bytes that are no terms are refused, never believed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "query/search.h"
#include "store/columns/block_reader.h"
#include "store/columns/column.h"
#include "store/columns/part.h"

namespace daybook::columns {

// The part for the values of a column at `positions`, analysed in this language.
std::string write_terms(const Column& column, const Positions& positions,
                        std::string_view language);

// Rows in ascending order, each with how often.
struct Occurrences {
  Positions rows;
  std::vector<std::uint32_t> counts;

  // 0 for a row that is not there.
  std::uint32_t count_at(std::uint32_t row) const;
  std::size_t bytes() const { return rows.size() * 2 * sizeof(std::uint32_t); }
};

// Reads its directory when it is opened, and of the rest only what is asked for.
class Terms {
 public:
  // Of a block of `rows` rows.
  static Result<Terms> open(std::shared_ptr<PartContent> content, std::size_t rows);

  // Whether words are in it as this language makes them, by the analyser as it is today.
  bool is_of(std::string_view language) const;
  // Where a kWord or kPrefix stands.
  Result<Occurrences> find(const TextQuery& leaf);
  // Where one word stands.
  Result<Occurrences> find(std::string_view word);
  // How many words each row has.
  Result<std::vector<std::uint32_t>> lengths();
  // Roughly, of memory: of what was read so far.
  std::size_t bytes() const;

 private:
  struct Chunk {
    std::string first;  // term
    std::size_t begin = 0, size = 0;
  };
  struct Entry {
    std::string term;
    std::string_view postings;  // in the content
    std::size_t rows = 0;
  };

  Terms(std::shared_ptr<PartContent> content, std::size_t rows)
      : content_(std::move(content)), rows_(rows) {}
  Result<void> read_directory(std::string_view bytes, std::size_t begin_of_rest);
  // The last chunk that may begin at or before the term; chunks_.size() when none does.
  std::size_t chunk_of(std::string_view term) const;
  Result<void> load(std::size_t chunk);
  Result<void> add(const Entry& entry, std::vector<std::uint32_t>& counts) const;

  std::shared_ptr<PartContent> content_;
  std::size_t rows_;
  std::string language_;
  std::uint8_t analysis_ = 0;
  std::size_t lengths_begin_ = 0, lengths_size_ = 0;
  std::vector<Chunk> chunks_;
  // The chunk that was loaded last.
  std::size_t loaded_ = static_cast<std::size_t>(-1);
  std::vector<Entry> entries_;
};

}  // namespace daybook::columns
