// The terms of a text field, version 1, as the content of a part. What is asked for is found
// through the directory; pages that hold nothing of it are not unpacked:
//   byte     version (1)
//   4 bytes  size of the directory, little-endian
//   the directory:
//     byte     version of the analysis (1)
//     text     language
//     varint   size of the lengths
//     varint   count of chunks, each:
//       its first term: varint bytes shared with the first term before, text of the rest
//       varint   its size
//   the lengths: a varint a row
//   the chunks:
//     varint   count of terms, ascending, each:
//       varint bytes shared with the term before, text of the rest
//       varint count of rows, varint size of its postings
//     the postings of these terms, one behind the other, each a row:
//       varint   steps from the row before (at first: from row -1) - 1, times 2, plus 1 where the
//                term stands there more than once
//       varint   how often - 2, where more than once
#include "store/columns/terms.h"

#include <algorithm>
#include <utility>

#include "store/columns/part.h"
#include "store/columns/terms_format.h"

namespace daybook::columns {

namespace {

// More often than a word can stand in a text.
constexpr std::uint64_t kMaxOften = std::uint64_t{1} << 32;

Error broken(const std::string& what) { return {Code::kInternal, "terms of a block: " + what}; }

// Calls use(row, count) for each posting.
template <typename Use>
Result<void> read_postings(std::string_view bytes, std::size_t count, std::size_t rows, Use use) {
  ByteReader in(bytes);
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t step = in.varint();
    const std::uint64_t row = next + (step >> 1);
    const std::uint64_t often = (step & 1) != 0 ? in.varint() + 2 : 1;
    if (!in.ok() || row >= rows || row < next || often >= kMaxOften) {
      return broken("postings are not what was written");
    }
    use(static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(often));
    next = row + 1;
  }
  if (!in.at_end()) return broken("postings are not what was written");
  return {};
}

}  // namespace

std::uint32_t Occurrences::count_at(std::uint32_t row) const {
  const auto it = std::ranges::lower_bound(rows, row);
  if (it == rows.end() || *it != row) return 0;
  return counts[static_cast<std::size_t>(it - rows.begin())];
}

Result<Terms> Terms::open(std::shared_ptr<PartContent> content, std::size_t rows) {
  DAYBOOK_ASSIGN(const std::string_view bytes, content->read(0, kHeadSize));
  ByteReader head(bytes);
  const std::uint8_t version = head.byte();
  const std::size_t size = head.fixed<std::uint32_t>();
  if (version != kTermsVersion) {
    return broken("version " + std::to_string(version) + " is not known here");
  }
  DAYBOOK_ASSIGN(const std::string_view directory, content->read(kHeadSize, size));
  Terms terms(std::move(content), rows);
  DAYBOOK_TRY(terms.read_directory(directory, kHeadSize + size));
  return terms;
}

Result<void> Terms::read_directory(std::string_view bytes, std::size_t begin_of_rest) {
  ByteReader in(bytes);
  analysis_ = in.byte();
  language_ = in.text();
  lengths_begin_ = begin_of_rest;
  lengths_size_ = in.varint();
  constexpr std::size_t kLeast = 3;
  chunks_.resize(in.count(kLeast));
  FrontCoder coder;
  std::size_t begin = lengths_begin_ + lengths_size_;
  for (Chunk& chunk : chunks_) {
    chunk.first = coder.take(in);
    chunk.begin = begin;
    chunk.size = in.varint();
    begin += chunk.size;
  }
  if (!in.ok() || !in.at_end()) return broken("its directory is not what was written");
  return {};
}

bool Terms::is_of(std::string_view language) const {
  return analysis_ == kAnalysis && language_ == language;
}

std::size_t Terms::chunk_of(std::string_view term) const {
  const auto after = std::ranges::upper_bound(chunks_, term, {}, &Chunk::first);
  return after == chunks_.begin() ? chunks_.size()
                                  : static_cast<std::size_t>(after - chunks_.begin()) - 1;
}

