#include <algorithm>
#include <numeric>
#include <utility>

#include "base/hash.h"
#include "query/vocabulary.h"
#include "store/columns/part.h"
#include "store/columns/terms.h"
#include "store/columns/terms_format.h"

namespace daybook::columns {

namespace {

// Of a chunk before it is packed. Longer ones pack better, shorter ones are read faster.
constexpr std::size_t kChunkSize = 16 * 1024;

// The texts of a column turned round: from rows with words to words with rows.
class Inversion {
 public:
  Inversion(const Column& column, const Positions& positions, std::string_view language)
      : column_(column), vocabulary_(language), rows_(positions.size()) {
    std::vector<std::uint32_t> text_of_code(column.dictionary().size(), kNoText);
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      if (column.is_null(positions[row])) {
        rows_[row] = kNoText;
      } else if (column.shape() == Shape::kText) {
        std::uint32_t& text = text_of_code[column.codes()[positions[row]]];
        if (text == kNoText) text = add_text(positions[row]);
        rows_[row] = text;
      } else {
        rows_[row] = add_text(positions[row]);
      }
    }
    gather();
  }

  std::size_t terms() const { return begins_.size() - 1; }
  std::string_view term(std::uint32_t number) const { return vocabulary_.word(number); }

  // Numbers of terms in the order of the terms.
  std::vector<std::uint32_t> sorted() const {
    std::vector<std::uint32_t> numbers(terms());
    std::iota(numbers.begin(), numbers.end(), 0u);
    std::ranges::sort(numbers, {}, [&](std::uint32_t number) { return term(number); });
    return numbers;
  }

  // Appends a term's postings; how many rows they are.
  std::size_t put_postings(std::string& out, std::uint32_t number) const {
    std::uint32_t next = 0;
    for (std::size_t i = begins_[number]; i < begins_[number + 1]; ++i) {
      const auto [row, count] = postings_[i];
      put_varint(out, std::uint64_t{row - next} << 1 | (count > 1 ? 1u : 0u));
      if (count > 1) put_varint(out, count - 2);
      next = row + 1;
    }
    return begins_[number + 1] - begins_[number];
  }

  void put_lengths(std::string& out) const {
    for (const std::uint32_t text : rows_)
      put_varint(out, text == kNoText ? 0 : texts_[text].words);
  }

 private:
  static constexpr std::uint32_t kNoText = static_cast<std::uint32_t>(-1);
  struct Text {
    std::size_t begin, end;  // of its terms
    std::uint32_t words;
  };
  struct Term {
    std::uint32_t number, count;
  };
  struct Posting {
    std::uint32_t row, count;
  };

  const std::vector<Word>& words_at(std::size_t position) {
    if (column_.type() != Type::kText) return vocabulary_.look(column_.value(position));
    return vocabulary_.cut(column_.dictionary()[column_.codes()[position]]);
  }

  std::uint32_t add_text(std::size_t position) {
    const std::vector<Word>& words = words_at(position);
    const std::size_t begin = terms_.size();
    last_term_.resize(vocabulary_.size(), 0);
    for (const Word& word : words) {
      std::size_t& last = last_term_[word.number];  // its place in terms_ + 1
      if (last > begin) {
        ++terms_[last - 1].count;
        continue;
      }
      terms_.push_back({word.number, 1});
      last = terms_.size();
    }
    texts_.push_back({begin, terms_.size(), static_cast<std::uint32_t>(words.size())});
    return static_cast<std::uint32_t>(texts_.size() - 1);
  }

  template <typename Use>
  void for_each_term(Use use) const {
    for (std::uint32_t row = 0; row < rows_.size(); ++row) {
      if (rows_[row] == kNoText) continue;
      const Text& text = texts_[rows_[row]];
      for (std::size_t i = text.begin; i < text.end; ++i) use(row, terms_[i]);
    }
  }

  void gather() {
    begins_.assign(vocabulary_.size() + 1, 0);
    for_each_term([&](std::uint32_t, const Term& term) { ++begins_[term.number + 1]; });
    std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
    postings_.resize(begins_.back());
    std::vector<std::size_t> next(begins_.begin(), begins_.end() - 1);
    for_each_term([&](std::uint32_t row, const Term& term) {
      postings_[next[term.number]++] = {row, term.count};
    });
  }

  const Column& column_;
  Vocabulary vocabulary_;
  std::vector<std::uint32_t> rows_;  // the text of each
  std::vector<Text> texts_;
  std::vector<Term> terms_;  // of one text behind those of the other
  std::vector<std::size_t> last_term_;
  std::vector<std::size_t> begins_;  // in postings_, by term
  std::vector<Posting> postings_;
};

// Puts terms in their order into chunks.
class ChunkWriter {
 public:
  void add(std::string_view term, const Inversion& inversion, std::uint32_t number) {
    if (terms_ == 0) first_ = term;
    const std::size_t before = postings_.size();
    const std::size_t rows = inversion.put_postings(postings_, number);
    coder_.put(heads_, term);
    put_varint(heads_, rows);
    put_varint(heads_, postings_.size() - before);
    ++terms_;
    if (heads_.size() + postings_.size() >= kChunkSize) flush();
  }

  void flush() {
    if (terms_ == 0) return;
    const std::size_t begin = chunks.size();
    put_varint(chunks, terms_);
    chunks += heads_;
    chunks += postings_;
    directory_coder_.put(directory, first_);
    put_varint(directory, chunks.size() - begin);
    ++count;
    heads_.clear();
    postings_.clear();
    coder_ = {};
    terms_ = 0;
  }

  std::string directory;
  std::string chunks;
  std::size_t count = 0;

 private:
  FrontCoder directory_coder_;
  FrontCoder coder_;
  std::string first_;
  std::string heads_;
  std::string postings_;
  std::size_t terms_ = 0;
};

}  // namespace

std::string write_terms(const Column& column, const Positions& positions,
                        std::string_view language) {
  const Inversion inversion(column, positions, language);
  ChunkWriter chunks;
  for (const std::uint32_t number : inversion.sorted()) {
    chunks.add(inversion.term(number), inversion, number);
  }
  chunks.flush();
  std::string lengths;
  inversion.put_lengths(lengths);

  std::string directory;
  put_byte(directory, kAnalysis);
  put_text(directory, language);
  put_varint(directory, lengths.size());
  put_varint(directory, chunks.count);
  directory += chunks.directory;

  std::string out;
  put_byte(out, kTermsVersion);
  put_fixed(out, static_cast<std::uint32_t>(directory.size()));
  out += directory;
  out += lengths;
  out += chunks.chunks;
  return pack_part(out);
}

}  // namespace daybook::columns