Result<void> Terms::load(std::size_t chunk) {
  if (loaded_ == chunk) return {};
  loaded_ = static_cast<std::size_t>(-1);
  DAYBOOK_ASSIGN(const std::string_view bytes,
                 content_->read(chunks_[chunk].begin, chunks_[chunk].size));
  ByteReader in(bytes);
  constexpr std::size_t kLeast = 4;
  entries_.assign(in.count(kLeast), {});
  FrontCoder coder;
  std::vector<std::uint64_t> sizes(entries_.size());
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    entries_[i].term = coder.take(in);
    entries_[i].rows = in.varint();
    sizes[i] = in.varint();
  }
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    entries_[i].postings = in.take(sizes[i]);
    if (entries_[i].rows > rows_ || entries_[i].rows > sizes[i]) in.fail();
  }
  if (!in.ok() || !in.at_end()) return broken("a chunk is not what was written");
  loaded_ = chunk;
  return {};
}

Result<Occurrences> Terms::find(std::string_view word) {
  Occurrences postings;
  const std::size_t chunk = chunk_of(word);
  if (chunk == chunks_.size()) return postings;
  DAYBOOK_TRY(load(chunk));
  const auto entry = std::ranges::lower_bound(entries_, word, {}, &Entry::term);
  if (entry == entries_.end() || entry->term != word) return postings;
  postings.rows.reserve(entry->rows);
  postings.counts.reserve(entry->rows);
  DAYBOOK_TRY(read_postings(entry->postings, entry->rows, rows_,
                            [&](std::uint32_t row, std::uint32_t often) {
                              postings.rows.push_back(row);
                              postings.counts.push_back(often);
                            }));
  return postings;
}

Result<Occurrences> Terms::find(const TextQuery& leaf) {
  if (leaf.kind == TextQuery::Kind::kWord) return find(leaf.words.front());
  const std::string& prefix = leaf.words.front();
  std::vector<std::uint32_t> counts(rows_);
  const std::size_t first = chunk_of(prefix);
  for (std::size_t chunk = first == chunks_.size() ? 0 : first; chunk < chunks_.size(); ++chunk) {
    if (chunks_[chunk].first > prefix && !chunks_[chunk].first.starts_with(prefix)) break;
    DAYBOOK_TRY(load(chunk));
    for (const Entry& entry : entries_) {
      if (entry.term.starts_with(prefix)) DAYBOOK_TRY(add(entry, counts));
    }
  }
  Occurrences postings;
  if (leaf.words.size() > 1) {
    // The stem does not begin with the prefix (fits()), so no word is counted twice.
    DAYBOOK_ASSIGN(postings, find(leaf.words.back()));
    for (std::size_t i = 0; i < postings.rows.size(); ++i) {
      counts[postings.rows[i]] += postings.counts[i];
    }
    postings = {};
  }
  for (std::uint32_t row = 0; row < rows_; ++row) {
    if (counts[row] == 0) continue;
    postings.rows.push_back(row);
    postings.counts.push_back(counts[row]);
  }
  return postings;
}

Result<void> Terms::add(const Entry& entry, std::vector<std::uint32_t>& counts) const {
  return read_postings(entry.postings, entry.rows, rows_,
                       [&](std::uint32_t row, std::uint32_t often) { counts[row] += often; });
}

Result<std::vector<std::uint32_t>> Terms::lengths() {
  DAYBOOK_ASSIGN(const std::string_view bytes, content_->read(lengths_begin_, lengths_size_));
  ByteReader in(bytes);
  std::vector<std::uint32_t> lengths(rows_);
  for (std::uint32_t& length : lengths) length = static_cast<std::uint32_t>(in.varint());
  if (!in.ok() || !in.at_end()) return broken("lengths are not what was written");
  return lengths;
}

std::size_t Terms::bytes() const {
  return content_->bytes_read() + chunks_.size() * sizeof(Chunk) + entries_.size() * sizeof(Entry);
}

}  // namespace daybook::columns
